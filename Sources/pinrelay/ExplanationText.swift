import Foundation
import RelayApp

/// An explanation as a person reads it on a terminal.
struct ExplanationText {
    private var lines: [String] = []

    var text: String { lines.joined(separator: "\n") }

    init(_ explanation: Explanation) {
        for call in explanation.calls { add(call) }
        for skipped in explanation.skipped { lines.append("skipped: \(skipped.title): \(skipped.why)") }
        let sums = explanation.sums
        var parts = ["\(sums.sent) would be sent"]
        if sums.notSent > 0 { parts.append("\(sums.notSent) not sent") }
        if sums.dead > 0 { parts.append("\(sums.dead) would become dead letters") }
        if sums.refused > 0 { parts.append("\(sums.refused) refused as a whole call") }
        lines.append(parts.joined(separator: ", "))
    }

    private mutating func add(_ call: ExplainedCall) {
        var head = call.title
        if let source = call.source {
            let how =
                switch call.sourceChoice {
                case .assumed: " (assumed: the input brings no key)"
                case .named: " (as asked for)"
                case .key, nil: ""
                }
            head += "\n  source: \(source)\(how) -> \(call.destinations.joined(separator: ", "))"
        }
        lines.append(head)
        for note in call.notes { lines.append("  note: \(note)") }
        if let refusal = call.refusal {
            lines.append("  the call would be refused: \(refusal.code) - \(refusal.message)")
        }
        for event in call.events { add(event) }
        lines.append("")
    }

    private mutating func add(_ event: ExplainedInput) {
        lines.append("\n  \(event.kind)" + (event.name.isEmpty ? "" : " \"\(event.name)\""))
        for outcome in event.outcomes { add(outcome) }
        for sentence in event.gaveWay { lines.append("    dropped: \(sentence)") }
        if !event.unused.isEmpty { lines.append("    not used: " + event.unused.joined(separator: ", ")) }
    }

    private mutating func add(_ event: ExplainedEvent) {
        if let name = event.eventName { lines.append("    becomes \(name)") }
        if !event.destinations.isEmpty { lines.append("    for \(event.destinations.joined(separator: ", ")):") }
        if let mapping = event.mapping { lines.append("    mapping: \(mapping)") }
        let width = event.fields.map(\.name.count).max() ?? 0
        for field in event.fields { add(field, width) }
        for loss in event.leftOut {
            let path = loss.path.isEmpty ? "" : " <- \(loss.path)"
            let given = loss.given.isEmpty ? "" : " " + loss.given.map(Self.quoted).joined(separator: ", ")
            lines.append("      ! \(loss.field)\(path)\(given): \(loss.text) (\(loss.kind))")
        }
        lines.append("    " + Self.verdict(event))
    }

    private static func verdict(_ event: ExplainedEvent) -> String {
        let reason = event.reason.map { "\($0.label) - \($0.text)" } ?? ""
        switch event.result {
        case .sent: return "upstream schema: accepted; it would be sent"
        case .notSent: return "not sent: \(reason)"
        case .dead where event.json.isEmpty: return "dead letter: \(reason)"
        case .dead: return "upstream schema: refused at \(event.faultyField ?? "?"); dead letter: \(reason)"
        }
    }

    private mutating func add(_ field: ExplainedField, _ width: Int) {
        let name = field.name.padding(toLength: width, withPad: " ", startingAt: 0)
        let sent = field.sent.map { Self.shown($0, field.isHashed) }.joined(separator: ", ")
        lines.append("      \(name)  \(sent)")
        let indent = String(repeating: " ", count: width + 8)
        for value in field.values where !(value.path.isEmpty && value.given.isEmpty) {
            var line = "<- \(value.path.isEmpty ? "?" : value.path)"
            if [value.given] != field.sent { line += "  \(Self.quoted(value.given))" }
            if !value.normalised.isEmpty, value.normalised != [value.given] {
                line += " -> " + value.normalised.map(Self.quoted).joined(separator: ", ")
            }
            lines.append(indent + line)
        }
        if !field.rules.isEmpty {
            let rules = field.rules.map { "\($0.text) [\($0.section)]" }
            lines.append(indent + "=  " + rules.joined(separator: "; "))
        }
    }

    /// A hash is cut: the eye wants to compare, not to read it.
    private static func shown(_ text: String, _ isHash: Bool) -> String {
        if isHash { return "\(text.prefix(12))..." }
        return cut(text)
    }

    private static func quoted(_ text: String) -> String { "\"\(cut(text))\"" }

    private static func cut(_ text: String) -> String { text.count > 100 ? "\(text.prefix(97))..." : text }
}
