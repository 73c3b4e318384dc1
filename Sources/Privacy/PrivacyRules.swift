/// What the operator decides about personal data, for one source. All defaults are those of `mapping.md`.
public struct PrivacyRules: Sendable {
    /// What a consent signal decides (`mapping.md` 5).
    public enum ConsentPolicy: String, CaseIterable, Sendable {
        /// Denied or unsaid: refused.
        case require
        /// Denied: refused. Unsaid: sent.
        case respect
        /// Sent whatever the signal says.
        case ignore
    }

    /// What becomes of an event whose consent is refused.
    public enum DenialAction: String, CaseIterable, Sendable {
        /// It is not sent.
        case drop
        /// It is sent with `opt_out: true` and, of the person, the address and user agent only.
        case optOut = "opt_out"
    }

    /// Whether an id is lower-cased before it is hashed. Both senders of an advertiser must do alike.
    public enum LetterCase: String, CaseIterable, Sendable {
        case lower, keep
    }

    /// How `04/05/1990` is read; without a choice such dates are left out.
    public enum DayMonthOrder: String, CaseIterable, Sendable {
        case dayFirst = "day_first"
        case monthFirst = "month_first"
    }

    public var consent = ConsentPolicy.respect
    public var onDenial = DenialAction.drop
    /// Whether a denied `ad_personalization` alone is a denial.
    public var personalizationDenialCounts = false
    /// Whether `Sec-GPC: 1` is an opt-out: the event is sent as ``DenialAction/optOut`` says, whatever the policy.
    public var honoursGlobalPrivacyControl = false
    public var externalIDCase = LetterCase.lower
    public var maidsCase = LetterCase.lower
    /// US states whose residents get `opt_out_type: LDP`.
    public var ldpStates: Set<StateCode> = []
    /// Where a phone number without international prefix is read when the event names no country.
    public var defaultRegion: CountryCode?
    public var dayMonthOrder: DayMonthOrder?
    /// Query parameters that are taken out of URLs, key and value, in any case (`mapping.md` 9.12).
    public var scrubbedKeys = Self.defaultScrubbedKeys
    /// Whether events of known crawlers are refused.
    public var dropsBots = true
    public var limits = Limits()

    public init() {}

    /// Bounds on what one event may make the stage do. What is over a limit is left out with a warning.
    public struct Limits: Sendable {
        /// Bytes of one person value, before and after it is normalised; at least 64, so that a hash fits.
        public var valueByteCount = 1024
        /// Values of one person field; at least 1.
        public var valuesPerField = 20
        /// Bytes of the user agent. The upstream names no limit; browsers stay far below.
        public var userAgentByteCount = 4096

        public init() {}
    }

    public static let defaultScrubbedKeys = [
        "email", "e-mail", "mail", "em", "phone", "tel", "name", "first_name", "last_name", "fname", "lname",
        "address", "token", "access_token", "id_token", "auth", "key", "api_key", "secret", "password", "pass", "pwd",
        "code", "otp", "session", "sid", "signature", "sig",
    ]
}
