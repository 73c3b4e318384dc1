/// Records of one width in one literal, sorted: searched where they stand, without copy or allocation.
struct CodeTable: Sendable {
    private let records: String
    private let width: Int
    private let keyWidth: Int

    /// - Parameters:
    ///   - records: sorted ASCII, `width` bytes each.
    ///   - keyWidth: how many bytes of each, at most eight, are its key.
    init(_ records: String, width: Int, keyWidth: Int) {
        self.records = records
        self.width = width
        self.keyWidth = keyWidth
    }

    /// - Returns: the rest of the key's record; nil without one.
    func value(of key: UInt64) -> PackedLetters? {
        find(key).flatMap { PackedLetters(records.utf8.span.extracting(($0 + keyWidth)..<($0 + width))) }
    }

    func contains(_ key: UInt64) -> Bool { find(key) != nil }

    /// - Returns: where the key's record starts.
    private func find(_ key: UInt64) -> Int? {
        let bytes = records.utf8.span
        var low = 0
        var high = bytes.count / width
        while low < high {
            let middle = (low + high) / 2
            let found = Self.key(of: bytes.extracting((middle * width)..<(middle * width + keyWidth)))
            if found == key { return middle * width }
            if found < key { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// At most eight bytes as one number, the first one highest.
    static func key(of bytes: Span<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        for index in bytes.indices { key = key << 8 | UInt64(bytes[index]) }
        return key
    }
}
