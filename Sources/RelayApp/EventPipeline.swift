import Delivery
import Digests
import Intake
import Journal
import Mapping
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

        var eventCount: Int { blocks.reduce(deadLetters.count) { $0 + $1.block.eventCount } }
        var isEmpty: Bool { blocks.isEmpty && deadLetters.isEmpty }
    }

    /// What a configured source's events pass through.
    private struct Rooms {
        var name: String
        var destinations: [DestinationIndex]
        var mapping: MappingTable
        var privacy: PrivacyStage
    }

    private var rooms: [Rooms]
    private var hasher: SHA256Hasher
    private var repeats: RepeatKeyMaker
    private let phones = DigitsPhoneParser()
    private let metrics: RelayMetrics
    private var mapped: [MappedEvent] = []
    private var cleared = ConversionEvent(name: .standard(.custom))
    private var json: [UInt8] = []

    init(settings: RelaySettings, metrics: RelayMetrics) throws {
        rooms = settings.sources.map { source in
            Rooms(
                name: source.name, destinations: source.destinations,
                mapping: MappingTable(MappingSettings(source)),
                privacy: PrivacyStage(rules: PrivacyRules(settings.privacy, source: source)))
        }
        hasher = try SHA256Hasher()
        repeats = RepeatKeyMaker(settings, hashing: &hasher)
        self.metrics = metrics
    }

    /// Takes the items of one request through all rooms.
    func process(_ items: [IntakeItem], source: Int, on tape: inout EventTape) -> Yield {
        var yield = Yield()
        metrics.received(source: source).add(items.count)
        for item in items {
            switch item {
            case .event(let event): process(event, source, &tape, &yield)
            case .bad(let bad): bury(bad, source, tape, &yield)
            }
        }
        return yield
    }

    /// Takes one event through all rooms but the journal, for `explain`.
    func trace(
        _ event: SourceEvent, source: Int, on tape: inout EventTape, trace: inout MappingTrace?,
        each: (ExplainedOutcome) -> Void
    ) {
        mapped.removeAll(keepingCapacity: true)
        let reason = rooms[source].mapping.map(event, on: &tape, hashing: &hasher, into: &mapped, trace: &trace)
        if let reason { each(.notSent(reason)) }
        for event in mapped {
            switch clear(event, source, tape) {
            case .notSent(let reason): each(.notSent(reason))
            case .cleared(let warnings):
                encode()
                each(.event(json: json, warnings: warnings, fault: PinterestSchema.fault(of: cleared)))
            }
        }
    }

    private func process(_ event: SourceEvent, _ source: Int, _ tape: inout EventTape, _ yield: inout Yield) {
        mapped.removeAll(keepingCapacity: true)
        if let reason = rooms[source].mapping.map(event, on: &tape, hashing: &hasher, into: &mapped) {
            return metrics.notSent(source: source, reason).add(1)
        }
        let copies = rooms[source].destinations.count
        metrics.fannedOut.add(mapped.count * copies - 1)
        for index in mapped.indices {
            switch clear(mapped[index], source, tape) {
            case .notSent(let reason): metrics.notSent(source: source, reason).add(copies)
            case .cleared(let warnings):
                for warning in warnings { metrics.warning(warning.kind).add(1) }
                let keys = repeats.keys(
                    of: event, source: source, on: tape, cleared: cleared, place: index, hashing: &hasher)
                store(source, keys, &yield)
            }
        }
    }

    private func clear(_ event: MappedEvent, _ source: Int, _ tape: borrowing EventTape) -> PrivacyVerdict {
        rooms[source].privacy.clear(event, on: tape, into: &cleared, hasher: &hasher, phones: phones)
    }

    /// Encodes the cleared event and puts it where it goes: into a block per destination, or among the dead.
    private func store(_ source: Int, _ keys: RepeatKeys, _ yield: inout Yield) {
        encode()
        if let fault = PinterestSchema.fault(of: cleared) {
            for destination in rooms[source].destinations {
                yield.deadLetters.append(deadLetter(fault, destination, rooms[source].name))
            }
            return
        }
        for destination in rooms[source].destinations {
            yield.append(json, of: cleared, repeats.keys(keys, for: destination), to: destination)
        }
    }

    private func encode() {
        json.removeAll(keepingCapacity: true)
        PinterestEventEncoder.encode(cleared, into: &json)
    }

    private func deadLetter(
        _ fault: PinterestSchema.Fault, _ destination: DestinationIndex, _ source: String
    ) -> DeadLetter {
        DeadLetter(
            destination: destination, source: source, eventName: cleared.nameText,
            eventID: DeadLetter.masked(cleared.copyString(cleared.eventID)), eventTime: cleared.eventTime,
            reason: fault.reason, message: fault.field, attempts: 0, json: json)
    }

    private func bury(_ bad: BadItem, _ source: Int, _ tape: borrowing EventTape, _ yield: inout Yield) {
        yield.deadLetters.append(
            DeadLetter(
                destination: nil, source: rooms[source].name,
                eventName: DeadLetter.masked(tape.copyString(bad.name)),
                eventID: DeadLetter.masked(tape.copyString(bad.messageID)), eventTime: 0, reason: bad.reason,
                message: bad.reason.text, attempts: 0, json: []))
    }
}

/// What `explain` is told of one event.
enum ExplainedOutcome {
    case notSent(NotSentReason)
    case event(json: [UInt8], warnings: [EventWarning], fault: PinterestSchema.Fault?)
}

extension EventPipeline.Yield {
    fileprivate mutating func append(
        _ json: [UInt8], of event: ConversionEvent, _ keys: RepeatKeys, to destination: DestinationIndex
    ) {
        if !blocks.contains(where: { $0.destination == destination }) {
            blocks.append(DestinationBlock(destination: destination, block: EventBlock()))
        }
        for index in blocks.indices where blocks[index].destination == destination {
            blocks[index].block.append(nameCode: event.nameCode, eventTime: event.eventTime, json: json)
            blocks[index].keys.append(keys)
        }
    }
}

extension ConversionEvent {
    fileprivate var nameCode: UInt8 {
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
