import HTTPIngress
import Intake
import JSONTape
import Mapping
import RelayModel
public import Settings
import Telemetry

// Explainer: shows what pasted input becomes, through the very rooms of the running relay: the intake desk with its
// routes, keys and adapters, then mapping, privacy, encoder and schema.
//
// It may touch every room but journal and upstream: nothing is stored, sent or counted. Its output holds clear text,
// for the person who pasted it.

/// Explains pasted input, for `pinrelay explain` and `pinrelay test`. It belongs to one thread.
public final class Explainer {
    public struct Options: Sendable {
        /// Settles the form of the input.
        public var kind: PastedKind?
        /// The source whose rules hold, whatever key the input brings.
        public var source: String?
        /// The time of receipt, microseconds since 1970; nil: when the input says it was sent, else now.
        public var receivedAtMicros: Int64?

        public init() {}
    }

    /// The input cannot be read at all; the text says why.
    public struct Unreadable: Error, CustomStringConvertible {
        public var description: String

        public init(description: String) { self.description = description }
    }

    /// What the desk's clock shows: the time of receipt of the call at hand.
    private final class Clock { var micros: Int64 = 0 }

    let settings: RelaySettings
    let desk: IntakeDesk
    private let routing: IntakeRouting
    private let clock: Clock

    public init(settings: RelaySettings) throws {
        let clock = Clock()
        self.settings = settings
        self.clock = clock
        desk = try IntakeDesk(settings: settings, metrics: RelayMetrics(settings), now: { clock.micros })
        routing = IntakeRouting(settings.listen)
    }

    /// - Throws: ``Unreadable`` for what is no input of any kind, or has nothing for an intake route.
    public func explain(_ text: String, _ options: Options = Options()) throws -> Explanation {
        let input = try PastedInput(text, as: options.kind)
        let explanation = try explain(input.calls, of: input.kind, options)
        guard explanation.calls.isEmpty else { return explanation }
        let first = explanation.skipped.first.map { ": \($0.title): \($0.why)" } ?? ""
        throw Unreadable(description: "no request of the input goes to an intake route\(first)")
    }

    func explain(_ calls: [PastedCall], of kind: PastedKind, _ options: Options) throws -> Explanation {
        var explanation = Explanation(kind: kind)
        for call in calls {
            clock.micros = options.receivedAtMicros ?? call.sentAtMicros ?? WallClock.micros()
            switch call.content {
            case .eventData(let json): explanation.calls.append(try explainEventData(json, call, options))
            case .request(let request):
                if let why = reasonToSkip(request, call) {
                    explanation.skipped.append(SkippedCall(title: request.title, why: why))
                } else if let route = routing.route(of: request) ?? call.fallbackRoute {
                    explanation.calls.append(try explain(request, route, call, options))
                }
            }
        }
        return explanation
    }

    private func reasonToSkip(_ request: PastedRequest, _ call: PastedCall) -> String? {
        guard let route = routing.route(of: request) ?? call.fallbackRoute else { return "no intake route" }
        if request.method == .options { return "a browser's preflight, which brings no event" }
        if request.method == .head { return "a question how the call would be answered, which makes no event" }
        return route == .segment(.libraryMetrics) ? "the library's report on itself: taken and ignored" : nil
    }

    // MARK: Calls

    private func explain(
        _ request: PastedRequest, _ route: IntakeRoute, _ call: PastedCall, _ options: Options
    ) throws -> ExplainedCall {
        var explained = ExplainedCall(
            title: request.title, route: route.label.description, receivedAtMicros: clock.micros, notes: call.notes)
        guard route.takes(request.method) else {
            explained.refusal = .init(
                code: "method_not_allowed", message: "this route does not take this method", status: 405)
            return explained
        }
        let named = try index(of: options.source, for: route)
        do throws(CallFault) {
            let found = try read(request, route, call.credentials, named: named)
            complete(&explained, found.source, found.choice)
            if let destination = found.destination { explained.destinations = [destination] }
        } catch {
            explained.refusal = .init(code: error.label, message: error.message, status: Int(error.status.code))
        }
        return explained
    }

    private func explainEventData(_ json: String, _ call: PastedCall, _ options: Options) throws -> ExplainedCall {
        var explained = ExplainedCall(title: "event data", receivedAtMicros: clock.micros, notes: call.notes)
        let named = try index(of: options.source, for: .ga4Collect)
        do throws(CallFault) {
            let found = try readEventData(json, named: named)
            complete(&explained, found.source, found.choice)
        } catch {
            explained.refusal = .init(code: error.label, message: error.message, status: Int(error.status.code))
        }
        return explained
    }

    /// Fills in the source and the events that stand on the desk.
    private func complete(_ call: inout ExplainedCall, _ source: Int, _ choice: ExplainedCall.SourceChoice) {
        call.sourceChoice = choice
        if settings.sources.indices.contains(source) {
            call.source = settings.sources[source].name
            call.destinations = settings.sources[source].destinations.map { settings.destinations[$0].name }
        } else {
            call.source = RelaySettings.directEventsLabel
        }
        for (position, item) in desk.items.enumerated() { call.events.append(explain(item, at: position, source)) }
    }

    /// - Throws: a fault of the options, not of the call.
    private func index(of source: String?, for route: IntakeRoute) throws -> Int? {
        guard let source else { return nil }
        guard let index = settings.sources.firstIndex(where: { $0.name == source }) else {
            throw UnknownSource(description: "no source is called \(source)")
        }
        let wanted: SourceSettings.Kind = route.isGA4 ? .ga4 : .segment
        guard settings.sources[index].kind == wanted else {
            throw UnknownSource(description: "the source \(source) is not of kind \(wanted.rawValue), as the input is")
        }
        return index
    }

    /// The named source does not exist, or cannot take the input.
    public struct UnknownSource: Error, CustomStringConvertible {
        public var description: String
    }

    // MARK: Events

    private func explain(_ item: IntakeItem, at position: Int, _ source: Int) -> ExplainedInput {
        switch item {
        case .bad(let bad):
            let name = desk.tape.copyString(bad.name)
            let text = bad.text(on: desk.tape)
            return ExplainedInput(kind: "an item", name: name, outcomes: [ExplainedEvent(bad.reason, text: text)])
        case .event(var event):
            event.position = position
            return explain(event, source)
        }
    }

    private func explain(_ event: SourceEvent, _ source: Int) -> ExplainedInput {
        var explained = ExplainedInput(kind: event.kind.title, name: desk.tape.copyString(event.name))
        let leaves = JSONLeaves.of(event.root, on: desk.tape, joinsLists: true)
        let passages = desk.pipeline.explain(event, source: source, on: &desk.tape)
        for passage in passages {
            let names = passage.destinations.map { settings.destinations[$0].name }
            for var outcome in outcomes(of: passage, leaves) {
                outcome.destinations = names
                explained.outcomes.append(outcome)
            }
            explained.gaveWay += passage.trace.drops.map {
                "mapping \($0.mapping) gives \($0.eventName) too: that of \($0.behind) stands"
            }
        }
        if event.kind != .pinterestEvent, passages.contains(where: { $0.reason == nil }) {
            explained.unused = MappingTrace.unused(of: leaves, in: passages.map(\.trace))
        }
        return explained
    }

    private func outcomes(of passage: ExplainedPassage, _ leaves: [JSONLeaf]) -> [ExplainedEvent] {
        var outcomes: [ExplainedEvent] = []
        if let reason = passage.reason {
            outcomes.append(ExplainedEvent(reason, mapping: passage.trace.refused.last?.mapping))
        }
        for other in passage.others {
            switch other {
            case .failed(let failure): outcomes.append(ExplainedEvent(failure))
            case .notSent(let reason): outcomes.append(ExplainedEvent(reason, mapping: nil))
            case .event: break
            }
        }
        for (index, made) in passage.events.enumerated() {
            let trace =
                passage.trace.events.indices.contains(index)
                ? passage.trace.events[index] : MappingTrace.Event(upstreamShape: leaves)
            outcomes.append(ExplainedEvent(made.name, made.outcome, trace, made.person))
        }
        return outcomes
    }
}

extension IntakeRoute {
    fileprivate var isGA4: Bool {
        switch self {
        case .ga4Collect, .measurementProtocol, .measurementProtocolDebug: true
        case .segment, .pinterestEvents: false
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
        case .ga4Hit: "GA4 event"
        case .measurementProtocol: "Measurement Protocol event"
        case .pinterestEvent: "Pinterest-shaped event"
        }
    }
}
