// How a phone number's text starts and ends; ASCII digits only, the stage has made them of those of other scripts.

extension Span<UInt8> {
    /// Where the first `+` or digit stands.
    var startOfPhone: Int? { indices.first { self[$0] == UInt8(ascii: "+") || self[$0].isDigit } }

    func startsWithZeros(at start: Int) -> Bool {
        start + 1 < count && self[start] == UInt8(ascii: "0") && self[start + 1] == UInt8(ascii: "0")
    }

    /// `+` and what stands from `start` on.
    func plus(from start: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count - start + 1)
        text.append(UInt8(ascii: "+"))
        for index in start..<count { text.append(self[index]) }
        return text
    }

    /// Where the number ends: before an `ext` that no digits follow, whose letters libphonenumber would dial.
    var endOfPhone: Int {
        var end = count
        while end > 0, self[end - 1] == UInt8(ascii: ".") || self[end - 1] == UInt8(ascii: " ") { end -= 1 }
        for mark in ["extension", "extn", "ext", "x"] where ends(with: mark, at: end) { return end - mark.utf8.count }
        return count
    }

    /// `mark` stands before `end`, behind a digit or a separator.
    private func ends(with mark: String, at end: Int) -> Bool {
        let start = end - mark.utf8.count
        guard start > 0, self[start - 1].isDigit || self[start - 1].isSeparator else { return false }
        for (offset, byte) in mark.utf8.enumerated() where self[start + offset] != byte { return false }
        return true
    }
}

extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }

    /// What people put between digits, and libphonenumber takes for nothing more.
    var isSeparator: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("),
            UInt8(ascii: ")"):
            true
        default: false
        }
    }
}
