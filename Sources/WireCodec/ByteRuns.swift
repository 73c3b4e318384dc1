import RelayModel

/// Eight bytes at a time: a mask marks the high bit of each byte that ends a run. Only its lowest mark is exact, which
/// is the one that counts.
struct ByteMarks {
    private static let low: UInt64 = 0x0101_0101_0101_0101
    private static let high: UInt64 = 0x8080_8080_8080_8080
    let word: UInt64

    /// Bytes that are not ASCII.
    var wide: UInt64 { word & Self.high }

    func equal(to byte: UInt8) -> UInt64 {
        let difference = word ^ (Self.low &* UInt64(byte))
        return (difference &- Self.low) & ~difference & Self.high
    }

    /// Bytes below a bound of at most 0x80.
    func below(_ bound: UInt8) -> UInt64 { (word &- Self.low &* UInt64(bound)) & ~word & Self.high }
}

extension Span<UInt8> {
    /// How many bytes from `start` on hold no mark, up to the first marked one. At most seven bytes before the end are
    /// left to the caller.
    @inline(__always)
    func unmarkedLength(from start: Int, _ marks: (ByteMarks) -> UInt64) -> Int {
        var index = start
        while count - index >= 8 {
            let found = marks(ByteMarks(word: word(at: index)))
            if found != 0 { return index + found.trailingZeroBitCount / 8 - start }
            index += 8
        }
        return index - start
    }
}
