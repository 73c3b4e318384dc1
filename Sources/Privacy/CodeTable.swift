/// Records of one width in one literal, sorted by their keys, which stand beside as numbers: a search is a few
/// comparisons of words.
struct CodeTable: Sendable {
    private let records: String
    private let width: Int
    private let keyWidth: Int
    private let keys: [UInt64]

    /// - Parameters:
    ///   - records: sorted ASCII, `width` bytes each.
    ///   - keyWidth: how many bytes of each, at most eight, are its key.
    init(_ records: String, width: Int, keyWidth: Int) {
        self.records = records
        self.width = width
        self.keyWidth = keyWidth
        let bytes = records.utf8.span
        keys = (0..<bytes.count / width).map { index in
            Self.key(of: bytes.extracting((index * width)..<(index * width + keyWidth)))
        }
    }

    /// - Returns: the rest of the key's record; nil without one.
    func value(of key: UInt64) -> PackedLetters? {
        find(key).flatMap { PackedLetters(records.utf8.span.extracting(($0 + keyWidth)..<($0 + width))) }
    }

    func contains(_ key: UInt64) -> Bool { find(key) != nil }

    /// - Returns: where the key's record starts.
    private func find(_ key: UInt64) -> Int? {
        let keys = keys.span
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low * width : nil
    }

    /// At most eight bytes as one number, the first one highest.
    static func key(of bytes: Span<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        for index in bytes.indices { key = key << 8 | UInt64(bytes[index]) }
        return key
    }
}
