extension EventTape {
    /// The member of an object by the exact bytes of its key, for keys that a configuration names. The last one wins
    /// where a key is repeated, as in JavaScript. Nil for every other kind.
    public func member(_ object: TapeNode, spelled key: Span<UInt8>) -> TapeNode? {
        guard tag(object) == Tag.object else { return nil }
        var found: TapeNode?
        var index = Int(object.index) + 1
        let behind = end(object) - 1
        while index < behind {
            let value = TapeNode(index + 1)
            if isKey(TapeNode(index), key) { found = value }
            index = indexBehind(value)
        }
        return found
    }

    private func isKey(_ word: TapeNode, _ key: Span<UInt8>) -> Bool {
        let stored = storedText(word)
        return Int(stored.count) == key.count && text.span.extracting(stored.range).isEqual(to: key)
    }
}
