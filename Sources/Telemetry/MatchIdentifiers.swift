/// What the upstream can match an event's person by: the fields of `user_data` that count for that, as a small set.
public struct MatchIdentifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let email = MatchIdentifiers(rawValue: 1)
    public static let phone = MatchIdentifiers(rawValue: 2)
    public static let externalID = MatchIdentifiers(rawValue: 4)
    public static let clickID = MatchIdentifiers(rawValue: 8)
    public static let advertisingID = MatchIdentifiers(rawValue: 16)
    /// Both: neither alone matches anybody.
    public static let addressAndUserAgent = MatchIdentifiers(rawValue: 32)

    /// How many sets there are.
    static let setCount = 64
    /// The members' names on the page, by their bits.
    static let labels = ["em", "ph", "external_id", "click_id", "maids", "client_ip_address_and_user_agent"]

    /// The members' names.
    public var names: [String] { Self.labels.indices.filter { rawValue & 1 << $0 != 0 }.map { Self.labels[$0] } }
}
