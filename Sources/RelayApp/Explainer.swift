import Foundation
import Intake
import JSONTape
import Mapping
import RelayModel
public import Settings
import Telemetry
import WireCodec

/// Shows what a pasted event becomes: the very rooms of the running relay, without journal and upstream.
public final class Explainer {
    /// One event of the input.
    public struct Explanation: Sendable {
        /// What came in, in words.
        public var input: String
        public var results: [Result]
    }

    public enum Result: Sendable {
        /// Not sent, with the reason's label and text.
        case notSent(reason: String, text: String)
        /// It would become a dead letter at once.
        case dead(reason: String, text: String)
        case event(ExplainedEvent)
        /// What follows is for these destinations; only where mappings make them differ.
        case destinations([String])
        /// A result gave way to an earlier one of the same event name.
        case dropped(mapping: String, eventName: String, behind: String)
    }

    /// The input cannot be read at all; the text says why.
    public struct Unreadable: Error, CustomStringConvertible {
        public var description: String
    }

    private let settings: RelaySettings
    private let pipeline: EventPipeline
    private var tape = EventTape()
    private var parser = JSONTapeParser()

    public init(settings: RelaySettings) throws {
        self.settings = settings
        pipeline = try EventPipeline(settings: settings, metrics: RelayMetrics(settings))
    }

    /// - Parameter text: a Segment call or batch, a Measurement Protocol body, Pinterest-shaped events, or the URL
    ///   of a GA4 hit.
    public func explain(_ text: String) throws -> [Explanation] {
        let paste = try PastedInput(text)
        let items = try decode(paste)
        let source = try source(of: paste)
        return items.enumerated().map { explain($0.element, at: $0.offset, source) }
    }

    /// The source that the running relay would choose by the call's key; without a key, the first of its kind.
    private func source(of paste: PastedInput) throws -> Int {
        let directory = SourceDirectory(settings.sources)
        let query = TextRef(start: 0, count: UInt32(paste.query.utf8.count))
        var found: Int?
        switch paste.route {
        case .pinterestEvents:
            // The rooms of direct events stand behind those of the configured sources.
            found = settings.sources.count
        case .segment:
            let key = SegmentCredentials.writeKey(authorization: .none, query: query, on: &tape)
            found = key.isEmpty ? nil : directory.segment(writeKey: tape[key])
        case .ga4Collect, .measurementProtocol, .measurementProtocolDebug:
            found = directory.ga4(measurementID: tape.copyString(tape.queryValue(query, "tid")))
        }
        guard let source = found ?? settings.sources.firstIndex(where: { $0.kind == paste.sourceKind }) else {
            throw Unreadable(description: "no source of kind \(paste.sourceKind.rawValue) is configured")
        }
        return source
    }

    private func decode(_ paste: PastedInput) throws -> [IntakeItem] {
        tape.reset()
        var items: [IntakeItem] = []
        var facts = CallFacts(receivedAtMicros: WallClock.micros())
        facts.isBrowserCall = paste.route == .ga4Collect
        // The query comes first: `source(of:)` finds it at the start of the tape.
        let query = tape.append(paste.query.utf8)
        if facts.isBrowserCall { stand(in: &facts) }
        let call = IntakeCall(route: paste.route, isPost: !paste.body.isEmpty, facts: facts, query: query)
        let body = Array(paste.body.utf8)
        do throws(IntakeFault) {
            switch paste.route {
            case .segment:
                var adapter = SegmentAdapter(limits: SegmentLimits(settings.listen.limits.segment))
                try adapter.decode(call, body: body.span, parser: &parser, tape: &tape, into: &items)
            case .ga4Collect:
                var adapter = GA4WireAdapter()
                try adapter.decode(call, body: body.span, parser: &parser, tape: &tape, into: &items)
            case .measurementProtocol, .measurementProtocolDebug:
                var adapter = MeasurementProtocolAdapter()
                try adapter.decode(call, body: body.span, parser: &parser, tape: &tape, into: &items)
            case .pinterestEvents:
                var adapter = PinterestEventsAdapter()
                try adapter.decode(call, body: body.span, parser: &parser, tape: &tape, into: &items)
            }
        } catch {
            throw Unreadable(description: error.message.description)
        }
        return items
    }

    /// A hit always comes with an address and a user agent; examples stand in for those of the connection.
    private func stand(in facts: inout CallFacts) {
        facts.address = tape.append("203.0.113.1".utf8)
        facts.userAgent = tape.append("Mozilla/5.0 (stands in for the browser's own)".utf8)
    }

    private func explain(_ item: IntakeItem, at position: Int, _ source: Int) -> Explanation {
        switch item {
        case .bad(let bad):
            return Explanation(
                input: "an item",
                results: [.dead(reason: bad.reason.rawValue, text: bad.text(on: tape))])
        case .event(var event):
            event.position = position
            let name = tape.copyString(event.name)
            let input = event.kind.title + (name.isEmpty ? "" : " \"\(name)\"")
            return Explanation(input: input, results: results(of: event, source))
        }
    }

    private func results(of event: SourceEvent, _ source: Int) -> [Result] {
        var trace: MappingTrace? = MappingTrace()
        var outcomes: [ExplainedOutcome] = []
        pipeline.trace(event, source: source, on: &tape, trace: &trace) { outcomes.append($0) }
        return outcomes.map { outcome in
            switch outcome {
            case .notSent(let reason): .notSent(reason: reason.rawValue, text: reason.text)
            case .destinations(let indices): .destinations(indices.map { settings.destinations[$0].name })
            case .failed(let failure):
                .dead(
                    reason: DeadReason.mappingFault.rawValue, text: "mapping \(failure.mapping): \(failure.message)")
            case .dropped(let drop):
                .dropped(mapping: drop.mapping, eventName: drop.eventName, behind: drop.behind)
            case .event(let json, let warnings, let fault, let part):
                .event(ExplainedEvent(json: json, part: part, warnings: warnings, fault: fault))
            }
        }
    }
}

extension SourceKind {
    /// The kind in a person's words.
    fileprivate var title: String {
        switch self {
        case .segmentTrack: "Segment track"
        case .segmentPage: "Segment page"
        case .segmentScreen: "Segment screen"
        case .segmentIdentify: "Segment identify"
        case .segmentGroup: "Segment group"
        case .segmentAlias: "Segment alias"
        case .ga4Hit: "GA4 hit"
        case .measurementProtocol: "Measurement Protocol event"
        case .pinterestEvent: "Pinterest-shaped event"
        }
    }
}
