import Digests
import HTTPIngress
import RelayModel
public import Settings
import WireCodec

// CaseRunner: runs the cases of `pinrelay test` offline, through the very rooms of the running relay, with a clock that
// each case sets.

/// Runs cases; it belongs to one thread.
public final class CaseRunner {
    private let explainer: Explainer
    private let hasher: SHA256Hasher

    public init(settings: RelaySettings) throws {
        explainer = try Explainer(settings: settings)
        hasher = try SHA256Hasher()
    }

    public func run(_ file: MappingCaseFile) -> [CaseResult] {
        file.cases.map { run($0, in: file.path) }
    }

    private func run(_ case: MappingCase, in file: String) -> CaseResult {
        var result = CaseResult(file: file, line: `case`.line, name: `case`.name)
        do {
            let explanation = try explanation(of: `case`)
            result.differences = differences(`case`, explanation)
        } catch {
            result.fault = "\(error)"
        }
        return result
    }

    // MARK: Input

    private func explanation(of case: MappingCase) throws -> Explanation {
        var options = Explainer.Options()
        options.source = `case`.source
        options.receivedAtMicros = `case`.receivedAtMicros ?? MappingCase.standardTimeMicros
        if let kind = `case`.inputKind {
            options.kind = PastedKind(rawValue: kind)
            let kinds = PastedKind.allCases.map(\.rawValue).joined(separator: ", ")
            if options.kind == nil { throw Explainer.Unreadable(description: "as: expected one of \(kinds)") }
        }
        switch `case`.input {
        case .text(let text): return try explainer.explain(text, options)
        case .tree(let node): return try explainer.explain(node.json, options)
        case .request(let request):
            let call = PastedCall(content: .request(PastedRequest(request)), credentials: .assumed)
            let explanation = try explainer.explain([call], of: .curl, options)
            if let skipped = explanation.skipped.first {
                throw Explainer.Unreadable(description: "\(skipped.title): \(skipped.why)")
            }
            return explanation
        }
    }

    // MARK: Comparison

    /// What came of one Pinterest event, or why there is none.
    private enum Actual {
        case reason(String)
        case event(ExplainedEvent)

        var title: String {
            switch self {
            case .reason(let label): "reason \(label)"
            case .event(let event): event.eventName ?? "an event"
            }
        }
    }

    private func differences(_ case: MappingCase, _ explanation: Explanation) -> [CaseDifference] {
        var differences: [CaseDifference] = []
        let actual = explanation.calls.flatMap(Self.outcomes)
        for index in 0..<max(actual.count, `case`.expected.count) {
            let expected = `case`.expected.indices.contains(index) ? `case`.expected[index] : nil
            let came = actual.indices.contains(index) ? actual[index] : nil
            let place = "event \(index + 1)"
            switch (expected, came) {
            case (.event(let node)?, .event(let event)?):
                let place = "\(place) (\(event.eventName ?? "?"))"
                differences += compare(ExpectedLeaves(node), event, `case`.match, place)
            case (.reason(let label)?, .reason(let other)?) where label == other: break
            default:
                differences.append(
                    CaseDifference(place: place, field: "", expected: expected?.title, actual: came?.title))
            }
        }
        if let warnings = `case`.warnings {
            differences += compare(warnings.map { "\($0.field): \($0.kind)" }, explanation, `case`.match)
        }
        return differences
    }

    private static func outcomes(_ call: ExplainedCall) -> [Actual] {
        if let refusal = call.refusal { return [.reason(refusal.code)] }
        return call.events.flatMap(\.outcomes).map { event in
            event.result == .sent ? .event(event) : .reason(event.reason?.label ?? "")
        }
    }

    private func compare(
        _ expected: ExpectedLeaves, _ event: ExplainedEvent, _ match: MappingCase.Match, _ place: String
    ) -> [CaseDifference] {
        var differences: [CaseDifference] = []
        var rest = JSONLeaves.of(json: event.json, joinsLists: false).map { (path: $0.path, text: $0.texts[0]) }
        let clear = clearTexts(of: event)
        for (path, value) in expected.leaves {
            let found = rest.filter { $0.path == path || (value.coversMembers && $0.path.isMember(of: path)) }
            rest.removeAll { leaf in found.contains { $0.path == leaf.path } }
            guard let text = mismatch(value, found.first?.text) else { continue }
            differences.append(
                CaseDifference(
                    place: place, field: path, expected: text.isEmpty ? nil : text,
                    actual: found.first.map { shown($0.text, clear) }))
        }
        for leaf in rest where match == .exact || expected.listCounts.contains(where: { leaf.path.isBehind($0) }) {
            differences.append(
                CaseDifference(place: place, field: leaf.path, expected: nil, actual: shown(leaf.text, clear)))
        }
        return differences
    }

    /// - Returns: nil when the value is as expected; else what was expected, empty for nothing.
    private func mismatch(_ expected: ExpectedValue, _ actual: String?) -> String? {
        switch expected {
        case .text(let text): text == actual ? nil : text
        case .hashOf(let text): hash(text) == actual ? nil : "\(text) (\(hash(text).prefix(12))...)"
        case .present: actual == nil ? "any value" : nil
        case .absent: actual == nil ? nil : ""
        }
    }

    private func hash(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return hasher.sha256(bytes.span).hex
    }

    /// The texts behind an event's hashes.
    private func clearTexts(of event: ExplainedEvent) -> [String: String] {
        var texts: [String: String] = [:]
        for text in event.fields.flatMap(\.values).flatMap(\.normalised) { texts[hash(text)] = text }
        return texts
    }

    private func shown(_ text: String, _ clear: [String: String]) -> String {
        clear[text].map { "\($0) (\(text.prefix(12))...)" } ?? text
    }

    private func compare(
        _ expected: [String], _ explanation: Explanation, _ match: MappingCase.Match
    ) -> [CaseDifference] {
        let losses = explanation.calls.flatMap(\.events).flatMap(\.outcomes).flatMap(\.leftOut)
        var actual = losses.map { "\($0.field): \($0.kind)" }
        var differences: [CaseDifference] = []
        for warning in expected {
            if let index = actual.firstIndex(of: warning) {
                actual.remove(at: index)
            } else {
                differences.append(CaseDifference(place: "warnings", field: "", expected: warning, actual: nil))
            }
        }
        guard match == .exact else { return differences }
        return differences + actual.map { CaseDifference(place: "warnings", field: "", expected: nil, actual: $0) }
    }
}

extension MappingCase.Expected {
    fileprivate var title: String {
        switch self {
        case .reason(let label): "reason \(label)"
        case .event(let node): node.members?.last { $0.key == "event_name" }?.value.scalar ?? "an event"
        }
    }
}

extension ExpectedValue {
    /// `any` and null speak of a whole object or list, too.
    fileprivate var coversMembers: Bool { self == .present || self == .absent }
}

extension String {
    fileprivate func isMember(of path: String) -> Bool { hasPrefix(path + ".") || hasPrefix(path + "[") }

    /// Stands in a list behind the last element that is expected.
    fileprivate func isBehind(_ list: (path: String, count: Int)) -> Bool {
        guard hasPrefix(list.path + "["), let index = Int(dropFirst(list.path.count + 1).prefix { $0.isNumber }) else {
            return false
        }
        return index >= list.count
    }
}
