import HTTPIngress
import Inspector
import RelayModel

/// The handler of the admin loop.
final class AdminDesk: RequestHandling {
    private let inspector: AdminInspector
    private let deadLetters: DeadLetterDesk
    private let side: SideDesk
    private let events: EventsService
    private let explaining: ExplainService
    private let beforeAnswer: @Sendable () -> Void

    /// - Parameter beforeAnswer: brings the gauges up to date.
    init(
        inspector: AdminInspector, deadLetters: DeadLetterDesk, side: SideDesk, events: EventsService,
        explaining: ExplainService, beforeAnswer: @escaping @Sendable () -> Void
    ) {
        self.inspector = inspector
        self.deadLetters = deadLetters
        self.side = side
        self.events = events
        self.explaining = explaining
        self.beforeAnswer = beforeAnswer
    }

    func handle(_ request: borrowing RequestView, _ reply: consuming ReplyHandle) {
        beforeAnswer()
        var target: [UInt8] = []
        request.withPath { target.append(copying: $0) }
        request.withQuery { query in
            guard !query.isEmpty else { return }
            target.append(UInt8(ascii: "?"))
            target.append(copying: query)
        }
        let authorization = Self.header("Authorization", of: request)
        let provenance = RequestProvenance(
            host: Self.header("Host", of: request), origin: Self.header("Origin", of: request),
            fetchSite: Self.header("Sec-Fetch-Site", of: request))
        let route = InspectorRoute(target: target)
        let refusal = inspector.refusal(
            of: route, method: request.method.name, authorization: authorization, from: provenance)
        if let refusal { return reply.send(Reply(refusal)) }
        var body: [UInt8] = []
        if route.takesPost { request.withBody { body.append(copying: $0) } }
        do {
            if let make = try slowAnswer(route, target: target, body: body) { return side.answer(reply, make) }
            if let call = try Self.call(route, target: target, body: body) { return deadLetters.answer(call, reply) }
        } catch {
            return reply.send(Reply(DeadLetterAnswer.fault(400, "invalid_query", error.message)))
        }
        reply.send(Reply(inspector.respond(route, at: .now())))
    }

    private static func header(_ name: StaticString, of request: borrowing RequestView) -> [UInt8]? {
        request.withHeader(name) { value in
            var bytes: [UInt8] = []
            bytes.append(copying: value)
            return bytes
        }
    }

    /// What makes the answer of a route that has to wait for other threads, or to work for it; nil for any other.
    private func slowAnswer(
        _ route: InspectorRoute, target: [UInt8], body: [UInt8]
    ) throws(DeadLetterFault) -> (@Sendable () -> Reply)? {
        let (events, explaining, inspector) = (events, explaining, inspector)
        let target = String(decoding: target, as: UTF8.self)
        switch route {
        case .page: return { Reply(inspector.page(at: .now(), recent: events.recent(20))) }
        case .reload: return { Reply(inspector.reload()) }
        case .events:
            let query = try SeenEventQuery(try DeadLetterCall.parameters(ofQuery: target))
            return { Reply(DeadLetterAnswer(200, events.list(query))) }
        case .explain:
            let parameters = try DeadLetterCall.parameters(ofQuery: target)
            return { Reply(explaining.answer(String(decoding: body, as: UTF8.self), parameters: parameters)) }
        default: return nil
        }
    }

    /// The call that a route is; nil for one that is not about dead letters.
    private static func call(
        _ route: InspectorRoute, target: [UInt8], body: [UInt8]
    ) throws(DeadLetterFault) -> DeadLetterCall? {
        let query = { () throws(DeadLetterFault) in
            try DeadLetterCall.parameters(ofQuery: String(decoding: target, as: UTF8.self))
        }
        switch route {
        case .deadLetters: return DeadLetterCall(.list, parameters: try query())
        case .deadLetter(let id): return DeadLetterCall(.show(id), parameters: try query())
        case .replayDeadLetters:
            let both = try query().merging(try DeadLetterCall.parameters(ofBody: body)) { _, inBody in inBody }
            return DeadLetterCall(.replay, parameters: both)
        default: return nil
        }
    }
}

extension RequestMethod {
    fileprivate var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .options: "OPTIONS"
        case .other: "other"
        }
    }
}
