/// Finds what looks like an e-mail address in a text that would leave in clear, such as a search or an id.
enum EmailShape {
    /// True when some `@` (plain, or encoded as `%40`) has a text before it and a name with a dot behind it.
    static func occurs(in text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let width = widthOfAt(text, index)
            if width > 0, index > 0, text[index - 1] != UInt8(ascii: " "), startsDomain(text, index + width) {
                return true
            }
        }
        return false
    }

    /// How many bytes an `@` at `index` takes; 0 when there is none.
    private static func widthOfAt(_ text: Span<UInt8>, _ index: Int) -> Int {
        if text[index] == UInt8(ascii: "@") { return 1 }
        guard text[index] == UInt8(ascii: "%"), index + 2 < text.count else { return 0 }
        return text[index + 1] == UInt8(ascii: "4") && text[index + 2] == UInt8(ascii: "0") ? 3 : 0
    }

    /// A label, a dot, and the start of another label; letters of every script count.
    private static func startsDomain(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var index = start
        while index < text.count, isLabelByte(text[index]) { index += 1 }
        guard index > start, index + 1 < text.count, text[index] == UInt8(ascii: ".") else { return false }
        return isLabelByte(text[index + 1])
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        ASCII.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte >= 0x80
    }
}
