/// The international numbers that libphonenumber takes digit by digit: of these it need not be asked, which costs it
/// some ten microseconds each.
///
/// A number is one of them when its country's plan knows its length and no national prefix (a trunk zero, a carrier's
/// code) can start with its first national digit. The table is made from the plans of the Debian package that is also
/// linked; a newer library may only know more numbers.
struct CallingCodes: Sendable {
    /// By country code: a bit for each length of national numbers, and from 16 a bit for each first digit.
    private var plans = [UInt32](repeating: 0, count: 1000)

    init() {
        for record in Self.plain.split(separator: " ") {
            let parts = record.split(separator: ":")
            guard parts.count == 3, let code = Int(parts[0]), plans.indices.contains(code) else { continue }
            for length in parts[1].split(separator: ",").compactMap({ UInt32($0) }) { plans[code] |= 1 << length }
            for digit in parts[2].utf8 { plans[code] |= 1 << (16 + UInt32(digit & 0x0F)) }
        }
    }

    /// - Parameter digits: ASCII digits, country code first.
    func takesAsItStands(_ digits: Span<UInt8>) -> Bool {
        guard digits.count > 3, digits[0] != UInt8(ascii: "0") else { return false }
        var code = 0
        for length in 1...3 {
            code = code * 10 + Int(digits[length - 1] & 0x0F)
            // No country code starts with another one.
            if plans[code] != 0 { return fits(plans[code], digits.extracting(length..<digits.count)) }
        }
        return false
    }

    private func fits(_ plan: UInt32, _ national: Span<UInt8>) -> Bool {
        guard national.count < 16 else { return false }
        return plan >> UInt32(national.count) & 1 == 1 && plan >> (16 + UInt32(national[0] & 0x0F)) & 1 == 1
    }
}
