import Delivery
import Intake
import Journal
import Mapping
import Privacy
import RelayModel
import Settings
import Telemetry

/// What a sender of Pinterest-shaped events is told of one of them.
struct EventVerdict {
    /// Why it failed; empty when it did not.
    var error = ""
    var warnings: [EventWarning] = []

    var isProcessed: Bool { error.isEmpty }
}

// Pinterest-shaped events: the same rooms as every other event's, for one destination that the call itself names, with
// a verdict on each event for the answer.
extension EventPipeline {
    /// Takes the items of one call through all rooms.
    /// - Parameters:
    ///   - source: whose rules hold and under which they are counted.
    ///   - isCounted: false for a trial: nothing is counted, and what it yields is not to be stored.
    func processPinterestEvents(
        _ items: [IntakeItem], source: Int, destination: DestinationIndex, isCounted: Bool, on tape: inout EventTape
    ) -> (Yield, [EventVerdict]) {
        var yield = Yield()
        var verdicts: [EventVerdict] = []
        verdicts.reserveCapacity(items.count)
        if isCounted {
            metrics.received(source: source).add(items.count)
            metrics.requestEvents.observe(items.count)
        }
        for item in items {
            switch item {
            case .bad(let bad):
                bury(bad, source, tape, &yield, destination: destination)
                if isCounted { note(bad, source, tape) }
                verdicts.append(EventVerdict(error: bad.text(on: tape)))
            case .event(let event):
                let outcome = take(event, source, destination, &tape, &yield)
                if isCounted { count(outcome, of: event, source, tape) }
                verdicts.append(EventVerdict(outcome))
            }
        }
        return (yield, verdicts)
    }

    private func take(
        _ incoming: SourceEvent, _ source: Int, _ destination: DestinationIndex, _ tape: inout EventTape,
        _ yield: inout Yield
    ) -> ExplainedOutcome {
        mapped.removeAll()
        // Such an event is mapped alike for all destinations: its names mean themselves.
        if let reason = rooms[source].lanes[0].mapping.map(incoming, on: &tape, hashing: &hasher, into: &mapped) {
            return .notSent(reason)
        }
        // Such an event becomes exactly one.
        guard let event = mapped.events.first else { return .notSent(.unmapped) }
        switch clear(event, source, tape) {
        case .notSent(let reason): return .notSent(reason)
        case .cleared(let warnings):
            encode()
            let fault = PinterestSchema.fault(of: cleared)
            if let fault {
                yield.deadLetters.append(deadLetter(fault, destination, rooms[source].name))
            } else {
                let keys = repeats.keys(
                    of: incoming, source: source, on: tape, cleared: cleared, place: 0, hashing: &hasher)
                yield.append(json, of: cleared, repeats.keys(keys, for: destination), to: destination)
            }
            return .event(json: [], warnings: warnings, fault: fault)
        }
    }

    private func count(
        _ outcome: ExplainedOutcome, of event: SourceEvent, _ source: Int, _ tape: borrowing EventTape
    ) {
        switch outcome {
        case .notSent(let reason):
            metrics.notSent(source: source, reason).add(1)
            note(event, source, .notSent(reason), tape)
        case .event(_, let warnings, let fault):
            for warning in warnings { metrics.warning(warning.kind).add(1) }
            if fault == nil { countMatch(source, copies: 1) }
            noteCleared(event, source, fault.map { .dead($0.reason) } ?? .sendable(copies: 1), tape)
        case .failed: break
        }
    }
}

extension EventVerdict {
    fileprivate init(_ outcome: ExplainedOutcome) {
        switch outcome {
        case .notSent(let reason): error = reason.text
        case .event(_, let warnings, let fault):
            error = fault.map { "\($0.field): \($0.reason.text)" } ?? ""
            self.warnings = warnings
        // The configuration's mappings do not touch an event in Pinterest's own shape.
        case .failed: break
        }
    }
}

extension EventPipeline.Rooms {
    /// The rooms of events that come with a destination's own token: no configured source's, so the general rules hold.
    static func directEvents(_ settings: RelaySettings) -> Self {
        var mapping = MappingSettings()
        mapping.sourceName = RelaySettings.directEventsLabel
        return Self(
            name: RelaySettings.directEventsLabel, destinations: [],
            lanes: [MappingLane(destinations: [], mapping: MappingTable(mapping))],
            privacy: PrivacyStage(rules: PrivacyRules(settings.privacy, consent: settings.privacy.consent)))
    }
}

extension RelaySettings {
    /// What metrics and dead letters call the source of events that come with a destination's own token. No configured
    /// source can have this name.
    static let directEventsLabel = "pinterest/v5"

    /// The sources as metrics name them: the configured ones, then that of direct events.
    var sourceLabels: [String] { sources.map(\.name) + [Self.directEventsLabel] }
}
