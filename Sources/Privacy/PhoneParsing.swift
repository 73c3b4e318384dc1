/// Reads phone numbers; the wrapper around the numbering plans conforms.
public protocol PhoneParsing {
    /// - Parameters:
    ///   - number: UTF-8, trimmed and lower-cased, not blank; its decimal digits are ASCII.
    ///   - region: where a number without `+` or `00` is read; nil when neither event nor configuration says.
    ///   - digits: empty; receives the whole international number as ASCII digits, country code first.
    func read(_ number: Span<UInt8>, region: CountryCode?, into digits: inout [UInt8]) -> PhoneReading
}

/// What became of a phone number.
public enum PhoneReading: Hashable, Sendable {
    /// The digits are the number.
    case international
    /// The digits are what the number parses to, but no such number is possible: it is sent with a warning.
    case impossible
    /// Not a phone number that the parser knows; the digits are of no use.
    case unread
}
