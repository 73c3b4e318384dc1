import HTTPIngress
import Inspector
import RelayModel

/// The handler of the admin loop.
final class AdminDesk: RequestHandling {
    private let inspector: AdminInspector
    private let beforeAnswer: @Sendable () -> Void

    /// - Parameter beforeAnswer: brings the gauges up to date.
    init(inspector: AdminInspector, beforeAnswer: @escaping @Sendable () -> Void) {
        self.inspector = inspector
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
        let answer = inspector.answer(
            method: request.method.name, target: target, authorization: authorization, at: .now())
        reply.send(Reply(answer))
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
