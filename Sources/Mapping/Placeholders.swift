/// Words that stand where an identity should and are none (`mapping.md` 9.15).
enum Placeholders {
    private static let words: [StaticString] = [
        "0", "null", "nil", "undefined", "none", "(none)", "nan", "false", "anonymous", "anon", "guest", "unknown",
        "n/a",
        "(not set)", "not set", "(not provided)", "[object object]", "-",
    ]

    private static let longest = words.map(\.utf8CodeUnitCount).max() ?? 0

    static func contains(_ text: Span<UInt8>) -> Bool {
        text.count <= longest && words.contains { text.equalsIgnoringCase($0) }
    }

    /// An advertising id of zeros: what a device gives out when its owner wants none.
    static func isZeroID(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] != UInt8(ascii: "0") && text[index] != UInt8(ascii: "-") {
            return false
        }
        return true
    }
}
