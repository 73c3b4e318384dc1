import RelayApp

/// An explanation as a person reads it.
struct ExplanationText {
    let text: String

    init(_ explanation: Explainer.Explanation) {
        let parts = explanation.results.map { result in
            switch result {
            case .notSent(let reason, let text): "  not sent: \(reason) - \(text)"
            case .dead(let reason, let text): "  dead letter: \(reason) - \(text)"
            case .event(let event): Self.lines(of: event)
            case .destinations(let names): "  for \(names.joined(separator: ", ")):"
            case .dropped(let mapping, let eventName, let behind):
                "  dropped: mapping \(mapping) gives \(eventName) too; that of \(behind) stands"
            }
        }
        text = (["\(explanation.input)"] + parts).joined(separator: "\n") + "\n"
    }

    private static func lines(of event: ExplainedEvent) -> String {
        let nameWidth = event.fields.map(\.name.count).max() ?? 0
        let valueWidth = min(48, event.fields.map { shown($0.value).count }.max() ?? 0)
        var lines = event.mapping.isEmpty ? [] : ["  by mapping \(event.mapping):"]
        lines += event.fields.map { field in
            let origin = field.origin.isEmpty ? "" : "  <- \(field.origin)"
            return "  \(padded(field.name, nameWidth))  \(padded(shown(field.value), valueWidth))\(origin)"
        }
        for warning in event.warnings { lines.append("  warning: \(warning.field): \(warning.text)") }
        if let fault = event.fault {
            lines.append("  upstream schema: refused (\(fault.reason), \(fault.field)); it would become a dead letter")
        } else {
            lines.append("  upstream schema: accepted")
        }
        return lines.joined(separator: "\n")
    }

    /// Hashes and long values are cut: the eye wants to compare, not to read them.
    private static func shown(_ value: String) -> String {
        value.count > 48 ? "\(value.prefix(45))..." : value
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
