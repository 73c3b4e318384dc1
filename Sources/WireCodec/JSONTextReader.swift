public import RelayModel

/// Reads JSON that stands in a text (a browser tag can send nothing but text) onto the end of the text's own tape.
///
/// It takes JSON as RFC 8259 has it, with a limit on depth. The tape stays well formed whatever the text holds: what a
/// fault leaves behind is closed and belongs to no value.
public struct JSONTextReader {
    private let maximumDepth: Int
    private var index: Int
    private let end: Int
    private var depth = 0

    /// - Parameter maximumDepth: containers may nest so deep.
    /// - Returns: the value; nil when the text is not one JSON value, or a deeper one.
    public static func read(_ text: TextRef, maximumDepth: Int, on tape: inout EventTape) -> TapeNode? {
        var reader = JSONTextReader(
            maximumDepth: maximumDepth, index: text.range.lowerBound, end: text.range.upperBound)
        guard let value = reader.value(on: &tape), reader.peek(tape) == nil else {
            while reader.depth > 0 { reader.close(&tape) }
            return nil
        }
        return value
    }

    private init(maximumDepth: Int, index: Int, end: Int) {
        self.maximumDepth = maximumDepth
        self.index = index
        self.end = end
    }

    /// The next byte that is no white space.
    private mutating func peek(_ tape: borrowing EventTape) -> UInt8? {
        while index < end {
            let byte = tape.text[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            index += 1
        }
        return nil
    }

    private mutating func take(_ byte: UInt8, _ tape: borrowing EventTape) -> Bool {
        guard peek(tape) == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(on tape: inout EventTape) -> TapeNode? {
        switch peek(tape) {
        case UInt8(ascii: "{"): object(on: &tape)
        case UInt8(ascii: "["): array(on: &tape)
        case UInt8(ascii: "\""): string(&tape).map { tape.string($0) }
        case UInt8(ascii: "t"): takeWord("true", tape) ? tape.bool(true) : nil
        case UInt8(ascii: "f"): takeWord("false", tape) ? tape.bool(false) : nil
        case UInt8(ascii: "n"): takeWord("null", tape) ? tape.null() : nil
        default: number(tape).map { write(number: $0, on: &tape) }
        }
    }

    private mutating func object(on tape: inout EventTape) -> TapeNode? {
        guard depth < maximumDepth, take(UInt8(ascii: "{"), tape) else { return nil }
        depth += 1
        let node = tape.openObject()
        if peek(tape) != UInt8(ascii: "}") {
            repeat {
                guard peek(tape) == UInt8(ascii: "\""), let key = string(&tape) else { return nil }
                tape.key(key)
                guard take(UInt8(ascii: ":"), tape), value(on: &tape) != nil else { return nil }
            } while take(UInt8(ascii: ","), tape)
        }
        guard take(UInt8(ascii: "}"), tape) else { return nil }
        close(&tape)
        return node
    }

    private mutating func array(on tape: inout EventTape) -> TapeNode? {
        guard depth < maximumDepth, take(UInt8(ascii: "["), tape) else { return nil }
        depth += 1
        let node = tape.openArray()
        if peek(tape) != UInt8(ascii: "]") {
            repeat {
                guard value(on: &tape) != nil else { return nil }
            } while take(UInt8(ascii: ","), tape)
        }
        guard take(UInt8(ascii: "]"), tape) else { return nil }
        close(&tape)
        return node
    }

    private mutating func close(_ tape: inout EventTape) {
        tape.close()
        depth -= 1
    }

    private mutating func takeWord(_ word: String, _ tape: borrowing EventTape) -> Bool {
        for byte in word.utf8 {
            guard index < end, tape.text[index] == byte else { return false }
            index += 1
        }
        return true
    }

    // MARK: Scalars

    /// Digits, sign, point and exponent: the number stays text, and whoever needs its value reads it strictly.
    private mutating func number(_ tape: borrowing EventTape) -> TextRef? {
        let start = index
        if index < end, tape.text[index] == UInt8(ascii: "-") { index += 1 }
        let digits = takeDigits(tape)
        guard digits == 1 || digits > 1 && tape.text[index - digits] != UInt8(ascii: "0") else { return nil }
        if index < end, tape.text[index] == UInt8(ascii: ".") {
            index += 1
            guard takeDigits(tape) > 0 else { return nil }
        }
        if index < end, tape.text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < end, tape.text[index] == UInt8(ascii: "+") || tape.text[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard takeDigits(tape) > 0 else { return nil }
        }
        return text(start, index)
    }

    /// The tape's numbers that are kept as text have no exponent. One that no double holds is null, as in JavaScript.
    private func write(number text: TextRef, on tape: inout EventTape) -> TapeNode {
        guard tape[text].contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return tape.decimal(text) }
        guard let value = Double(tape.copyString(text)), value.isFinite else { return tape.null() }
        return tape.number(value)
    }

    private mutating func takeDigits(_ tape: borrowing EventTape) -> Int {
        let start = index
        while index < end, tape.text[index] &- UInt8(ascii: "0") <= 9 { index += 1 }
        return index - start
    }

    /// A string's text: a part of the text itself where it holds no escape, else a decoded copy.
    private mutating func string(_ tape: inout EventTape) -> TextRef? {
        index += 1
        let start = index
        while index < end {
            switch tape.text[index] {
            case UInt8(ascii: "\""):
                index += 1
                return text(start, index - 1)
            case UInt8(ascii: "\\"): return escapedString(from: start, &tape)
            case 0..<0x20: return nil
            default: index += 1
            }
        }
        return nil
    }

    private mutating func escapedString(from start: Int, _ tape: inout EventTape) -> TextRef? {
        var decoded = Array(tape.text[start..<index])
        while index < end {
            let byte = tape.text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return tape.append(decoded)
            case UInt8(ascii: "\\"):
                guard appendEscape(tape, to: &decoded) else { return nil }
            case 0..<0x20: return nil
            default: decoded.append(byte)
            }
        }
        return nil
    }

    private mutating func appendEscape(_ tape: borrowing EventTape, to decoded: inout [UInt8]) -> Bool {
        guard index < end else { return false }
        let mark = tape.text[index]
        index += 1
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(mark)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = unicodeEscape(tape) else { return false }
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: return false
        }
        return true
    }

    /// `XXXX` behind `\u`, or a surrogate pair; half a pair gives the replacement character.
    private mutating func unicodeEscape(_ tape: borrowing EventTape) -> Unicode.Scalar? {
        guard let first = fourHexDigits(tape) else { return nil }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, index + 1 < end, tape.text[index] == UInt8(ascii: "\\"),
            tape.text[index + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        index += 2
        guard let second = fourHexDigits(tape) else { return nil }
        guard (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    private mutating func fourHexDigits(_ tape: borrowing EventTape) -> UInt32? {
        guard end - index >= 4 else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = hexValue(tape.text[index]) else { return nil }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private func text(_ start: Int, _ end: Int) -> TextRef {
        TextRef(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: end - start))
    }
}
