// Bytes compared eight at a time. The loads check their bounds; that any eight bytes are a number is all they rely on.
extension Span<UInt8> {
    /// True when both hold the same bytes.
    @inlinable
    public func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard count >= 8 else { return NameWords(self).head == NameWords(other).head }
        var index = 0
        while index < count - 8 {
            guard word(at: index) == other.word(at: index) else { return false }
            index += 8
        }
        return word(at: count - 8) == other.word(at: count - 8)
    }

    /// Eight bytes, the first one lowest.
    @inlinable
    public func word(at index: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// Four bytes, the first one lowest.
    @inlinable
    func halfWord(at index: Int) -> UInt64 {
        unsafe UInt64(UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)))
    }
}

/// The first and the last eight bytes of a name, which overlap in a short one: with the length they are all of a name of
/// at most sixteen bytes, and a good hash of every other.
public struct NameWords: Equatable, Sendable {
    public let head: UInt64
    /// 0 for a name of fewer than eight bytes.
    public let tail: UInt64

    @inlinable @inline(__always)
    public init(_ name: Span<UInt8>) {
        let count = name.count
        if count >= 8 {
            head = name.word(at: 0)
            tail = name.word(at: count - 8)
            return
        }
        tail = 0
        if count >= 4 {
            head = name.halfWord(at: 0) | name.halfWord(at: count - 4) << UInt64((count - 4) * 8)
        } else if count > 0 {
            let middle = count / 2
            head =
                UInt64(name[0]) | UInt64(name[middle]) << UInt64(middle * 8)
                | UInt64(name[count - 1]) << UInt64((count - 1) * 8)
        } else {
            head = 0
        }
    }
}
