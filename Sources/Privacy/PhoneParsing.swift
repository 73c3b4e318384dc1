/// Reads phone numbers; the wrapper around the numbering-plan library conforms, and ``DigitsPhoneParser`` without one.
public protocol PhoneParsing {
    /// - Parameters:
    ///   - number: UTF-8, trimmed and lower-cased, not blank.
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

/// Reads numbers that already are international digits: `+` or `00`, then 7 to 15 digits with plain separators.
///
/// It knows no numbering plan. A number without international prefix, with an extension, or with a marked trunk zero
/// (`(0)`) is ``PhoneReading/unread``; the stage then takes the digits as they stand, with a warning.
public struct DigitsPhoneParser: PhoneParsing, Sendable {
    /// Lengths that E.164 allows, and the shortest in use with a country code.
    private static let digitCounts = 7...15

    public init() {}

    public func read(_ number: Span<UInt8>, region: CountryCode?, into digits: inout [UInt8]) -> PhoneReading {
        guard let start = Self.startOfCountryCode(number) else { return .unread }
        for index in start..<number.count {
            let byte = number[index]
            if ASCII.isDigit(byte) {
                digits.append(byte)
            } else if !Self.isSeparator(byte) || Self.opensTrunkZero(number, at: index) {
                return .unread
            }
        }
        guard Self.digitCounts.contains(digits.count), digits.first != UInt8(ascii: "0") else { return .unread }
        return .international
    }

    /// Behind `+` or `00`; nil without either.
    private static func startOfCountryCode(_ number: Span<UInt8>) -> Int? {
        guard number.count > 2 else { return nil }
        if number[0] == UInt8(ascii: "+") { return 1 }
        return number[0] == UInt8(ascii: "0") && number[1] == UInt8(ascii: "0") ? 2 : nil
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("),
            UInt8(ascii: ")"):
            true
        default: false
        }
    }

    /// `(0` marks digits that are dialled at home only, in most countries but not in all.
    private static func opensTrunkZero(_ number: Span<UInt8>, at index: Int) -> Bool {
        number[index] == UInt8(ascii: "(") && index + 1 < number.count && number[index + 1] == UInt8(ascii: "0")
    }
}
