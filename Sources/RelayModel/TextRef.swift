/// A piece of UTF-8 text: a byte range of an ``EventTape``.
///
/// It is meaningless without its tape and is valid until that tape is reset. An empty range stands for "absent":
/// nothing empty ever leaves the relay, so no second kind of nothing is needed.
public struct TextRef: Hashable, Sendable {
    /// Offset of the first byte, in bytes from the start of the tape's text.
    public var start: UInt32
    /// Length in bytes.
    public var count: UInt32

    @inlinable
    public init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    /// The absent text.
    @inlinable public static var none: TextRef { TextRef(start: 0, count: 0) }

    @inlinable public var isEmpty: Bool { count == 0 }

    /// The byte range in the tape's text.
    @inlinable public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }

    /// The part of this text that the offsets `range` (relative to its own start) name.
    @inlinable
    public func part(_ range: Range<Int>) -> TextRef {
        TextRef(start: start + UInt32(range.lowerBound), count: UInt32(range.count))
    }
}
