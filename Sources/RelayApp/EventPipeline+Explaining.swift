import Delivery
import Intake
import Journal
import Mapping
import Privacy
import RelayModel

/// One event on its way through all rooms but the journal, with all that `explain` and `test` show of it.
struct ExplainedPassage {
    /// Whom it is about; empty for all, where no mapping makes them differ.
    var destinations: [DestinationIndex] = []
    /// Why no mapping made an event of it; nil when at least one did.
    var reason: NotSentReason?
    var trace = MappingTrace()
    /// Results that are no event: not sent beside others, or not made.
    var others: [ExplainedOutcome] = []
    var events: [(name: String, outcome: ExplainedOutcome, person: PersonTrace)] = []
}

// One event without journal and without counting: for the debug route, `explain` and `test`.
extension EventPipeline {
    /// What becomes of an event.
    func outcomes(of event: SourceEvent, source: Int, on tape: inout EventTape) -> [ExplainedOutcome] {
        var event = event
        rooms[source].signals.read(into: &event, on: &tape)
        var outcomes: [ExplainedOutcome] = []
        for lane in rooms[source].lanes {
            mapped.removeAll()
            if let reason = lane.mapping.map(event, on: &tape, hashing: &hasher, into: &mapped) {
                outcomes.append(.notSent(reason))
            }
            outcomes += mapped.otherOutcomes
            for event in mapped.events { outcomes.append(outcome(of: event, source, tape)) }
        }
        return outcomes
    }

    /// What becomes of an event, and how: once for all destinations that get the same.
    func explain(_ event: SourceEvent, source: Int, on tape: inout EventTape) -> [ExplainedPassage] {
        var event = event
        rooms[source].signals.read(into: &event, on: &tape)
        let lanes = rooms[source].lanes
        var passages: [ExplainedPassage] = []
        for lane in lanes {
            var passage = explain(event, lane, source, on: &tape)
            if lanes.count > 1 { passage.destinations = lane.destinations }
            passages.append(passage)
        }
        return passages
    }

    private func explain(
        _ event: SourceEvent, _ lane: MappingLane, _ source: Int, on tape: inout EventTape
    ) -> ExplainedPassage {
        var passage = ExplainedPassage()
        var trace: MappingTrace? = MappingTrace()
        mapped.removeAll()
        passage.reason = lane.mapping.map(event, on: &tape, hashing: &hasher, into: &mapped, trace: &trace)
        passage.trace = trace ?? MappingTrace()
        passage.others = mapped.otherOutcomes
        for event in mapped.events {
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

extension MappingResults {
    fileprivate var otherOutcomes: [ExplainedOutcome] { failures.map { .failed($0) } + notSent.map { .notSent($0) } }
}

extension MappedName {
    fileprivate func text(on tape: borrowing EventTape) -> String {
        switch self {
        case .standard(let event): event.apiName.description
        case .advertiserDefined(let name): tape.copyString(name)
        }
    }
}
