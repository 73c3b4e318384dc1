// The wrapper around libphonenumber: the only module that touches it. It turns a text into the digits of a number and
// knows nothing of events.
//
// Invariants: no text outlives the call, on either side; nothing that a text holds makes it fail otherwise than as
// unread; every thread may use its own copy at any time.

import CPhoneNumber
public import Privacy

/// Reads phone numbers by the numbering plans of the world (`mapping.md` 6 and 9.10).
public struct PhoneNumberParser: PhoneParsing, Sendable {
    /// Longer texts are unread. libphonenumber bounds nothing, and its time grows with the square: a text of this
    /// length costs a tenth of a millisecond at worst, one of a kilobyte ten.
    static let longestText = 64

    private let codes = CallingCodes()

    /// Loads the numbering plans (4 ms, 2.3 MB) when they are not, so that no event waits for them.
    public init() { relay_phone_load() }

    public func read(_ number: Span<UInt8>, region: CountryCode?, into digits: inout [UInt8]) -> PhoneReading {
        if readPlain(number, into: &digits) { return .international }
        digits.removeAll(keepingCapacity: true)
        guard number.count <= Self.longestText else { return .unread }
        let text = number.extracting(0..<number.endOfPhone)
        guard let start = text.startOfPhone else { return .unread }
        if text[start] == UInt8(ascii: "+") { return parse(text, in: nil, asksValid: false, into: &digits).reading }
        if text.startsWithZeros(at: start) {
            return parse(text.plus(from: start + 2).span, in: nil, asksValid: false, into: &digits).reading
        }
        return readNational(text, start, region, into: &digits)
    }

    /// Takes a number that is digits and separators behind `+` or `00`, when libphonenumber would not change it.
    private func readPlain(_ number: Span<UInt8>, into digits: inout [UInt8]) -> Bool {
        guard number.count > 2 else { return false }
        let isPlus = number[0] == UInt8(ascii: "+")
        guard isPlus || number.startsWithZeros(at: 0) else { return false }
        for index in (isPlus ? 1 : 2)..<number.count {
            if number[index].isDigit {
                digits.append(number[index])
            } else if !number[index].isSeparator {
                return false
            }
        }
        return codes.takesAsItStands(digits.span)
    }

    /// In the region first; where that gives no valid number and `+` in front does, as international.
    private func readNational(
        _ text: Span<UInt8>, _ start: Int, _ region: CountryCode?, into digits: inout [UInt8]
    ) -> PhoneReading {
        var home = RELAY_PHONE_UNREAD
        if let region { home = parse(text, in: region, asksValid: true, into: &digits) }
        // No country code starts with a zero.
        guard home != RELAY_PHONE_VALID, text[start] != UInt8(ascii: "0") else { return home.reading }
        var abroadDigits: [UInt8] = []
        let abroad = parse(text.plus(from: start).span, in: nil, asksValid: true, into: &abroadDigits)
        guard abroad == RELAY_PHONE_VALID else { return home.reading }
        digits = abroadDigits
        return .international
    }

    private func parse(
        _ text: Span<UInt8>, in region: CountryCode?, asksValid: Bool, into digits: inout [UInt8]
    ) -> relay_phone_grade {
        let place = region?.alpha2
        var count = 0
        digits.removeAll(keepingCapacity: true)
        digits.append(contentsOf: repeatElement(0, count: Int(RELAY_PHONE_DIGITS)))
        // C copies the text, writes into the digits, and keeps neither.
        let grade = unsafe text.withUnsafeBufferPointer { bytes in
            unsafe relay_phone_parse(bytes.baseAddress, bytes.count, place, asksValid ? 1 : 0, &digits, &count)
        }
        digits.removeLast(digits.count - min(count, digits.count))
        return grade
    }
}

extension relay_phone_grade {
    fileprivate var reading: PhoneReading {
        switch self {
        case RELAY_PHONE_POSSIBLE, RELAY_PHONE_VALID: .international
        case RELAY_PHONE_IMPOSSIBLE: .impossible
        default: .unread
        }
    }
}
