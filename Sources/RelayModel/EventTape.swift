/// A parsed document as two flat buffers: words that give its shape, and the bytes of all its texts.
///
/// This is the one shape in which incoming data is held between the socket and `Privacy`: a JSON body, a GA4 hit and
/// a Measurement Protocol body all become values on a tape. No tree of objects is built; a value is a ``TapeNode``
/// (an index into the words), a text is a ``TextRef`` (a range of the bytes).
///
/// The words follow simdjson's tape (a tag in the top byte, a payload below), so that a parsed body is taken over by
/// one copy. One tag is added: ``Tag/decimal``, a number that is kept as its own text, since GA4 hits carry numbers
/// as text and money must not pass through a binary fraction where it need not.
///
/// Invariants: a container's payload is the index behind its closing word; a key is a string word followed by its
/// value; a text's payload is the offset of a four-byte length that stands before its bytes. Texts are only ever
/// appended, so a ``TextRef`` stays valid until ``reset()``.
public struct EventTape: ~Copyable {
    /// The kinds of word, by simdjson's letters.
    ///
    /// They are computed, so that the readers below, which other modules inline, hold them as plain numbers.
    @usableFromInline
    enum Tag {
        @inlinable static var object: UInt8 { UInt8(ascii: "{") }
        @inlinable static var objectEnd: UInt8 { UInt8(ascii: "}") }
        @inlinable static var array: UInt8 { UInt8(ascii: "[") }
        @inlinable static var arrayEnd: UInt8 { UInt8(ascii: "]") }
        @inlinable static var string: UInt8 { UInt8(ascii: "\"") }
        @inlinable static var decimal: UInt8 { UInt8(ascii: "#") }
        @inlinable static var signed: UInt8 { UInt8(ascii: "l") }
        @inlinable static var unsigned: UInt8 { UInt8(ascii: "u") }
        @inlinable static var double: UInt8 { UInt8(ascii: "d") }
        @inlinable static var yes: UInt8 { UInt8(ascii: "t") }
        @inlinable static var no: UInt8 { UInt8(ascii: "f") }
        @inlinable static var null: UInt8 { UInt8(ascii: "n") }
    }

    @usableFromInline var words: [UInt64] = []
    /// All texts of the document, and whatever was derived from them since.
    public internal(set) var text: [UInt8] = []
    /// Where the document's own texts start in ``text``: string payloads count from here.
    @usableFromInline var textBase = 0
    /// Open containers of the value being built, innermost last.
    var open: [Int] = []

    public init() {}

    /// Forgets the document and keeps the memory. All nodes and texts of this tape end here.
    public mutating func reset() {
        words.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        textBase = 0
    }

    /// The outermost value of the parsed document; nil where no document was taken over.
    public var document: TapeNode? {
        guard let first = words.first, UInt8(truncatingIfNeeded: first >> 56) == UInt8(ascii: "r") else { return nil }
        return TapeNode(1)
    }

    @inlinable func tag(_ node: TapeNode) -> UInt8 { UInt8(truncatingIfNeeded: words[Int(node.index)] >> 56) }

    @inlinable func payload(_ node: TapeNode) -> Int { Int(words[Int(node.index)] & 0x00FF_FFFF_FFFF_FFFF) }

    /// Containers keep the index behind them in the low 32 bits; simdjson stores a count above.
    @inlinable func end(_ node: TapeNode) -> Int { Int(UInt32(truncatingIfNeeded: words[Int(node.index)])) }
}

/// A value on an ``EventTape``: the index of its first word.
public struct TapeNode: Hashable, Sendable {
    @usableFromInline let index: Int32

    @inlinable init(_ index: Int) { self.index = Int32(truncatingIfNeeded: index) }
}

/// A ``TapeNode`` or none, in four bytes, for tables of many that are made for each event.
public struct TapePlace: Sendable {
    @usableFromInline let index: Int32

    @inlinable
    public init(_ node: TapeNode?) { index = node?.index ?? -1 }

    @inlinable public static var empty: TapePlace { TapePlace(nil) }
    @inlinable public var node: TapeNode? { index < 0 ? nil : TapeNode(Int(index)) }
}

/// The JSON types, as a tape tells them apart.
public enum TapeKind: Sendable, Hashable {
    case object, array, string, number, bool, null
}
