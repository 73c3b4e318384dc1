// Decimal text in and out: digits, an optional sign, one decimal point (`mapping.md` 9.2). No exponent, no grouping.
extension DecimalNumber {
    /// Reads decimal text; nil for every other text and beyond 38 digits. `.5` and `5.` are numbers, `1,50` is none.
    public init?(parsing text: Span<UInt8>) {
        guard let parsed = Self.parse(text) else { return nil }
        self = parsed.number
    }

    /// - Returns: the number, and whether the text is already what the number prints as.
    static func parse(_ text: Span<UInt8>) -> (number: DecimalNumber, isPlain: Bool)? {
        guard !text.isEmpty else { return nil }
        let isNegative = text[0] == UInt8(ascii: "-")
        let hasPlus = text[0] == UInt8(ascii: "+")
        let start = isNegative || hasPlus ? 1 : 0
        var digits = DigitReader()
        var index = start
        let wholeCount = digits.take(text, at: &index)
        let hasPoint = index < text.count && text[index] == UInt8(ascii: ".")
        if hasPoint { index += 1 }
        let scale = hasPoint ? digits.take(text, at: &index) : 0
        guard index == text.count, !digits.overflow, wholeCount + scale > 0, scale <= maximumScale else { return nil }
        let mantissa = isNegative ? -digits.value : digits.value
        let isPlain =
            !hasPlus && wholeCount > 0 && (wholeCount == 1 || text[start] != UInt8(ascii: "0"))
            && hasPoint == (scale > 0)
            && !(isNegative && mantissa == 0)
        return (DecimalNumber(mantissa: mantissa, scale: scale), isPlain)
    }

    /// Appends the number as decimal text with all its decimals: `12.50`, `-0.5`, `7`.
    public func appendText(to bytes: inout [UInt8]) {
        if mantissa < 0 { bytes.append(UInt8(ascii: "-")) }
        // The 64-bit form prints several times faster, and money fits it.
        if let digits = UInt64(exactly: mantissa.magnitude), scale < 19 {
            return appendText(of: digits, to: &bytes)
        }
        let digits = String(mantissa.magnitude)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, scale + 1 - digits.utf8.count)))
        bytes.append(contentsOf: digits.utf8)
        if scale > 0 { bytes.insert(UInt8(ascii: "."), at: bytes.count - scale) }
    }

    /// Writes the digits from the last to the first into a place that takes the longest number, sign not counted.
    private func appendText(of magnitude: UInt64, to bytes: inout [UInt8]) {
        var digits: [24 of UInt8] = .init(repeating: UInt8(ascii: "0"))
        var start = digits.count
        var rest = magnitude
        var written = 0
        while rest > 0 || written <= scale {
            if written == scale, scale > 0 {
                start -= 1
                digits[start] = UInt8(ascii: ".")
            }
            start -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
            written += 1
        }
        bytes.append(copying: digits.span.extracting(start..<digits.count))
    }

    /// The shortest decimal text that reads back as `value`, as long as it has at most fifteen digits, four of them
    /// behind the point: no two such numbers share a double, so the first that reads back is the one. Nil for the others.
    init?(shortest value: Double) {
        guard value.magnitude < 1e11 else { return nil }
        var unit = 1.0
        for scale in 0...4 {
            let digits = Int64(value * unit + (value < 0 ? -0.5 : 0.5))
            // Both are whole and exact, so the quotient is the double that is nearest to the decimal number.
            if Double(digits) / unit == value {
                self.init(mantissa: Int128(digits), scale: scale)
                return
            }
            unit *= 10
        }
        return nil
    }
}

/// Reads runs of digits into one growing integer. The first eighteen go through a machine word.
private struct DigitReader {
    private var word: UInt64 = 0
    private var wide: Int128 = 0
    private var digitCount = 0
    private(set) var overflow = false

    var value: Int128 { digitCount <= 18 ? Int128(word) : wide }

    /// Takes the digits of `text` from `index` on.
    /// - Returns: how many there were.
    mutating func take(_ text: Span<UInt8>, at index: inout Int) -> Int {
        let start = index
        while index < text.count, text[index] &- UInt8(ascii: "0") <= 9 {
            append(text[index] &- UInt8(ascii: "0"))
            index += 1
        }
        return index - start
    }

    private mutating func append(_ digit: UInt8) {
        if word == 0, wide == 0, digit == 0 { return }
        digitCount += 1
        if digitCount <= 18 { return word = word &* 10 &+ UInt64(digit) }
        if digitCount == 19 { wide = Int128(word) }
        guard digitCount <= 38 else { return overflow = true }
        wide = wide * 10 + Int128(digit)
    }
}

extension EventTape {
    /// Decimal text as a number, with the text to send for it: the sender's own where it is plain (`12.50` stays), else
    /// the number printed anew (`+5` becomes `5`). Nil when it is no decimal text.
    public mutating func decimal(in ref: TextRef) -> (number: DecimalNumber, text: TextRef)? {
        guard let (number, isPlain) = DecimalNumber.parse(text.span.extracting(ref.range)) else { return nil }
        return (number, isPlain ? ref : append(number))
    }

    /// Appends a number as decimal text.
    public mutating func append(_ number: DecimalNumber) -> TextRef {
        let start = text.count
        number.appendText(to: &text)
        return text(from: start)
    }
}
