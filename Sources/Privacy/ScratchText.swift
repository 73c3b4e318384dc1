import RelayModel

/// The one buffer in which person values are normalised, a value at a time; nothing of a value outlives the next.
///
/// It never grows: a value longer than the buffer is refused. ASCII is handled byte by byte; text with any other byte
/// goes through Unicode's rules (`ScratchText+Unicode.swift`).
struct ScratchText: Sendable {
    /// What became of a value that was taken in.
    enum Outcome { case text, blank, tooLong, notUTF8 }

    private(set) var storage: [UInt8]
    private(set) var count = 0
    /// No byte is 0x80 or above.
    private(set) var isASCII = true

    init(byteLimit: Int) { storage = [UInt8](repeating: 0, count: max(byteLimit, 64)) }

    /// Takes over a value: outer white space gone, NFC, lower case unless its case is to be kept.
    mutating func take(_ value: Span<UInt8>, keepsCase: Bool = false) -> Outcome {
        let part = ASCII.trimmed(value)
        count = 0
        isASCII = true
        guard !part.isEmpty else { return .blank }
        guard part.count <= storage.count else { return .tooLong }
        let seen = copyASCII(value, part, keepsCase: keepsCase)
        guard seen < 0x80 else { return takeUnicode(value, keepsCase: keepsCase) }
        count = part.count
        return .text
    }

    /// - Returns: all bytes or-ed together.
    private mutating func copyASCII(_ value: Span<UInt8>, _ part: Range<Int>, keepsCase: Bool) -> UInt8 {
        var output = storage.mutableSpan
        guard part.count < 8 else { return Self.copyWords(value.extracting(part), to: &output, keepsCase: keepsCase) }
        var seen: UInt8 = 0
        for index in part {
            let byte = value[index]
            seen |= byte
            output[index - part.lowerBound] = keepsCase ? byte : ASCII.lower(byte)
        }
        return seen
    }

    /// The same, eight bytes at a time; the last eight may overlap those before them.
    private static func copyWords(
        _ value: Span<UInt8>, to output: inout MutableSpan<UInt8>, keepsCase: Bool
    ) -> UInt8 {
        // Any bytes are bytes; the stores check their bounds.
        var bytes = unsafe output.mutableBytes
        var seen: UInt64 = 0
        var index = 0
        while index < value.count {
            index = min(index, value.count - 8)
            let word = value.word(at: index)
            seen |= word
            let folded = (keepsCase ? word : ASCII.lower(word)).littleEndian
            bytes.storeBytes(of: folded, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        return seen & 0x8080_8080_8080_8080 == 0 ? 0 : 0x80
    }

    /// Puts an encoded text in place of the present one.
    /// - Returns: false, and no text, when it does not fit.
    mutating func replace(with bytes: some Sequence<UInt8>) -> Bool {
        var length = 0
        var seen: UInt8 = 0
        count = 0
        for byte in bytes {
            guard length < storage.count else { return false }
            storage[length] = byte
            seen |= byte
            length += 1
        }
        count = length
        isASCII = seen < 0x80
        return true
    }

    /// Puts a code in place of the present text.
    mutating func replace(with code: PackedLetters) {
        var length = 0
        code.forEachByte { byte in
            storage[length] = byte
            length += 1
        }
        count = length
        isASCII = true
    }

    /// Puts a number of at most eight digits in place of the present text, with leading zeros.
    mutating func replace(withEightDigits number: Int) {
        var rest = number
        for position in stride(from: 7, through: 0, by: -1) {
            storage[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count = 8
        isASCII = true
    }

    /// Keeps the ASCII bytes that pass; of other text, what `others` makes of each scalar.
    @inline(__always)
    mutating func keep(ascii isKept: (UInt8) -> Bool, others map: (Unicode.Scalar) -> Unicode.Scalar?) {
        guard isASCII else { return keepScalars { $0.isASCII ? (isKept(UInt8($0.value)) ? $0 : nil) : map($0) } }
        var kept = 0
        let length = count
        var bytes = storage.mutableSpan
        for index in 0..<length where isKept(bytes[index]) {
            bytes[kept] = bytes[index]
            kept += 1
        }
        count = kept
    }

    /// Keeps decimal digits; those of other scripts become ASCII digits.
    mutating func keepDigits() { keep(ascii: ASCII.isDigit, others: { $0.decimalDigit }) }

    /// Drops the first bytes as long as they are zeros.
    mutating func dropLeadingZeros() {
        var zeros = 0
        while zeros < count, storage[zeros] == UInt8(ascii: "0") { zeros += 1 }
        guard zeros > 0 else { return }
        for index in zeros..<count { storage[index - zeros] = storage[index] }
        count -= zeros
    }

    /// ASCII letters to upper case.
    mutating func upperCase() {
        for index in 0..<count { storage[index] = ASCII.upper(storage[index]) }
    }

    /// Cuts the text to its first bytes.
    mutating func truncate(to length: Int) { count = min(count, length) }

    /// The present text is `length` hex digits.
    func isHex(count length: Int) -> Bool {
        guard count == length else { return false }
        for index in 0..<count where !ASCII.isHexDigit(storage[index]) { return false }
        return true
    }

    func isIn(_ words: WordSet) -> Bool { words.contains(storage.span.extracting(0..<count)) }
}
