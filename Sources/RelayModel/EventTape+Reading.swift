// Walking the tape. All functions are total: a node of another kind answers "absent", never a trap.
extension EventTape {
    /// The JSON type of a value.
    @inlinable @inline(__always)
    public func kind(_ node: TapeNode) -> TapeKind {
        switch tag(node) {
        case Tag.object: .object
        case Tag.array: .array
        case Tag.string: .string
        case Tag.decimal, Tag.signed, Tag.unsigned, Tag.double: .number
        case Tag.yes, Tag.no: .bool
        default: .null
        }
    }

    /// The text of a string value; absent for every other kind.
    @inlinable @inline(__always)
    public func string(_ node: TapeNode) -> TextRef {
        tag(node) == Tag.string ? storedText(node) : .none
    }

    /// The value of a `true` or `false`; nil for every other kind.
    @inlinable
    public func bool(_ node: TapeNode) -> Bool? {
        switch tag(node) {
        case Tag.yes: true
        case Tag.no: false
        default: nil
        }
    }

    /// The bytes of a text. Do not hold the slice across a call that appends: that would copy the whole tape.
    public subscript(_ ref: TextRef) -> ArraySlice<UInt8> { text[ref.range] }

    /// A text as a `String`, for logs, errors and tests; not for the event path.
    public func copyString(_ ref: TextRef) -> String { String(decoding: text[ref.range], as: UTF8.self) }

    /// True when a text is exactly `name`.
    @inlinable
    public func matches(_ ref: TextRef, _ name: StaticString) -> Bool {
        text.span.extracting(ref.range).matches(name)
    }

    /// The member of an object by its exact key. The last one wins where a key is repeated, as in JavaScript.
    @inlinable
    public func member(_ object: TapeNode, _ key: StaticString) -> TapeNode? {
        var found: TapeNode?
        var cursor = firstMember(object)
        while let member = cursor {
            if matches(storedText(member.key), key) { found = member.value }
            cursor = nextMember(after: member, in: object)
        }
        return found
    }

    /// The member of an object by a key that is known at run time only. The last one wins where a key is repeated.
    public func member(_ object: TapeNode, named key: Span<UInt8>) -> TapeNode? {
        guard tag(object) == Tag.object else { return nil }
        let behind = end(object) - 1
        var index = Int(object.index) + 1
        var found: TapeNode?
        while index < behind {
            if isText(storedText(TapeNode(index)), key) { found = TapeNode(index + 1) }
            index = indexBehind(TapeNode(index + 1))
        }
        return found
    }

    private func isText(_ ref: TextRef, _ bytes: Span<UInt8>) -> Bool {
        Int(ref.count) == bytes.count && text.span.extracting(ref.range).isEqual(to: bytes)
    }

    /// The value at the end of a path of keys, with nulls counted as absent.
    public func value(_ object: TapeNode, _ path: StaticString...) -> TapeNode? {
        var node = object
        for key in path {
            guard let next = member(node, key) else { return nil }
            node = next
        }
        return kind(node) == .null ? nil : node
    }

    /// The first key and value of an object; nil for an empty object and for every other kind.
    @inlinable @inline(__always)
    public func firstMember(_ object: TapeNode) -> TapeMember? {
        guard tag(object) == Tag.object else { return nil }
        return member(at: Int(object.index) + 1, in: object)
    }

    @inlinable @inline(__always)
    public func nextMember(after member: TapeMember, in object: TapeNode) -> TapeMember? {
        self.member(at: indexBehind(member.value), in: object)
    }

    /// The first element of an array; nil for an empty array and for every other kind.
    @inlinable
    public func firstElement(_ array: TapeNode) -> TapeNode? {
        guard tag(array) == Tag.array, Int(array.index) + 1 < end(array) - 1 else { return nil }
        return TapeNode(Int(array.index) + 1)
    }

    @inlinable
    public func nextElement(after element: TapeNode, in array: TapeNode) -> TapeNode? {
        let next = indexBehind(element)
        return next < end(array) - 1 ? TapeNode(next) : nil
    }

    /// How many elements an array has; 0 for every other kind.
    public func elementCount(_ array: TapeNode) -> Int {
        var count = 0
        var cursor = firstElement(array)
        while let element = cursor {
            count += 1
            cursor = nextElement(after: element, in: array)
        }
        return count
    }

    /// How many members an object has; 0 for every other kind.
    public func memberCount(_ object: TapeNode) -> Int {
        var count = 0
        var cursor = firstMember(object)
        while let member = cursor {
            count += 1
            cursor = nextMember(after: member, in: object)
        }
        return count
    }

    /// About the size of a value as compact JSON, in bytes, and never more than it: so a limit holds against nothing that
    /// keeps to it. Exact for whole numbers, words, and texts without escapes; a fraction, whose digits as sent are gone,
    /// counts as the shortest one.
    public func approximateByteCount(_ node: TapeNode) -> Int {
        var index = Int(node.index)
        let behind = indexBehind(node)
        // Each value counts with the comma behind it, and the last one has none.
        var count = -1
        while index < behind {
            let word = TapeNode(index)
            switch tag(word) {
            case Tag.string: count += Int(storedText(word).count) + 3
            case Tag.decimal: count += numberByteCount(word) + 1
            case Tag.signed, Tag.unsigned, Tag.double:
                count += numberByteCount(word) + 1
                index += 1
            case Tag.no: count += 6
            case Tag.yes, Tag.null: count += 5
            default: count += 1
            }
            index += 1
        }
        return count
    }

    @inlinable @inline(__always)
    func member(at index: Int, in object: TapeNode) -> TapeMember? {
        guard index < end(object) - 1 else { return nil }
        return TapeMember(key: TapeNode(index), value: TapeNode(index + 1))
    }

    /// The index of the word behind a whole value.
    @inlinable @inline(__always)
    func indexBehind(_ node: TapeNode) -> Int {
        switch tag(node) {
        case Tag.object, Tag.array: end(node)
        case Tag.signed, Tag.unsigned, Tag.double: Int(node.index) + 2
        default: Int(node.index) + 1
        }
    }

    /// The text behind a string, key or decimal word.
    @inlinable @inline(__always)
    func storedText(_ node: TapeNode) -> TextRef {
        let at = textBase + payload(node)
        // Within the bounds, and any four bytes are a number.
        let count = unsafe text.span.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self)
        return TextRef(start: UInt32(truncatingIfNeeded: at + 4), count: UInt32(littleEndian: count))
    }
}

/// One key with its value inside an object.
public struct TapeMember: Hashable, Sendable {
    @usableFromInline let key: TapeNode
    public let value: TapeNode

    @inlinable
    init(key: TapeNode, value: TapeNode) {
        self.key = key
        self.value = value
    }
}

extension EventTape {
    /// The key of a member.
    @inlinable @inline(__always)
    public func key(_ member: TapeMember) -> TextRef { storedText(member.key) }
}
