/// What a rule of `mapping.md` did to a value: a stable label, a sentence, and the section that says so.
public struct ExplainedRule: Sendable, Equatable {
    public var label: String
    public var text: String
    /// The section of `mapping.md`, as `9.10`.
    public var section: String

    init(_ label: String, _ text: String, _ section: String) {
        (self.label, self.text, self.section) = (label, text, section)
    }

    static let trimmed = Self("trimmed", "white space around it removed", "6")
    static let lowerCased = Self("lower_cased", "lower-cased by Unicode rules", "6")
    static let composed = Self("composed", "brought to Unicode NFC", "6")
    static let hashed = Self("hashed", "SHA-256", "6")
    static let givenHash = Self("given_hash", "64 hex digits: passed on as the hash that they are", "6")
    static let zipPlusFour = Self("zip_plus_four", "ZIP+4: nine digits, and the first five as a second value", "6")
    static let bothSpellings = Self("both_spellings", "limited data processing: the capitals as a second value", "5")
    static let idHashed = Self("id_hashed", "an id that holds an e-mail address leaves as its hash", "5")
    static let optedOut = Self("opted_out", "opt_out: of the person, address and user agent only", "9.7")
    static let optOutPolicy = Self("opt_out_policy", "set by consent, privacy control or the sender", "5")
    static let itself = Self("pinterest_shaped", "already in the upstream's terms", "3")

    /// What the rule of a person field makes of a value beyond trimming and lower case.
    /// - Parameters:
    ///   - region: where a phone number without country is read; nil where that is not known.
    ///   - isParsed: false for a phone number that no parser could read.
    static func person(_ field: String, given: String, region: String?, isParsed: Bool) -> ExplainedRule? {
        switch field {
        case "user_data.ph" where !isParsed: return Self("phone_digits", "its digits, without leading zeros", "6")
        case "user_data.ph":
            let digits = given.drop { !$0.isNumber && $0 != "+" }
            let isInternational = digits.hasPrefix("+") || digits.hasPrefix("00")
            guard !isInternational, let region else {
                return Self("phone", "read as an international phone number: its digits", "6")
            }
            return Self("phone_of_region", "read as a phone number of \(region): international digits", "9.10")
        case "user_data.ct": return Self("city", "spaces, punctuation and symbols removed", "9.10")
        case "user_data.st": return Self("state_code", "the code of ISO 3166-2 without its country", "9.10")
        case "user_data.zp":
            return Self("postal_code", "compact: digits, and letters where the country has them", "9.10")
        case "user_data.country": return Self("country_code", "the code of ISO 3166-1, two letters", "6")
        case "user_data.ge": return Self("gender", "f, m or n", "6")
        case "user_data.db": return Self("birth_date", "YYYYMMDD", "9.11")
        default: return nil
        }
    }

    /// What makes a value that stood at a path into what leaves in clear.
    static func plain(_ field: String, given: String, sent: String) -> ExplainedRule? {
        if given == sent { return nil }
        if given.trimmed == sent { return .trimmed }
        switch lastKey(of: field) {
        case "event_time": return Self("unix_seconds", "whole seconds since 1970", "4.2")
        case "action_source": return Self("inferred", "inferred from the device or library", "4.3")
        case "event_source_url": return Self("url_scrubbed", "personal parts taken out of the URL", "9.12")
        case "language": return Self("language", "the two letters of its primary subtag", "9.5")
        case "currency": return Self("currency", "upper-cased", "7")
        case "client_ip_address": return Self("address", "unwrapped from IPv6", "9.9")
        case "value", "item_price", "predicted_ltv": return Self("decimal_text", "decimal text without exponent", "3")
        case "quantity", "num_items": return Self("whole_number", "a whole number", "3")
        case "opt_out", "wifi": return Self("flag", "true or false", "3")
        case "opt_out_type": return Self("ldp", "only LDP is passed on", "5")
        case "app_info", "device_info": return Self("known_keys", "keys that the upstream knows", "9.3")
        default: return nil
        }
    }

    /// A rule that the mapping names in its own words.
    static func derived(_ field: String, _ text: String) -> ExplainedRule {
        Self("derived", text, section(of: field))
    }

    /// Where `mapping.md` says how a field is derived.
    private static func section(of field: String) -> String {
        switch lastKey(of: field) {
        case "event_id": "4.1"
        case "event_time": "4.2"
        case "action_source": "4.3"
        case "click_id": "9.8"
        case "value": "4.5"
        case "client_ip_address", "client_user_agent": "9.6"
        case "content_ids", "num_items", "contents", "content_name", "content_category", "content_brand": "9.4"
        default: "3"
        }
    }

    private static func lastKey(of field: String) -> Substring {
        field.lastIndex(of: ".").map { field[field.index(after: $0)...] } ?? field[...]
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
