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
        var mapping: MappingTable
        var privacy: PrivacyStage
        var keepsClickIDs = false
    }

    var rooms: [Rooms]
    var hasher: SHA256Hasher
    var repeats: RepeatKeyMaker
    private let phones = PhoneNumberParser()
    let metrics: RelayMetrics
    var mapped: [MappedEvent] = []
    var cleared = ConversionEvent(name: .standard(.custom))
    var json: [UInt8] = []

    init(settings: RelaySettings, metrics: RelayMetrics) throws {
        rooms = settings.sources.map { source in
            Rooms(
                name: source.name, destinations: source.destinations,
                signals: PrivacySignals(settings.privacy, source: source),
                mapping: MappingTable(MappingSettings(source)),
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
        for (position, item) in items.enumerated() {
            yield.results?.beginItem()
            switch item {
            case .event(var event):
                event.position = position
                rooms[source].signals.read(into: &event, on: &tape)
                process(event, source, &tape, &yield)
            case .bad(let bad): bury(bad, source, tape, &yield)
            }
        }
        return yield
    }

    private func process(_ event: SourceEvent, _ source: Int, _ tape: inout EventTape, _ yield: inout Yield) {
        mapped.removeAll(keepingCapacity: true)
        if let reason = rooms[source].mapping.map(event, on: &tape, hashing: &hasher, into: &mapped) {
            metrics.notSent(source: source, reason).add(1)
            yield.results?.end(.accepted(reason))
            return
        }
        let copies = rooms[source].destinations.count
        metrics.fannedOut.add(mapped.count * copies - 1)
        for index in mapped.indices {
            switch clear(mapped[index], source, tape) {
            case .notSent(let reason):
                metrics.notSent(source: source, reason).add(copies)
                yield.results?.end(.accepted(reason))
            case .cleared(let warnings):
                for warning in warnings { metrics.warning(warning.kind).add(1) }
                noteLanding(mapped[index], of: event, source, tape, &yield)
                let keys = repeats.keys(
                    of: event, source: source, on: tape, cleared: cleared, place: index, hashing: &hasher)
                store(source, keys, &yield)
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
    private func store(_ source: Int, _ keys: RepeatKeys, _ yield: inout Yield) {
        encode()
        if let fault = PinterestSchema.fault(of: cleared) {
            for destination in rooms[source].destinations {
                yield.deadLetters.append(deadLetter(fault, destination, rooms[source].name))
            }
            yield.results?.end(.rejected(fault.reason))
            return
        }
        for destination in rooms[source].destinations {
            yield.append(json, of: cleared, repeats.keys(keys, for: destination), to: destination)
        }
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

extension BadItem {
    /// One sentence for people.
    func text(on tape: borrowing EventTape) -> String { detail.isEmpty ? reason.text : tape.copyString(detail) }
}
