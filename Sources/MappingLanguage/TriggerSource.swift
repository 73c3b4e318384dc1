/// A trigger's text with the means to speak of places in it.
struct TriggerSource {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The byte at a place; nil behind the end.
    subscript(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

    /// `column 7`, or `line 2, column 7` where the text has several lines. Columns count characters, from one.
    func place(_ offset: Int) -> String {
        let before = bytes.prefix(offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        guard bytes.contains(UInt8(ascii: "\n")) else { return "column \(column)" }
        return "line \(before.count { $0 == UInt8(ascii: "\n") } + 1), column \(column)"
    }

    /// A piece of the text between backquotes, cut where it is long; `the end` for an empty one.
    func quoted(_ range: Range<Int>) -> String {
        guard !range.isEmpty else { return "the end" }
        let text = String(decoding: bytes[range], as: UTF8.self)
        return text.count > 40 ? "`\(text.prefix(40))…`" : "`\(text)`"
    }

    /// The whole character that starts at a place, as a range of bytes.
    func character(at offset: Int) -> Range<Int> {
        var end = offset + 1
        while let next = self[end], next & 0xC0 == 0x80 { end += 1 }
        return offset..<Swift.min(end, bytes.count)
    }

    /// A fault that names the place, what stands there, and what belongs there.
    func fault(_ range: Range<Int>, expected: String) -> MappingFault {
        MappingFault(path: [], message: "\(place(range.lowerBound)): found \(quoted(range)), expected \(expected)")
    }

    /// A fault that names the place and says what is wrong there.
    func fault(at offset: Int, _ message: String) -> MappingFault {
        MappingFault(path: [], message: "\(place(offset)): \(message)")
    }
}
