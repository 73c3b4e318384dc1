import HTTPIngress
import Inspector
import RelayModel

/// The handler of the admin loop.
final class AdminDesk: RequestHandling {
    private let inspector: AdminInspector
    private let deadLetters: DeadLetterDesk
    private let beforeAnswer: @Sendable () -> Void

    /// - Parameter beforeAnswer: brings the gauges up to date.
    init(
        inspector: AdminInspector, deadLetters: DeadLetterDesk, beforeAnswer: @escaping @Sendable () -> Void
    ) {
        self.inspector = inspector
        self.deadLetters = deadLetters
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
        var authorization: [UInt8]?
        _ = request.withHeader("Authorization") { value in
            var bytes: [UInt8] = []
            bytes.append(copying: value)
            authorization = bytes
        }
        let route = InspectorRoute(target: target)
        if let refusal = inspector.refusal(of: route, method: request.method.name, authorization: authorization) {
            return reply.send(Reply(refusal))
        }
        var body: [UInt8] = []
        if route == .replayDeadLetters { request.withBody { body.append(copying: $0) } }
        do {
            if let call = try Self.call(route, target: target, body: body) { return deadLetters.answer(call, reply) }
        } catch {
            return reply.send(Reply(DeadLetterAnswer.fault(400, "invalid_query", error.message)))
        }
        reply.send(Reply(inspector.respond(route, at: .now())))
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
