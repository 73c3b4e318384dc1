/// What a server does with its requests. Called on the loop's thread; must not block it.
public protocol RequestHandling: AnyObject {
    /// Answers now through `reply`, or parks it (`ParkedReplies`) and answers later. `request` is gone when this returns.
    func handle(_ request: borrowing RequestView, _ reply: consuming ReplyHandle)

    /// Answers a request that the server will not take. The default is a JSON body with `code` and `message`; another
    /// one can add headers that browsers need, and count.
    func refuse(_ request: borrowing RequestView, _ refusal: IngressRefusal, _ reply: consuming ReplyHandle)

    /// What came on a connection was turned away without having become a request, by the server or by evhttp; the
    /// answer has been sent, and the connection ends. The default does nothing.
    func turnedAway(status: Int)
}

extension RequestHandling {
    public func refuse(_ request: borrowing RequestView, _ refusal: IngressRefusal, _ reply: consuming ReplyHandle) {
        reply.send(refusal.reply)
    }

    public func turnedAway(status: Int) {}
}

/// Why the server turns a request away before the handler's routes are looked at.
public enum IngressRefusal: Equatable, Sendable {
    case methodNotAllowed
    case bodyTooLarge
    case malformed(RequestFault)

    /// Where the request ends is in doubt, or what follows is not wanted.
    var endsConnection: Bool {
        if case .malformed = self { true } else { false }
    }

    public var reply: Reply {
        switch self {
        case .methodNotAllowed: Self.methodReply
        case .bodyTooLarge: Self.bodyReply
        case .malformed: Self.malformedReply
        }
    }

    private static let methodReply = Reply(
        .methodNotAllowed, contentType: "application/json",
        headers: [ReplyHeader("Allow", "GET, POST, HEAD, OPTIONS")],
        body: .fixed(#"{"code":"method_not_allowed","message":"Use GET, POST, HEAD or OPTIONS."}"#))

    private static let bodyReply = Reply(
        .payloadTooLarge, contentType: "application/json",
        body: .fixed(#"{"code":"body_too_large","message":"The request body is over the limit."}"#))

    private static let malformedReply = Reply(
        .badRequest, contentType: "application/json",
        body: .fixed(#"{"code":"malformed_request","message":"The request's headers contradict each other."}"#))
}
