extension EventTape {
    /// A number as JavaScript holds it: the nearest double. Nil for every other kind. Money does not come this way.
    public func double(_ node: TapeNode) -> Double? {
        switch tag(node) {
        case Tag.signed: Double(Int64(bitPattern: words[Int(node.index) + 1]))
        case Tag.unsigned: Double(words[Int(node.index) + 1])
        case Tag.double: Double(bitPattern: words[Int(node.index) + 1])
        case Tag.decimal: nearestDouble(text.span.extracting(storedText(node).range))
        default: nil
        }
    }
}

/// The double next to decimal text such as `-12.50`. Up to fifteen digits one division of exact numbers gives it;
/// longer text takes the way through a `String`.
private func nearestDouble(_ digits: Span<UInt8>) -> Double? {
    var mantissa: UInt64 = 0
    var divisor = 1.0
    var count = 0
    var isFraction = false
    for index in digits.indices {
        let byte = digits[index]
        if byte == UInt8(ascii: "."), !isFraction {
            isFraction = true
        } else if byte &- UInt8(ascii: "0") <= 9, count < 15 {
            mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
            count += 1
            if isFraction { divisor *= 10 }
        } else if byte != UInt8(ascii: "-") || index != 0 {
            return parsedDouble(digits)
        }
    }
    guard count > 0 else { return nil }
    let magnitude = Double(mantissa) / divisor
    return digits[0] == UInt8(ascii: "-") ? -magnitude : magnitude
}

private func parsedDouble(_ digits: Span<UInt8>) -> Double? {
    var copy: [UInt8] = []
    copy.append(copying: digits)
    return Double(String(decoding: copy, as: UTF8.self))
}
