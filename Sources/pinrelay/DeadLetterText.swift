import Foundation
import RelayApp

/// Dead letters for people to read.
enum DeadLetterText {
    /// Names and ids come from senders: none of them may be an order to the reader's terminal.
    private static func printable(_ text: String) -> String {
        let shown = text.unicodeScalars.map { scalar in
            [.control, .format].contains(scalar.properties.generalCategory) ? "?" : scalar
        }
        return String(String.UnicodeScalarView(shown))
    }

    static func table(_ list: DeadLetterList) -> String {
        guard !list.deadLetters.isEmpty else { return "There are no such dead letters." }
        let head = ["number", "since", "destination", "event", "id", "reason", "tries", "message"]
        let rows = list.deadLetters.map { line in
            [
                "\(line.id)", line.storedAt, line.destination ?? "-", line.eventName.isEmpty ? "-" : line.eventName,
                line.eventID.isEmpty ? "-" : line.eventID, line.reason, "\(line.attempts)", line.message,
            ].map(printable)
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        var lines = ([head] + rows).map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
                .trimmingCharacters(in: .whitespaces)
        }
        if let next = list.next { lines.append("There are more: --before \(next)") }
        return lines.joined(separator: "\n")
    }

    static func page(_ line: DeadLetterLine, event: String?) -> String {
        let time = line.eventTime.map { ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: Double($0))) }
        let fields = [
            ("number", "\(line.id)"), ("destination", line.destination), ("source", line.source),
            ("event", line.eventName), ("event id", line.eventID), ("event time", time),
            ("reason", line.reasonText.isEmpty ? line.reason : "\(line.reason): \(line.reasonText)"),
            ("message", line.message), ("attempts", "\(line.attempts)"), ("dead since", line.storedAt),
            ("replay", line.notReplayable.map { "not possible: \($0)" } ?? "possible"),
        ]
        var lines = fields.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : name.padding(toLength: 12, withPad: " ", startingAt: 0) + printable($0) }
        }
        if let event { lines.append("\n" + event) }
        return lines.joined(separator: "\n")
    }

    /// The event of a shown letter, over several lines; nil where there is none.
    static func event(in body: [UInt8]) -> String? {
        let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let event = object?["event"],
            let data = try? JSONSerialization.data(withJSONObject: event, options: options)
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
