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
    init(known code: Int) {
        switch code {
        case 200: self = .ok
        case 400: self = .badRequest
        case 401: self = .unauthorised
        case 404: self = .notFound
        case 405: self = .methodNotAllowed
        case 409: self = .conflict
        case 422: self = .unprocessableContent
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
