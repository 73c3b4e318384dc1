/// A text to look for in other texts. The search takes time linear in the text, whatever stands there.
struct TriggerNeedle: Sendable {
    let bytes: [UInt8]
    /// For each prefix of the needle, how long its longest proper prefix is that also ends it (Knuth, Morris, Pratt).
    private let borders: [Int32]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var borders = [Int32](repeating: 0, count: bytes.count)
        var length = 0
        for index in bytes.indices.dropFirst() {
            while length > 0, bytes[index] != bytes[length] { length = Int(borders[length - 1]) }
            if bytes[index] == bytes[length] { length += 1 }
            borders[index] = Int32(length)
        }
        self.borders = borders
    }

    /// - Returns: where the first occurrence at or behind `start` ends; nil when there is none.
    func end(in text: Span<UInt8>, from start: Int) -> Int? {
        guard !bytes.isEmpty else { return start }
        var length = 0
        var index = start
        while index < text.count {
            while length > 0, text[index] != bytes[length] { length = Int(borders[length - 1]) }
            if text[index] == bytes[length] { length += 1 }
            index += 1
            if length == bytes.count { return index }
        }
        return nil
    }

    /// True when the needle stands at `offset`.
    func stands(in text: Span<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, text.count - offset >= bytes.count else { return false }
        for index in bytes.indices where text[offset + index] != bytes[index] { return false }
        return true
    }
}
