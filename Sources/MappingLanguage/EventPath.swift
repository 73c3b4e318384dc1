import RelayModel

/// A path into an event (`mapping-language.md` 1.2), taken apart once.
struct EventPath: Sendable, Hashable {
    struct Segment: Sendable, Hashable {
        let key: [UInt8]
        /// The position that the key names in a list or a text: canonical digits only.
        let index: Int?

        init(_ key: [UInt8]) {
            self.key = key
            index = canonicalIndex(key.span)
        }

        var isLength: Bool { key.span.matches("length") }
    }

    /// Empty for the whole value.
    let segments: [Segment]

    /// - Parameter text: as in a template; `@path` and `@arrayPath` drop the root mark first.
    init(_ text: some Collection<UInt8>) {
        segments = Self.cut(Array(text)).map { piece in
            Segment(piece.filter { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") })
        }
    }

    /// A path as `@path` and `@arrayPath` take it: without the first `$.`, wherever it stands.
    init(droppingRootMark text: [UInt8]) {
        let mark = text.indices.dropLast().first {
            text[$0] == UInt8(ascii: "$") && text[$0 + 1] == UInt8(ascii: ".")
        }
        self.init(mark.map { text[..<$0] + text[($0 + 2)...] } ?? text[...])
    }

    /// The pieces between dots, opening brackets before a digit or a quote, and closing ones behind such; no empty one.
    private static func cut(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < text.count {
            let length = separatorLength(text, at: index)
            if length > 0 {
                pieces.append(text[start..<index])
                start = index + length
            }
            index += max(1, length)
        }
        pieces.append(text[start...])
        return pieces.filter { !$0.isEmpty }
    }

    private static func separatorLength(_ text: [UInt8], at index: Int) -> Int {
        switch text[index] {
        case UInt8(ascii: "."): return 1
        case UInt8(ascii: "["): return index + 1 < text.count && isDigitOrQuote(text[index + 1]) ? 1 : 0
        case UInt8(ascii: "]"):
            guard index > 0, isDigitOrQuote(text[index - 1]) else { return 0 }
            return text[index...].prefix { $0 == UInt8(ascii: "]") }.count
        default: return 0
        }
    }

    private static func isDigitOrQuote(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") <= 9 || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"")
    }
}

/// The list position that a key names: digits without a leading zero, within JavaScript's longest list.
func canonicalIndex(_ key: Span<UInt8>) -> Int? {
    guard (1...10).contains(key.count), key.count == 1 || key[0] != UInt8(ascii: "0") else { return nil }
    var value = 0
    for position in key.indices {
        let digit = key[position] &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        value = value * 10 + Int(digit)
    }
    return value < 0xFFFF_FFFF ? value : nil
}
