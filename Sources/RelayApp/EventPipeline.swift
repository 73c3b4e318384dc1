import Delivery
import Digests
import Intake
import Journal
import Mapping
import PhoneNumbers
import Privacy
import RelayModel
import Settings
import Telemetry

/// From decoded items to what the journal takes: map, clear of personal text, check, encode. One per ingress thread.
///
/// Every item is counted as received, and once for each place where it ends here (not sent). What goes to the journal,
/// dead letters included, counts where the journal has it; until then it is pending.
final class EventPipeline {
    /// What one request gives the journal.
    struct Yield {
        var blocks: [DestinationBlock] = []
        var deadLetters: [DeadLetter] = []
        /// The newest click id that the call's pages brought along and that may be kept.
        var landing: ClickIDLanding?
        /// What becomes of each item, where that is asked for.
        var results: ItemResults?

        var eventCount: Int { blocks.reduce(deadLetters.count) { $0 + $1.block.eventCount } }
        var isEmpty: Bool { blocks.isEmpty && deadLetters.isEmpty }
    }

    /// What a configured source's events pass through.
    struct Rooms {
        var name: String
        var destinations: [DestinationIndex]
        var signals = PrivacySignals()
        /// At least one; each destination is in one of them.
        var lanes: [MappingLane]
        var privacy: PrivacyStage
        var keepsClickIDs = false
    }

    var rooms: [Rooms]
    var hasher: SHA256Hasher
    var repeats: RepeatKeyMaker
    private let phones = PhoneNumberParser()
    let metrics: RelayMetrics
    var mapped = MappingResults()
    var cleared = ConversionEvent(name: .standard(.custom))
    var json: [UInt8] = []
    var seen = SeenEvents()

    init(settings: RelaySettings, metrics: RelayMetrics) throws {
        rooms = settings.sources.enumerated().map { index, source in
            Rooms(
                name: source.name, destinations: source.destinations,
                signals: PrivacySignals(settings.privacy, source: source), lanes: settings.lanes(of: index),
                privacy: PrivacyStage(rules: PrivacyRules(settings.privacy, source: source)),
                keepsClickIDs: source.writeClickIDCookie)
        }
        rooms.append(.directEvents(settings))
        hasher = try SHA256Hasher()
        repeats = RepeatKeyMaker(settings, hashing: &hasher)
        self.metrics = metrics
    }

    /// Takes the items of one request through all rooms.
    /// - Parameter listsResults: whether the sender wants to know what became of each.
    func process(
        _ items: [IntakeItem], source: Int, on tape: inout EventTape, listsResults: Bool = false
    ) -> Yield {
        var yield = Yield()
        if listsResults { yield.results = ItemResults() }
        metrics.received(source: source).add(items.count)
        metrics.requestEvents.observe(items.count)
        for (position, item) in items.enumerated() {
            yield.results?.beginItem()
            switch item {
            case .event(var event):
                event.position = position
                rooms[source].signals.read(into: &event, on: &tape)
                process(event, source, &tape, &yield)
            case .bad(let bad):
                bury(bad, source, tape, &yield)
                note(bad, source, tape)
            }
        }
        return yield
    }

    private func process(_ event: SourceEvent, _ source: Int, _ tape: inout EventTape, _ yield: inout Yield) {
        var refusals: [(reason: NotSentReason, copies: Int)] = []
        var endCount = 0
        var isMapped = false
        for lane in rooms[source].lanes {
            mapped.removeAll()
            let copies = lane.destinations.count
            if let reason = lane.mapping.map(event, on: &tape, hashing: &hasher, into: &mapped) {
                refusals.append((reason, copies))
                endCount += copies
                continue
            }
            isMapped = true
            endCount += mapped.count * copies
            for reason in mapped.notSent { refusals.append((reason, copies)) }
            processMapped(event, source, lane, tape, &yield)
        }
        for refusal in refusals { yield.results?.end(.accepted(refusal.reason)) }
        guard isMapped else {
            // Nobody gets anything of it: it ends once, whoever might have got it.
            let reason = refusals.first?.reason ?? .unmapped
            note(event, source, .notSent(reason), tape)
            return metrics.notSent(source: source, reason).add(1)
        }
        for refusal in refusals { metrics.notSent(source: source, refusal.reason).add(refusal.copies) }
        metrics.fannedOut.add(endCount - 1)
    }

    /// Takes what an event has become for the destinations of one lane.
    private func processMapped(
        _ event: SourceEvent, _ source: Int, _ lane: MappingLane, _ tape: borrowing EventTape, _ yield: inout Yield
    ) {
        for failure in mapped.failures { bury(failure, of: event, source, lane, tape, &yield) }
        for index in mapped.events.indices {
            switch clear(mapped.events[index], source, tape) {
            case .notSent(let reason):
                metrics.notSent(source: source, reason).add(lane.destinations.count)
                note(event, source, .notSent(reason), tape)
                yield.results?.end(.accepted(reason))
            case .cleared(let warnings):
                for warning in warnings { metrics.warning(warning.kind).add(1) }
                noteLanding(mapped.events[index], of: event, source, tape, &yield)
                let keys = repeats.keys(
                    of: event, source: source, on: tape, cleared: cleared, place: index, hashing: &hasher)
                noteCleared(event, source, store(source, lane, keys, &yield), tape)
            }
        }
    }

    func clear(_ event: MappedEvent, _ source: Int, _ tape: borrowing EventTape) -> PrivacyVerdict {
        rooms[source].privacy.clear(event, on: tape, into: &cleared, hasher: &hasher, phones: phones)
    }

    /// Keeps the click id of a browser's landing page, where source and consent allow it. An opt-out is a denial.
    private func noteLanding(
        _ event: MappedEvent, of incoming: SourceEvent, _ source: Int, _ tape: borrowing EventTape, _ yield: inout Yield
    ) {
        let isBrowser = incoming.call.isBrowserCall && incoming.kind != .measurementProtocol
        guard rooms[source].keepsClickIDs, isBrowser, !event.landingHost.isEmpty, !cleared.optOut,
            rooms[source].privacy.allowsStorage(event.consent)
        else { return }
        yield.landing = ClickIDLanding(clickID: Array(tape[event.clickID]), pageHost: Array(tape[event.landingHost]))
    }

    /// Encodes the cleared event and puts it where it goes: into a block per destination, or among the dead.
    private func store(
        _ source: Int, _ lane: MappingLane, _ keys: RepeatKeys, _ yield: inout Yield
    ) -> SeenEvent.Outcome {
        encode()
        if let fault = PinterestSchema.fault(of: cleared) {
            for destination in lane.destinations {
                yield.deadLetters.append(deadLetter(fault, destination, rooms[source].name))
            }
            yield.results?.end(.rejected(fault.reason))
            return .dead(fault.reason)
        }
        countMatch(source, copies: lane.destinations.count)
        for destination in lane.destinations {
            yield.append(json, of: cleared, repeats.keys(keys, for: destination), to: destination)
        }
        return .sendable(copies: lane.destinations.count)
    }

    func encode() {
        json.removeAll(keepingCapacity: true)
        PinterestEventEncoder.encode(cleared, into: &json)
    }

    func deadLetter(
        _ fault: PinterestSchema.Fault, _ destination: DestinationIndex, _ source: String
    ) -> DeadLetter {
        DeadLetter(
            destination: destination, source: source, eventName: cleared.nameText,
            eventID: DeadLetter.masked(cleared.copyString(cleared.eventID)), eventTime: cleared.eventTime,
            reason: fault.reason, message: fault.field, attempts: 0, json: json)
    }

    /// - Parameter destination: where the item was meant to go, if it says so itself.
    func bury(
        _ bad: BadItem, _ source: Int, _ tape: borrowing EventTape, _ yield: inout Yield,
        destination: DestinationIndex? = nil
    ) {
        yield.deadLetters.append(
            DeadLetter(
                destination: destination, source: rooms[source].name,
                eventName: DeadLetter.masked(tape.copyString(bad.name)),
                eventID: DeadLetter.masked(tape.copyString(bad.messageID)), eventTime: 0, reason: bad.reason,
                message: bad.text(on: tape), attempts: 0, json: []))
        yield.results?.end(.rejected(bad.reason))
    }
}

/// What became of one event that is not stored.
enum ExplainedOutcome {
    case notSent(NotSentReason)
    /// A mapping of the configuration could not be applied.
    case failed(MappingFailure)
    case event(json: [UInt8], warnings: [EventWarning], fault: PinterestSchema.Fault?)
}

extension EventPipeline.Yield {
    mutating func append(
        _ json: [UInt8], of event: ConversionEvent, _ keys: RepeatKeys, to destination: DestinationIndex
    ) {
        if !blocks.contains(where: { $0.destination == destination }) {
            blocks.append(DestinationBlock(destination: destination, block: EventBlock()))
        }
        for index in blocks.indices where blocks[index].destination == destination {
            blocks[index].block.append(nameCode: event.nameCode, eventTime: event.eventTime, json: json)
            blocks[index].keys.append(keys)
            results?.append(toBlock: index)
        }
    }
}

extension ConversionEvent {
    var nameCode: UInt8 {
        switch name {
        case .standard(let event): event.rawValue
        case .advertiserDefined: EventBlock.advertiserDefinedCode
        }
    }

    fileprivate var nameText: String {
        switch name {
        case .standard(let event): event.apiName.description
        case .advertiserDefined(let text): copyString(text)
        }
    }
}

extension BadItem {
    /// One sentence for people.
    func text(on tape: borrowing EventTape) -> String { detail.isEmpty ? reason.text : tape.copyString(detail) }
}
