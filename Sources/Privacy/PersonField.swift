/// The hashed fields of the upstream's `user_data`, by their wire names.
enum PersonField {
    case em, ph, fn, ln, ge, db, ct, st, zp, country, externalID, maids

    /// What warnings call it.
    var path: StaticString {
        switch self {
        case .em: "user_data.em"
        case .ph: "user_data.ph"
        case .fn: "user_data.fn"
        case .ln: "user_data.ln"
        case .ge: "user_data.ge"
        case .db: "user_data.db"
        case .ct: "user_data.ct"
        case .st: "user_data.st"
        case .zp: "user_data.zp"
        case .country: "user_data.country"
        case .externalID: "user_data.external_id"
        case .maids: "user_data.hashed_maids"
        }
    }
}
