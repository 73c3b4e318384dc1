import Logging

/// Builds one log line of bounded length. A field that no longer fits is left out, and the line says so.
struct LogLine {
    private static let ownKeys = ["time", "level", "logger", "message", "suppressed", "truncated"]
    private static let maxValueByteCount = 1024
    private static let maxDepth = 3

    private let format: LogOutput.Format
    private var bytes: [UInt8] = []
    private var isTruncated = false

    init(format: LogOutput.Format) { self.format = format }

    /// One of the handler's own fields.
    mutating func field(_ key: String, _ value: String) {
        append(key, format == .json ? Self.quoted(value) : Self.words(value))
    }

    mutating func metadata(_ key: String, _ value: Logger.Metadata.Value) {
        let key = Self.ownKeys.contains(key) ? key + "_" : key
        append(key, format == .json ? Self.json(value, depth: 0) : Self.words(value.description))
    }

    /// The line with its line feed.
    func finished() -> [UInt8] {
        switch format {
        case .json:
            let end = isTruncated ? ",\"truncated\":true}\n" : "}\n"
            return Array("{".utf8) + bytes + Array(end.utf8)
        case .text: return bytes + Array((isTruncated ? " (truncated)\n" : "\n").utf8)
        }
    }

    private mutating func append(_ key: String, _ value: String) {
        var piece = bytes.isEmpty ? "" : format == .json ? "," : " "
        switch format {
        case .json: piece += Self.quoted(key) + ":" + value
        case .text: piece += Self.ownKeys.contains(key) && key != "suppressed" ? value : "\(Self.words(key))=\(value)"
        }
        // Room for the brackets and the word that tells of a truncation.
        guard bytes.count + piece.utf8.count + 24 <= LogOutput.maxLineByteCount else {
            isTruncated = true
            return
        }
        bytes += piece.utf8
    }

    private static func json(_ value: Logger.Metadata.Value, depth: Int) -> String {
        guard depth < maxDepth else { return quoted("...") }
        switch value {
        case .string(let text): return quoted(text)
        case .stringConvertible(let thing): return quoted(thing.description)
        case .array(let items):
            return "[" + items.map { json($0, depth: depth + 1) }.joined(separator: ",") + "]"
        case .dictionary(let entries):
            let sorted = entries.sorted { $0.key < $1.key }
            return "{" + sorted.map { quoted($0.key) + ":" + json($0.value, depth: depth + 1) }.joined(separator: ",")
                + "}"
        }
    }

    /// Text cut to its bound, without control characters.
    private static func words(_ text: String) -> String {
        var words = ""
        for scalar in cut(text).unicodeScalars {
            words.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? " " : scalar)
        }
        return words
    }

    private static func quoted(_ text: String) -> String { JSONText.quoted(cut(text)) }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maxValueByteCount else { return text }
        var end = text.startIndex
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > maxValueByteCount { break }
            end = text.unicodeScalars.index(after: end)
        }
        return String(text.unicodeScalars[..<end]) + "..."
    }
}
