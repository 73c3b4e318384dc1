/// A template taken apart (`mapping-language.md` 1.4).
struct TemplateText: Sendable {
    enum Part: Sendable {
        case literal([UInt8])
        case placeholder(EventPath)
    }

    /// How many braces stand on either side of a placeholder. Triple ones are filled in first.
    enum Braces: Int, Sendable {
        case double = 2, triple = 3
    }

    let parts: [Part]

    init(_ text: [UInt8], _ braces: Braces) {
        var parts: [Part] = []
        var scanner = PlaceholderScanner(text, braces)
        var copied = 0
        while let found = scanner.next() {
            if copied < found.lowerBound { parts.append(.literal(Array(text[copied..<found.lowerBound]))) }
            let inner = text[found].dropFirst(braces.rawValue).dropLast(braces.rawValue)
            parts.append(.placeholder(EventPath(JavaScriptText.trimmed(inner))))
            copied = found.upperBound
        }
        if copied < text.count { parts.append(.literal(Array(text[copied...]))) }
        self.parts = parts
    }

    /// True when a template holds triple braces, so that its second pass depends on the event.
    static func hasTripleBraces(_ text: [UInt8]) -> Bool {
        var scanner = PlaceholderScanner(text, .triple)
        return scanner.next() != nil
    }
}

/// Finds placeholders: opening braces, one or more characters that are no `}`, closing braces.
private struct PlaceholderScanner {
    private let text: [UInt8]
    private let braces: Int
    private var index = 0
    /// The first `}` at or behind the place last looked at: kept, so that a text is looked through once.
    private var nextClosing = 0

    init(_ text: [UInt8], _ braces: TemplateText.Braces) {
        self.text = text
        self.braces = braces.rawValue
    }

    mutating func next() -> Range<Int>? {
        while index + 2 * braces < text.count {
            if isRun(of: UInt8(ascii: "{"), at: index) {
                let closing = closing(from: index + braces)
                if closing > index + braces, isRun(of: UInt8(ascii: "}"), at: closing) {
                    defer { index = closing + braces }
                    return index..<closing + braces
                }
            }
            index += 1
        }
        return nil
    }

    private mutating func closing(from start: Int) -> Int {
        nextClosing = max(nextClosing, start)
        while nextClosing < text.count, text[nextClosing] != UInt8(ascii: "}") { nextClosing += 1 }
        return nextClosing
    }

    private func isRun(of byte: UInt8, at start: Int) -> Bool {
        guard start + braces <= text.count else { return false }
        return text[start..<start + braces].allSatisfy { $0 == byte }
    }
}
