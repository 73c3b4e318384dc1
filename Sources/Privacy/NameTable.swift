/// Records `name=code` in one literal, sorted by name, a space behind each: searched where they stand.
struct NameTable: Sendable {
    private let records: String

    /// - Parameter records: sorted by the bytes of the names, which hold neither `=` nor space.
    init(_ records: String) { self.records = records }

    /// - Returns: the name's code; nil without one.
    func code(of name: Span<UInt8>) -> PackedLetters? {
        let bytes = records.utf8.span
        // Both ends are starts of records, or the end of the table.
        var low = 0
        var high = bytes.count
        while low < high {
            let start = Self.startOfRecord(bytes, at: (low + high) / 2)
            let (order, end) = Self.compare(name, bytes, at: start)
            if order == 0 { return Self.code(bytes, at: end) }
            if order < 0 { high = start } else { low = Self.endOfRecord(bytes, at: end) }
        }
        return nil
    }

    private static func startOfRecord(_ bytes: Span<UInt8>, at position: Int) -> Int {
        var start = position
        while start > 0, bytes[start - 1] != UInt8(ascii: " ") { start -= 1 }
        return start
    }

    private static func endOfRecord(_ bytes: Span<UInt8>, at position: Int) -> Int {
        var end = position
        while end < bytes.count, bytes[end] != UInt8(ascii: " ") { end += 1 }
        return min(end + 1, bytes.count)
    }

    /// - Returns: below, at or above 0 as the name sorts against the record's, and where the two part.
    private static func compare(_ name: Span<UInt8>, _ bytes: Span<UInt8>, at start: Int) -> (order: Int, end: Int) {
        var position = start
        for index in name.indices {
            guard position < bytes.count, bytes[position] != UInt8(ascii: "=") else { return (1, position) }
            if name[index] != bytes[position] { return (name[index] < bytes[position] ? -1 : 1, position) }
            position += 1
        }
        return (position < bytes.count && bytes[position] == UInt8(ascii: "=") ? 0 : -1, position)
    }

    /// The code behind the `=` at `position`.
    private static func code(_ bytes: Span<UInt8>, at position: Int) -> PackedLetters? {
        var end = position + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: " ") { end += 1 }
        return PackedLetters(bytes.extracting((position + 1)..<end))
    }
}
