import Delivery
import Foundation
import Mapping
import Privacy
import RelayModel

// From what the rooms wrote down to what a person reads.
extension ExplainedEvent {
    /// No mapping made an event.
    init(_ reason: NotSentReason, mapping: String?) {
        self.init(result: .notSent, reason: (reason.rawValue, reason.text), mapping: mapping)
    }

    /// What stands where an event should be.
    init(_ reason: DeadReason, text: String) {
        self.init(result: .dead, reason: (reason.rawValue, text))
    }

    /// A mapping of the configuration that could not be applied.
    init(_ failure: MappingFailure) {
        let text = "mapping \(failure.mapping): \(failure.message)"
        self.init(result: .dead, reason: (DeadReason.mappingFault.rawValue, text), mapping: failure.mapping)
    }

    /// An event that came out of its mapping.
    init(_ name: String, _ outcome: ExplainedOutcome, _ trace: MappingTrace.Event, _ person: PersonTrace) {
        switch outcome {
        case .notSent(let reason): self.init(reason, mapping: trace.mapping)
        case .failed(let failure): self.init(failure)
        case .event(let json, let warnings, let fault):
            self.init(result: fault == nil ? .sent : .dead, mapping: trace.mapping)
            reason = fault.map { ($0.reason.rawValue, $0.reason.text) }
            faultyField = fault?.field
            self.json = json
            let builder = FieldBuilder(trace: trace, person: person, warnings: warnings)
            fields = JSONLeaves.of(json: json, joinsLists: true).map { builder.field($0) }
            let isOptedOut = fields.contains { $0.name == "opt_out" } && person.values.isEmpty
            leftOut = builder.losses(isOptedOut: isOptedOut)
        }
        eventName = name
    }
}

/// Puts together what mapping and privacy say of each field.
private struct FieldBuilder {
    let trace: MappingTrace.Event
    let person: PersonTrace
    let warnings: [EventWarning]

    /// Fields of which the first source that was read is the one that counts; of the others it is the last.
    private static let firstWins: Set = ["event_time", "event_source_url"]

    func field(_ leaf: JSONLeaf) -> ExplainedField {
        let values = person.values.filter { $0.field == leaf.path && !$0.hashes.isEmpty }
        if !values.isEmpty { return hashed(leaf, values) }
        let entries = trace.entries.filter { $0.field == leaf.path }
        let read = sources(of: leaf, entries)
        var rules = entries.filter(\.isRule).map { ExplainedRule.derived(leaf.path, $0.origin) }
        if warnings.contains(where: { $0.field == leaf.path && $0.kind == .personalText }) {
            rules.append(.idHashed)
        } else if rules.isEmpty, read.count == 1, read[0].given.count == 1, leaf.texts.count == 1,
            let rule = ExplainedRule.plain(leaf.path, given: read[0].given[0], sent: leaf.texts[0])
        {
            rules.append(rule)
        } else if leaf.path == "opt_out", entries.isEmpty {
            rules.append(.optOutPolicy)
        }
        let shown = read.flatMap { entry in entry.given.map { ExplainedValue(path: entry.origin, given: $0) } }
        return ExplainedField(name: leaf.path, sent: leaf.texts, values: shown, rules: rules, isHashed: false)
    }

    /// The values that went into a field that leaves in clear.
    private func sources(of leaf: JSONLeaf, _ entries: [MappingTrace.Entry]) -> [MappingTrace.Entry] {
        let read = entries.filter { !$0.isRule }
        if read.count < entries.count || read.count < 2 { return read }
        let exact = read.last { $0.given == leaf.texts }
        let one = exact ?? (Self.firstWins.contains(leaf.path) ? read.first : read.last)
        return one.map { [$0] } ?? []
    }

    private func hashed(_ leaf: JSONLeaf, _ values: [PersonTrace.Value]) -> ExplainedField {
        var rules: [ExplainedRule] = []
        for rule in values.flatMap({ self.rules($0) }) where !rules.contains(rule) { rules.append(rule) }
        let shown = values.map { value in
            let source = source(of: value)
            return ExplainedValue(path: source.path, given: source.given, normalised: value.normalised)
        }
        return ExplainedField(name: leaf.path, sent: leaf.texts, values: shown, rules: rules, isHashed: true)
    }

    private func rules(_ value: PersonTrace.Value) -> [ExplainedRule] {
        guard let normalised = value.normalised.first else { return [.givenHash] }
        var rules: [ExplainedRule] = []
        let trimmed = value.given.trimmed
        if !trimmed.hasSameBytes(as: source(of: value).given) { rules.append(.trimmed) }
        let composed = trimmed.precomposedStringWithCanonicalMapping
        if !composed.hasSameBytes(as: trimmed) { rules.append(.composed) }
        let lower = composed.lowercased()
        if !normalised.hasSameBytes(as: composed) {
            if !lower.hasSameBytes(as: composed) { rules.append(.lowerCased) }
            if !normalised.hasSameBytes(as: lower),
                let rule = ExplainedRule.person(
                    value.field, given: value.given, region: person.region,
                    isParsed: !value.warnings.contains(.phoneNotParsed) || normalised != value.given.plainDigits)
            {
                rules.append(rule)
            }
        }
        if value.normalised.count > 1 { rules.append(value.field == "user_data.zp" ? .zipPlusFour : .bothSpellings) }
        return rules + [.hashed]
    }

    /// The path that a person value was read from, and what stood there; the mapping hands values on trimmed.
    private func source(of value: PersonTrace.Value) -> (path: String, given: String) {
        let entries = trace.entries.filter { $0.field == value.field && !$0.isRule }
        for entry in entries.reversed() {
            if let own = entry.given.first(where: { $0.trimmed == value.given.trimmed }) { return (entry.origin, own) }
        }
        return (entries.last?.origin ?? "", value.given)
    }

    // MARK: What does not leave

    func losses(isOptedOut: Bool) -> [ExplainedLoss] {
        var losses = trace.losses.map { ExplainedLoss($0.field, $0.path, $0.given, $0.kind) }
        for value in person.values {
            let source = source(of: value)
            losses += value.warnings.map { ExplainedLoss(value.field, source.path, [source.given], $0) }
        }
        for warning in warnings
        where !losses.contains(where: { $0.field == warning.field && $0.kind == warning.kind.rawValue }) {
            let entry = trace.entries.last { $0.field == warning.field && !$0.isRule }
            losses.append(ExplainedLoss(warning.field, entry?.origin ?? "", entry?.given ?? [], warning.kind))
        }
        if isOptedOut { losses += optedOut() }
        return losses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// What is known of the person and stays here under an opt-out.
    private func optedOut() -> [ExplainedLoss] {
        let stays: Set = ["user_data.client_ip_address", "user_data.client_user_agent"]
        return trace.entries.filter { $0.field.hasPrefix("user_data.") && !stays.contains($0.field) && !$0.isRule }.map
        {
            ExplainedLoss(
                field: $0.field, path: $0.origin, given: $0.given, kind: ExplainedRule.optedOut.label,
                text: ExplainedRule.optedOut.text)
        }
    }
}

extension ExplainedLoss {
    fileprivate init(_ field: String, _ path: String, _ given: [String], _ kind: WarningKind) {
        self.init(field: field, path: path, given: given, kind: kind.rawValue, text: kind.text)
    }
}

extension String {
    /// What is left of a number that no parser reads.
    fileprivate var plainDigits: String { String(filter(\.isWholeNumber).drop { $0 == "0" }) }

    /// Byte for byte: two spellings of one letter are two texts here.
    fileprivate func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
