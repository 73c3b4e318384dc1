/// Numbers as JavaScript writes them: the shortest digits that read back as the same double, plain from 1e-6 up to
/// below 1e21, with an exponent beyond.
enum JavaScriptNumber {
    static func append(_ value: Double, to bytes: inout [UInt8]) {
        if value.magnitude <= 0x1p53, value == Double(Int64(value)) {
            return bytes.append(contentsOf: String(Int64(value)).utf8)
        }
        guard !value.isNaN else { return bytes.append(contentsOf: "NaN".utf8) }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        guard value.isFinite else { return bytes.append(contentsOf: "Infinity".utf8) }
        let (digits, point) = shortest(value.magnitude)
        if point > 21 || point < -5 {
            appendScientific(digits, exponent: point - 1, to: &bytes)
        } else if point <= 0 {
            bytes.append(contentsOf: "0.".utf8)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -point))
            bytes.append(contentsOf: digits)
        } else {
            bytes.append(contentsOf: digits.prefix(point))
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, point - digits.count)))
            if digits.count > point { bytes.append(UInt8(ascii: ".")) }
            bytes.append(contentsOf: digits.dropFirst(point))
        }
    }

    /// The digits of a positive number without zeros at either end, and how many of them stand before the point (below
    /// zero: how many zeros stand behind it).
    private static func shortest(_ value: Double) -> (digits: ArraySlice<UInt8>, point: Int) {
        // Swift prints the shortest digits as well, as `123.45`, `1e-07` or `1.5e+16`.
        let text = Array(value.description.utf8)
        let mark = text.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.endIndex
        let exponent = Int(String(decoding: text[mark...].dropFirst(), as: UTF8.self)) ?? 0
        let dot = text[..<mark].firstIndex(of: UInt8(ascii: ".")) ?? mark
        let all = text[..<dot] + text[..<mark].dropFirst(dot + 1)
        let leading = all.prefix { $0 == UInt8(ascii: "0") }.count
        var digits = all.dropFirst(leading)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, dot + exponent - leading)
    }

    private static func appendScientific(_ digits: ArraySlice<UInt8>, exponent: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: digits.prefix(1))
        if digits.count > 1 { bytes.append(UInt8(ascii: ".")) }
        bytes.append(contentsOf: digits.dropFirst())
        bytes.append(UInt8(ascii: "e"))
        bytes.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        bytes.append(contentsOf: String(exponent.magnitude).utf8)
    }
}
