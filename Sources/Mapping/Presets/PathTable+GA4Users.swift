// Where the fields of persons are looked for when `user_data` of a GA4 event is a list of them.
extension PathTable {
    /// The same names as under a single `user_data` (`PathTable+GA4.swift`), in the same order.
    static let ga4Users: [Row] = [
        (.users, ["user_data"]),
        (.userEM, user("email_address", "email", "sha256_email_address", "em")),
        (.userPH, user("phone_number", "ph")),
        (.userForeignPhoneHash, user("sha256_phone_number", "pn")),
        (.userFN, user("first_name", "fn", "sha256_first_name")),
        (.userLN, user("last_name", "ln", "sha256_last_name")),
        (.userGE, user("gender", "ge")),
        (.userDB, user("date_of_birth", "db")),
        (.userCT, user("ct", "city")),
        (.userST, user("st", "region")),
        (.userZP, user("zp", "postal_code")),
        (.userCountry, user("country")),
        (.userExternalID, user("external_id")),
        (.userMAIDs, user("hashed_maids")),
        (.userAddresses, user("address")),
    ]

    private static func user(_ names: String...) -> [String] { names.map { "user_data[].\($0)" } }
}
