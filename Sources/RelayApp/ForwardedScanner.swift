import RelayModel

/// Reads one `Forwarded` line (RFC 7239, section 4) element by element: `name=value` pairs between `;`, elements
/// between `,`, values as tokens or quoted. Blanks may stand around separators, and a token may hold what an address
/// needs, as senders forget the quotes.
struct ForwardedScanner {
    enum Element: Equatable {
        /// Nothing between two commas.
        case empty
        /// The value of `for`.
        case node([UInt8])
        /// Pairs, but no `for`.
        case nameless
    }

    private let line: ArraySlice<UInt8>
    private var at: Int

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        at = line.startIndex
    }

    var isAtEnd: Bool { at >= line.endIndex }

    private var next: UInt8? { isAtEnd ? nil : line[at] }

    /// Reads an element and the comma behind it.
    /// - Returns: nil where the line breaks the grammar.
    mutating func nextElement() -> Element? {
        var element = Element.empty
        while true {
            skipBlanks()
            switch next {
            case nil: return element
            case UInt8(ascii: ","):
                at += 1
                return element
            case UInt8(ascii: ";"): at += 1
            default:
                guard readPair(&element) else { return nil }
            }
        }
    }

    /// Reads `name=value` up to the separator behind it.
    private mutating func readPair(_ element: inout Element) -> Bool {
        let name = readToken()
        guard !name.isEmpty, next == UInt8(ascii: "=") else { return false }
        at += 1
        guard let value = next == UInt8(ascii: "\"") ? readQuoted() : readToken(), !value.isEmpty else { return false }
        skipBlanks()
        guard isAtEnd || next == UInt8(ascii: ";") || next == UInt8(ascii: ",") else { return false }
        guard name.span.hasPrefix(anyCaseOf: "for"), name.count == 3 else {
            if element == .empty { element = .nameless }
            return true
        }
        // A name may stand once in an element.
        if case .node = element { return false }
        element = .node(value)
        return true
    }

    private mutating func readToken() -> [UInt8] {
        let start = at
        while let byte = next, !Self.endsToken(byte) { at += 1 }
        return Array(line[start..<at])
    }

    /// - Returns: nil where the closing quote is missing.
    private mutating func readQuoted() -> [UInt8]? {
        var value: [UInt8] = []
        at += 1
        while let byte = next {
            at += 1
            if byte == UInt8(ascii: "\"") { return value }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            guard let escaped = next else { return nil }
            value.append(escaped)
            at += 1
        }
        return nil
    }

    private mutating func skipBlanks() {
        while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { at += 1 }
    }

    private static func endsToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: " "),
            UInt8(ascii: "\t"):
            true
        default: false
        }
    }
}
