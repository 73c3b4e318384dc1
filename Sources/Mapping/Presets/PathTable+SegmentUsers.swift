// Where the fields of persons are looked for that stand as a list or object on a Segment event.
extension PathTable {
    /// A person, or a list of persons, under `user_data` on an event, by the upstream's names, those of its tag manager
    /// template, or Segment's own (`mapping.md` 3, 6).
    static let segmentUsers: [Row] = [
        (.users, ["properties.user_data", "user_data"]),
        (.userEM, user("em", "email", "email_address", "sha256_email_address")),
        (.userPH, user("ph", "phone", "phone_number")),
        (.userFN, user("fn", "first_name", "firstName")),
        (.userLN, user("ln", "last_name", "lastName")),
        (.userGE, user("ge", "gender")),
        (.userDB, user("db", "date_of_birth", "birthday")),
        (.userCT, user("ct", "city")),
        (.userST, user("st", "state", "region")),
        (.userZP, user("zp", "postal_code", "postalCode", "zip")),
        (.userCountry, user("country")),
        (.userExternalID, user("external_id", "userId")),
        (.userMAIDs, user("hashed_maids")),
        (.userAddresses, user("address")),
    ]

    private static func user(_ names: String...) -> [String] { names.map { "properties.user_data[].\($0)" } }
}
