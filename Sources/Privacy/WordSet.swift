/// A closed set of short ASCII words, compared byte by byte without hashing or allocation.
struct WordSet: Sendable {
    /// All words, shortest first, one behind the other.
    private var bytes: [UInt8] = []
    /// Where the words of each length start in ``bytes``; one more entry than there are lengths.
    private var starts: [Int] = [0]

    /// Takes words as they are; an empty one is ignored.
    init(_ words: [String]) {
        let encoded = words.map { Array($0.utf8) }
        let longest = encoded.map(\.count).max() ?? 0
        for length in 0...longest {
            for word in encoded where word.count == length { bytes += word }
            starts.append(bytes.count)
        }
    }

    func contains(_ word: Span<UInt8>) -> Bool {
        let length = word.count
        guard length > 0, length + 1 < starts.count else { return false }
        for start in stride(from: starts[length], to: starts[length + 1], by: length)
        where hasWord(word, at: start) {
            return true
        }
        return false
    }

    @inline(__always)
    private func hasWord(_ word: Span<UInt8>, at start: Int) -> Bool {
        for index in word.indices where bytes[start + index] != word[index] { return false }
        return true
    }
}
