import HTTPIngress
import Inspector
import RelayModel

// Between what the inspector answers and what the listener sends.

extension Reply {
    init(_ reply: InspectorReply) {
        let contentType: StaticString =
            reply.contentType.hasPrefix("text/plain")
            ? "text/plain; version=0.0.4; charset=utf-8"
            : reply.contentType.hasPrefix("text/html") ? "text/html; charset=utf-8" : "application/json"
        let headers = reply.headers.compactMap { header in
            Self.headerNames[header.name].map { ReplyHeader($0, bytes: Array(header.value.utf8)) }
        }
        self.init(
            HTTPStatus(known: reply.status), contentType: contentType, headers: headers, body: .bytes(reply.body))
    }

    /// The headers that the inspector uses; the listener wants static names.
    private static let headerNames: [String: StaticString] = [
        "Cache-Control": "Cache-Control", "WWW-Authenticate": "WWW-Authenticate", "Allow": "Allow",
        "Content-Security-Policy": "Content-Security-Policy",
    ]
}

extension HTTPStatus {
    /// The statuses that the inspector answers with; any other is a fault of the program.
    fileprivate init(known code: Int) {
        switch code {
        case 200: self = .ok
        case 401: self = .unauthorised
        case 404: self = .notFound
        case 405: self = .methodNotAllowed
        case 503: self = .serviceUnavailable
        default: self = .internalServerError
        }
    }
}

extension AdminInspector.Moment {
    static func now() -> AdminInspector.Moment {
        AdminInspector.Moment(unixMillis: WallClock.millis(), uptimeMillis: MonotonicClock.millis())
    }
}

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
