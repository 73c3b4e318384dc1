// Writing the tape: parsed bodies are taken over whole, GA4 hits and derived texts are appended.
extension EventTape {
    /// Takes over a parsed document: its tape words and its texts, in simdjson's layout. The tape must be empty.
    /// - Parameters:
    ///   - words: the whole tape, root words included (the document is the value after the first word).
    ///   - texts: the string buffer that the words' payloads index.
    /// - Returns: the document's outermost value.
    public mutating func adopt(words newWords: Span<UInt64>, texts: Span<UInt8>) -> TapeNode {
        precondition(words.isEmpty, "a tape takes one parsed document")
        textBase = text.count
        words.append(copying: newWords)
        text.append(copying: texts)
        return TapeNode(1)
    }

    /// Appends derived text and names it.
    @discardableResult
    public mutating func append(_ bytes: some Collection<UInt8>) -> TextRef {
        let start = text.count
        text.append(contentsOf: bytes)
        return TextRef(start: UInt32(start), count: UInt32(text.count - start))
    }

    /// Appends derived text and names it.
    @discardableResult
    public mutating func append(_ bytes: Span<UInt8>) -> TextRef {
        let start = text.count
        text.append(copying: bytes)
        return text(from: start)
    }

    /// Lets `write` append to the tape's bytes and names what it appended. It may read what stands there already, and
    /// must not change it.
    public mutating func append(with write: (inout [UInt8]) -> Void) -> TextRef {
        let start = text.count
        write(&text)
        precondition(text.count >= start, "texts of a tape are only ever appended")
        return text(from: start)
    }

    /// Where the next appended byte will stand.
    public var textEnd: Int { text.count }

    /// The text from `start` to the end of the tape.
    public func text(from start: Int) -> TextRef {
        TextRef(start: UInt32(start), count: UInt32(text.count - start))
    }

    // MARK: Values

    /// Opens an object. Values written until ``close()`` are its members, each behind a ``key(_:)``.
    @discardableResult
    public mutating func openObject() -> TapeNode { openContainer(Tag.object) }

    @discardableResult
    public mutating func openArray() -> TapeNode { openContainer(Tag.array) }

    /// Closes the innermost open container.
    public mutating func close() {
        guard let start = open.popLast() else { preconditionFailure("close() without an open container") }
        let isObject = tag(TapeNode(start)) == Tag.object
        push(isObject ? Tag.objectEnd : Tag.arrayEnd, UInt64(start))
        words[start] |= UInt64(words.count)
    }

    /// Writes a member's key: the bytes are copied.
    public mutating func key(_ name: some Collection<UInt8>) { string(copying: name) }

    public mutating func key(_ name: Span<UInt8>) { string(copying: name) }

    public mutating func key(_ name: StaticString) { string(copying: name) }

    /// Writes a member's key that is a text of this tape.
    public mutating func key(_ name: TextRef) { string(name) }

    /// Writes the key of a member that stands elsewhere on this tape; its text is shared.
    public mutating func key(of member: TapeMember) { words.append(words[Int(member.key.index)]) }

    /// Writes a string value, copying its bytes.
    @discardableResult
    public mutating func string(copying bytes: some Collection<UInt8>) -> TapeNode { stored(Tag.string, bytes) }

    @discardableResult
    public mutating func string(copying text: StaticString) -> TapeNode { text.withBytes { string(copying: $0) } }

    @discardableResult
    public mutating func string(copying bytes: Span<UInt8>) -> TapeNode {
        let at = startStoredText(count: bytes.count)
        text.append(copying: bytes)
        return push(Tag.string, UInt64(at - textBase))
    }

    /// Writes a string value that is already a text of this tape.
    @discardableResult
    public mutating func string(_ ref: TextRef) -> TapeNode { stored(Tag.string, copying: ref) }

    /// Writes a number that is kept as its text. The caller has checked that it is a JSON number.
    @discardableResult
    public mutating func decimal(_ ref: TextRef) -> TapeNode { stored(Tag.decimal, copying: ref) }

    @discardableResult
    public mutating func bool(_ value: Bool) -> TapeNode { push(value ? Tag.yes : Tag.no, 0) }

    @discardableResult
    public mutating func null() -> TapeNode { push(Tag.null, 0) }

    @discardableResult
    public mutating func integer(_ value: Int64) -> TapeNode {
        let node = push(Tag.signed, 0)
        words.append(UInt64(bitPattern: value))
        return node
    }

    /// Writes a finite number.
    @discardableResult
    public mutating func number(_ value: Double) -> TapeNode {
        if let whole = wholeNumber(value) { return integer(whole) }
        let node = push(Tag.double, 0)
        words.append(value.bitPattern)
        return node
    }

    /// How many words all values of the tape take, for callers that bound what they write.
    public var wordCount: Int { words.count }

    /// Writes a copy of a whole value of this tape; its texts are shared.
    @discardableResult
    public mutating func copy(_ node: TapeNode) -> TapeNode {
        let from = Int(node.index)
        let behind = indexBehind(node)
        let shift = words.count - from
        words.append(copyingOwn: from..<behind)
        // A value of one or two words holds no container.
        if behind - from > 2 || tag(node) == Tag.object || tag(node) == Tag.array {
            moveContainers(from: from + shift, to: behind + shift, by: shift)
        }
        return TapeNode(from + shift)
    }

    private mutating func moveContainers(from: Int, to: Int, by shift: Int) {
        var index = from
        while index < to {
            switch tag(TapeNode(index)) {
            case Tag.object, Tag.array, Tag.objectEnd, Tag.arrayEnd:
                words[index] = words[index] & ~0xFFFF_FFFF | UInt64(end(TapeNode(index)) + shift)
                index += 1
            case Tag.signed, Tag.unsigned, Tag.double: index += 2
            default: index += 1
            }
        }
    }

    private mutating func openContainer(_ tag: UInt8) -> TapeNode {
        let node = push(tag, 0)
        open.append(Int(node.index))
        return node
    }

    private mutating func stored(_ tag: UInt8, _ bytes: some Collection<UInt8>) -> TapeNode {
        let at = startStoredText(count: bytes.count)
        text.append(contentsOf: bytes)
        return push(tag, UInt64(at - textBase))
    }

    private mutating func stored(_ tag: UInt8, copying ref: TextRef) -> TapeNode {
        let at = startStoredText(count: Int(ref.count))
        text.append(copyingOwn: ref.range)
        return push(tag, UInt64(at - textBase))
    }

    /// Appends the length that stands before a stored text.
    /// - Returns: where it stands.
    private mutating func startStoredText(count: Int) -> Int {
        let at = text.count
        let length = UInt32(truncatingIfNeeded: count).littleEndian
        // The four bytes are read within the closure only.
        unsafe withUnsafeBytes(of: length) { unsafe text.append(contentsOf: $0) }
        return at
    }

    @discardableResult
    private mutating func push(_ tag: UInt8, _ payload: UInt64) -> TapeNode {
        words.append(UInt64(tag) << 56 | payload)
        return TapeNode(words.count - 1)
    }
}
