import Foundation

/// Events as text that can be compared line by line.
enum GoldenEvents {
    /// The whole events of a case's expectation; hashes lose the texts that explain them.
    static func lines(ofExpected json: String) -> [String] {
        guard let events = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Any] else {
            return ["not a JSON array: \(json)"]
        }
        return lines(of: events.map(withoutRemarks))
    }

    /// Every member in the order of names, one a line.
    static func lines(of events: [Any]) -> [String] {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data = (try? JSONSerialization.data(withJSONObject: events, options: options)) ?? Data()
        return String(decoding: data, as: UTF8.self).components(separatedBy: "\n")
    }

    /// What is missing (`-`) and what is too much (`+`), each with its line; empty when both are alike.
    static func difference(_ expected: [String], _ actual: [String]) -> String {
        actual.difference(from: expected).map { change in
            switch change {
            case .remove(let offset, let line, _): "- \(offset): \(line)"
            case .insert(let offset, let line, _): "+ \(offset): \(line)"
            }
        }.joined(separator: "\n")
    }

    /// Every `<hash> = <text>` of a file's expectations.
    static func hashes(in text: String) -> [(hash: String, text: String)] {
        text.components(separatedBy: "\"").compactMap { part in
            split(part).map { (hash: $0, text: part.replacingOccurrences(of: $0 + mark, with: "")) }
        }
    }

    private static let mark = " = "

    private static func split(_ text: String) -> String? {
        guard let mark = text.range(of: mark) else { return nil }
        let hash = text[..<mark.lowerBound]
        let isHash = (hash.count == 64 || hash.count == 32) && hash.allSatisfy(\.isHexDigit)
        return isHash ? String(hash) : nil
    }

    private static func withoutRemarks(_ value: Any) -> Any {
        switch value {
        case let text as String: split(text) ?? text
        case let list as [Any]: list.map(withoutRemarks)
        case let object as [String: Any]: object.mapValues(withoutRemarks)
        default: value
        }
    }
}
