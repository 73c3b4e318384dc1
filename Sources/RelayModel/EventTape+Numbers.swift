// Numbers are handed on as decimal text: the upstream wants `value` and prices as text, ids may be numbers, and a
// shortest decimal form is exact where a binary fraction is not.
extension EventTape {
    /// A number as plain decimal text (no exponent); absent for every other kind and for numbers beyond 40 digits.
    public mutating func numberText(_ node: TapeNode) -> TextRef {
        switch tag(node) {
        case Tag.decimal: return storedText(node)
        case Tag.signed: return append(DecimalNumber(Int64(bitPattern: rawWord(node))))
        case Tag.unsigned: return append(DecimalNumber(mantissa: Int128(rawWord(node)), scale: 0))
        case Tag.double: return append(Double(bitPattern: rawWord(node)))
        default: return .none
        }
    }

    /// A number as ``numberText(_:)`` gives it, without touching the tape; for logs, errors and tests.
    public func copyNumberText(_ node: TapeNode) -> String {
        switch tag(node) {
        case Tag.decimal: copyString(storedText(node))
        case Tag.signed: String(Int64(bitPattern: rawWord(node)))
        case Tag.unsigned: String(rawWord(node))
        case Tag.double: plainDecimal(Double(bitPattern: rawWord(node)))
        default: ""
        }
    }

    /// A string as it is, a number as decimal text; absent for every other kind.
    @inlinable
    public mutating func scalarText(_ node: TapeNode) -> TextRef {
        tag(node) == Tag.string ? storedText(node) : numberText(node)
    }

    /// A whole number that fits; nil for every other value. Decimal text and `3.0` count when they are whole.
    public func integer(_ node: TapeNode) -> Int64? {
        switch tag(node) {
        case Tag.signed: Int64(bitPattern: rawWord(node))
        case Tag.unsigned: Int64(exactly: rawWord(node))
        case Tag.double: wholeNumber(Double(bitPattern: rawWord(node)))
        case Tag.decimal: wholeNumber(text[storedText(node).range])
        default: nil
        }
    }

    /// Writes a text that may be a number: as a number when it is one by JSON's grammar and stays within 40 digits
    /// without its exponent, else as a string.
    @discardableResult
    public mutating func numberOrString(_ ref: TextRef) -> TapeNode {
        switch NumberShape(text.span.extracting(ref.range)) {
        case .plain: return decimal(ref)
        case .withExponent:
            let plain = Double(copyString(ref)).map(plainDecimal) ?? ""
            return plain.isEmpty ? string(ref) : decimal(append(plain.utf8))
        case .none: return string(ref)
        }
    }

    /// True for a number that was written without fraction and exponent and fits 64 bits: the upstream's `integer`.
    public func isWholeLiteral(_ node: TapeNode) -> Bool {
        tag(node) == Tag.signed || tag(node) == Tag.unsigned
    }

    /// The least number of bytes that a number takes as text.
    func numberByteCount(_ node: TapeNode) -> Int {
        switch tag(node) {
        case Tag.signed:
            let value = Int64(bitPattern: rawWord(node))
            return digitCount(value.magnitude) + (value < 0 ? 1 : 0)
        case Tag.unsigned: return digitCount(rawWord(node))
        case Tag.decimal: return Int(storedText(node).count)
        default: return 3
        }
    }

    private mutating func append(_ value: Double) -> TextRef {
        DecimalNumber(shortest: value).map { append($0) } ?? append(plainDecimal(value).utf8)
    }

    private func rawWord(_ node: TapeNode) -> UInt64 { words[Int(node.index) + 1] }
}

/// What a text is by JSON's grammar of numbers: `-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`.
public enum NumberShape: Sendable {
    case none, plain, withExponent

    public init(_ text: Span<UInt8>) {
        var index = text.count > 0 && text[0] == UInt8(ascii: "-") ? 1 : 0
        let whole = digits(text, &index)
        self = .none
        guard whole > 0, whole == 1 || text[index - whole] != UInt8(ascii: "0") else { return }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            guard digits(text, &index) > 0 else { return }
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            if digits(text, &index) > 0, index == text.count { self = .withExponent }
        } else if index == text.count {
            self = .plain
        }
    }
}

/// Moves `index` over a run of digits.
/// - Returns: how many there were.
private func digits(_ text: Span<UInt8>, _ index: inout Int) -> Int {
    let start = index
    while index < text.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[index] { index += 1 }
    return index - start
}

/// Decimal digits of a number.
private func digitCount(_ value: UInt64) -> Int {
    var (count, rest) = (1, value)
    while rest >= 10 {
        count += 1
        rest /= 10
    }
    return count
}

/// The value of a double that is whole and fits; nil for every other one.
func wholeNumber(_ value: Double) -> Int64? {
    // 2^63 is the first double beyond; a conversion within is exact or cuts a fraction off.
    guard value > -0x1p63, value < 0x1p63 else { return nil }
    let whole = Int64(value)
    return Double(whole) == value ? whole : nil
}

/// The value of decimal text such as `-12` or `12.00`; nil when it is not whole or does not fit.
private func wholeNumber(_ digits: ArraySlice<UInt8>) -> Int64? {
    let whole = digits.prefix { $0 != UInt8(ascii: ".") }
    guard digits.dropFirst(whole.count + 1).allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
    return Int64(String(decoding: whole, as: UTF8.self))
}

/// The shortest decimal text that reads back as `value`, without exponent; empty when it is not finite or over 40
/// digits.
func plainDecimal(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    guard value != 0 else { return "0" }
    let shortest = value.description
    guard let mark = shortest.firstIndex(where: { $0 == "e" || $0 == "E" }) else {
        return shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest
    }
    guard let exponent = Int(shortest[shortest.index(after: mark)...]), abs(exponent) <= 40 else { return "" }
    return shifted(shortest[..<mark], by: exponent)
}

/// `digits` (as `-1.25`) with the decimal point moved `exponent` places to the right.
private func shifted(_ digits: Substring, by exponent: Int) -> String {
    let sign = digits.hasPrefix("-") ? "-" : ""
    let parts = digits.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
    let whole = String(parts[0])
    let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
    if exponent >= 0 {
        let padding = String(repeating: "0", count: max(0, exponent - fraction.count))
        let moved = fraction.prefix(exponent) + padding
        let rest = fraction.dropFirst(exponent)
        return sign + whole + moved + (rest.isEmpty ? "" : "." + rest)
    }
    return sign + "0." + String(repeating: "0", count: -exponent - whole.count) + whole + fraction
}
