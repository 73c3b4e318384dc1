import RelayModel

/// Words that stand where an identity should and are none (`mapping.md` 9.15).
enum Placeholders {
    private static let words: [StaticString] = [
        "0", "null", "nil", "undefined", "none", "(none)", "nan", "false", "anonymous", "anon", "guest", "unknown",
        "n/a",
        "(not set)", "not set", "(not provided)", "[object object]", "-",
    ]

    static func contains(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty, mayStart(text[0]) else { return false }
        return words.contains { text.equalsIgnoringCase($0) }
    }

    /// One of the words starts so: most names and places do not.
    private static func mayStart(_ byte: UInt8) -> Bool {
        byte < 0x80 && (byte < 0x40 ? firstBytes.0 : firstBytes.1) & 1 << UInt64(byte & 0x3F) != 0
    }

    /// One bit for each byte below 0x80 that a word starts with, in either case.
    private static let firstBytes: (UInt64, UInt64) = words.reduce(into: (0, 0)) { bits, word in
        word.withBytes { bytes in
            for byte in [bytes[0], bytes[0] >= 0x60 ? bytes[0] & ~0x20 : bytes[0]] {
                if byte < 0x40 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte & 0x3F) }
            }
        }
    }

    /// An advertising id of zeros: what a device gives out when its owner wants none.
    static func isZeroID(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] != UInt8(ascii: "0") && text[index] != UInt8(ascii: "-") {
            return false
        }
        return true
    }
}
