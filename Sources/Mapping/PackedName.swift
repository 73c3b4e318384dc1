/// An event's name, normalised and packed into four machine words, so that it is compared and hashed without a `String`.
///
/// Names are trimmed and lower-cased; a run of space, `_` and `-` counts as one `_` (`mapping.md` 1, 9.1).
struct PackedName: Hashable {
    /// The longest normalised name: `product_added_to_wishlist` has 25 bytes.
    static let maximumByteCount = 32

    private var words: [4 of UInt64] = [0, 0, 0, 0]
    private var count = 0

    /// Nil for a name that is empty or longer than any that a table knows.
    init?(_ name: Span<UInt8>) {
        var pendingSeparator = false
        var (start, end) = (0, name.count)
        while start < end, isASCIISpace(name[start]) { start += 1 }
        while end > start, isASCIISpace(name[end - 1]) { end -= 1 }
        for index in start..<end {
            let byte = name[index]
            if Self.isSeparator(byte) {
                pendingSeparator = true
                continue
            }
            if pendingSeparator, !append(UInt8(ascii: "_")) { return nil }
            pendingSeparator = false
            guard append(lowercaseASCII(byte)) else { return nil }
        }
        if pendingSeparator, !append(UInt8(ascii: "_")) { return nil }
        if count == 0 { return nil }
    }

    init?(_ name: String) {
        let bytes = Array(name.utf8)
        self.init(bytes.span)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private mutating func append(_ byte: UInt8) -> Bool {
        guard count < Self.maximumByteCount else { return false }
        words[count >> 3] |= UInt64(byte) << UInt64((count & 7) * 8)
        count += 1
        return true
    }

    static func == (a: PackedName, b: PackedName) -> Bool {
        a.words[0] == b.words[0] && a.words[1] == b.words[1] && a.words[2] == b.words[2] && a.words[3] == b.words[3]
    }

    func hash(into hasher: inout Hasher) {
        // The words of two names that differ seldom have one sum; then the comparison tells them apart.
        hasher.combine(words[0] &+ words[1] &* 3 &+ words[2] &* 5 &+ words[3] &* 7)
    }
}
