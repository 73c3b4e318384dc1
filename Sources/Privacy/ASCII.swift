/// Byte classes of ASCII. Bytes of 0x80 and above belong to none.
enum ASCII {
    /// The ASCII part of Unicode's white space.
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isLetterOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    @inline(__always)
    static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Eight ASCII bytes at once; where one is none, the others are of no use either.
    @inline(__always)
    static func lower(_ word: UInt64) -> UInt64 {
        let bits = word & 0x7F7F_7F7F_7F7F_7F7F
        // The high bit of each byte tells: from `A` on, and beyond `Z`.
        let isFromA = bits &+ 0x3F3F_3F3F_3F3F_3F3F
        let isBeyondZ = bits &+ 0x2525_2525_2525_2525
        return word | ((isFromA ^ isBeyondZ) & ~word & 0x8080_8080_8080_8080) >> 2
    }

    @inline(__always)
    static func upper(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte & ~0x20 : byte }

    /// The value of a hex digit; nil for every other byte.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 0x30 }
        return isHexDigit(byte) ? (byte | 0x20) &- 0x57 : nil
    }

    /// The part of a text within its outer white space.
    static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = text.count
        while start < end, isSpace(text[start]) { start += 1 }
        while end > start, isSpace(text[end - 1]) { end -= 1 }
        return start..<end
    }
}
