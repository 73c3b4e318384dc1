import Foundation
import Testing

/// A file of golden cases, written as people write requests down: `.http` files, with what has to leave behind each.
///
///     @name = value                 a variable, used as {{name}}
///     ### title                     a case begins
///     # remark                      the rules that decide
///     POST /path                    the request; lines that begin with white space go on with the target
///     Header: value
///                                   an empty line, then the body; the lines of a hit's body are joined by CRLF
///     => 200, not sent: bot         the answer; the reasons for which events are not sent, or are `dead: ...`
///     [{...}]                       the whole events that leave, in order; nothing where none does
///
/// A hash stands with the text that it is of: `"8c87... = jane@example.com"`; U+001F shows as `␟`. Times are relative to
/// the sending of the case (``GoldenClock``).
struct GoldenFile: CustomTestStringConvertible {
    var name: String
    var cases: [GoldenCase] = []

    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    init(name: String, text: String) throws {
        self.name = name
        var variables: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("@") {
            let parts = line.dropFirst().split(separator: "=", maxSplits: 1)
            if parts.count == 2 { variables[parts[0].trimmed] = parts[1].trimmed }
        }
        for section in text.components(separatedBy: "\n### ").dropFirst() {
            let filled = variables.reduce(section) { $0.replacingOccurrences(of: "{{\($1.key)}}", with: $1.value) }
            cases.append(try GoldenCase(filled))
        }
    }

    var testDescription: String { "\(name), \(cases.count) cases" }
}

/// One request, and what has to become of it.
struct GoldenCase {
    var title: String
    var method = ""
    var target = ""
    var headers: [String: String] = [:]
    var body = ""
    var status = 0
    /// Labels of reasons, each as often as it has to be counted.
    var notSent: [String] = []
    var dead: [String] = []
    /// A JSON array, with hashes and times as they are written.
    var events = "[]"

    init(_ section: String) throws {
        var lines = section.components(separatedBy: "\n")[...]
        title = lines.removeFirst()
        let unreadable = GoldenFile.Unreadable(description: "golden case without request or answer: \(title)")
        while lines.first.map({ $0.isEmpty || $0.hasPrefix("#") }) == true { lines.removeFirst() }
        guard let request = lines.popFirst()?.split(separator: " "), request.count == 2 else { throw unreadable }
        (method, target) = (String(request[0]), String(request[1]))
        while let line = lines.first, line.hasPrefix(" ") {
            target += line.trimmed
            lines.removeFirst()
        }
        while let line = lines.popFirst(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw unreadable }
            headers[String(parts[0])] = parts[1].trimmed
        }
        guard let answer = lines.firstIndex(where: { $0.hasPrefix("=> ") }) else { throw unreadable }
        let separator = target.hasPrefix("/g/collect") ? "\r\n" : "\n"
        body = lines[..<answer].drop(while: \.isEmpty).joined(separator: separator).trimmed
        readAnswer(lines[answer].dropFirst(3))
        let expected = lines[(answer + 1)...].joined(separator: "\n").trimmed
        if !expected.isEmpty { events = expected }
    }

    private mutating func readAnswer(_ line: Substring) {
        for part in line.split(separator: ",") {
            let words = part.trimmed.split(separator: ":").map { $0.trimmed }
            let reasons = words.count == 2 ? words[1].split(separator: " ").map(String.init) : []
            switch words[0] {
            case "not sent": notSent = reasons
            case "dead": dead = reasons
            default: status = Int(words[0]) ?? 0
            }
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// The files beside these tests.
enum GoldenFiles {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Cases"

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }

    static var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return all.filter { $0.hasSuffix(".http") }.sorted()
    }
}
