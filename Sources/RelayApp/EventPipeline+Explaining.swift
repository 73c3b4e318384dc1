import Delivery
import Intake
import Mapping
import Privacy
import RelayModel

/// One event on its way through all rooms but the journal, with all that `explain` and `test` show of it.
struct ExplainedPassage {
    /// Why no mapping made an event of it; nil when at least one did.
    var reason: NotSentReason?
    var trace = MappingTrace()
    var events: [(name: String, outcome: ExplainedOutcome, person: PersonTrace)] = []
}

// One event without journal and without counting: for the debug route, `explain` and `test`.
extension EventPipeline {
    /// What becomes of an event.
    func outcomes(of event: SourceEvent, source: Int, on tape: inout EventTape) -> [ExplainedOutcome] {
        var event = event
        rooms[source].signals.read(into: &event, on: &tape)
        mapped.removeAll(keepingCapacity: true)
        if let reason = rooms[source].mapping.map(event, on: &tape, hashing: &hasher, into: &mapped) {
            return [.notSent(reason)]
        }
        return mapped.map { outcome(of: $0, source, tape) }
    }

    /// What becomes of an event, and how.
    func explain(_ event: SourceEvent, source: Int, on tape: inout EventTape) -> ExplainedPassage {
        var event = event
        rooms[source].signals.read(into: &event, on: &tape)
        var passage = ExplainedPassage()
        var trace: MappingTrace? = MappingTrace()
        mapped.removeAll(keepingCapacity: true)
        passage.reason = rooms[source].mapping.map(event, on: &tape, hashing: &hasher, into: &mapped, trace: &trace)
        passage.trace = trace ?? MappingTrace()
        for event in mapped {
            rooms[source].privacy.trace = PersonTrace()
            let outcome = outcome(of: event, source, tape)
            let person = rooms[source].privacy.trace ?? PersonTrace()
            rooms[source].privacy.trace = nil
            passage.events.append((event.name.text(on: tape), outcome, person))
        }
        return passage
    }

    private func outcome(of event: MappedEvent, _ source: Int, _ tape: borrowing EventTape) -> ExplainedOutcome {
        switch clear(event, source, tape) {
        case .notSent(let reason): return .notSent(reason)
        case .cleared(let warnings):
            encode()
            return .event(json: json, warnings: warnings, fault: PinterestSchema.fault(of: cleared))
        }
    }
}

extension MappedName {
    fileprivate func text(on tape: borrowing EventTape) -> String {
        switch self {
        case .standard(let event): event.apiName.description
        case .advertiserDefined(let name): tape.copyString(name)
        }
    }
}
