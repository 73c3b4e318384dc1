/// Something that was left out or repaired on the way to an event that is sent all the same.
public struct EventWarning: Hashable, Sendable {
    /// The upstream field that it is about, as `user_data.em`.
    public var field: String
    public var kind: WarningKind

    public init(_ field: StaticString, _ kind: WarningKind) {
        self.field = field.description
        self.kind = kind
    }
}

/// The closed list of warnings; the raw value is the stable label in metrics, `explain` and the documentation.
public enum WarningKind: String, CaseIterable, Sendable {
    case unusable
    case notPositive = "not_positive"
    case notAnEmail = "not_an_email"
    case weakHash = "weak_hash"
    case foreignPhoneHash = "foreign_phone_hash"
    case phoneNotParsed = "phone_not_parsed"
    case unknownCode = "unknown_code"
    case impossibleDate = "impossible_date"
    case placeholder
    case addressNotPublic = "address_not_public"
    case urlScrubbed = "url_scrubbed"
    case ldpWithoutPlace = "ldp_without_place"
    case tooLong = "too_long"
    case personalText = "personal_text"
    case timeAdjusted = "time_adjusted"
    case nonStandardName = "non_standard_name"
    case unknownKey = "unknown_key"
    case notAnApp = "not_an_app"

    /// One sentence for people.
    public var text: String {
        switch self {
        case .unusable: "the value cannot be used and was left out; another source counts where it has one"
        case .notPositive: "zero or below: left out"
        case .notAnEmail: "not an e-mail address: left out"
        case .weakHash: "an MD5 or SHA-1 hash: left out, the upstream takes SHA-256 only"
        case .foreignPhoneHash: "a phone hash over a number with '+': it can never match and was left out"
        case .phoneNotParsed: "not parsed as a phone number: its digits were taken as they are"
        case .unknownCode: "no table knows this code or name: left out"
        case .impossibleDate: "no such date, or an ambiguous one: left out"
        case .placeholder: "a placeholder such as 'null' or 'guest': left out"
        case .addressNotPublic: "not a public address: left out"
        case .urlScrubbed: "personal parameters were taken out of the URL"
        case .ldpWithoutPlace: "limited data processing takes effect only with both state and country"
        case .tooLong: "longer than the upstream takes: left out"
        case .personalText: "it holds an e-mail address: an id was hashed, any other text left out"
        case .timeAdjusted: "the time was moved to the time of receipt"
        case .nonStandardName: "none of the standard event names: it must be defined in the ad account to be counted"
        case .unknownKey: "it holds a key that the relay does not know: that key was left out"
        case .notAnApp: "app and device fields leave with app events only: left out"
        }
    }
}
