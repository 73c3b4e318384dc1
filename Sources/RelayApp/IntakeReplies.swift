import HTTPIngress
import Inflate
import Intake

/// The answers of the intake routes: what senders expect (`segment-api.md` 4, `ga4-wire.md` 1.12), with the headers
/// that let a browser read them.
struct IntakeReplies {
    /// A call's own circumstances that shape its answer.
    struct Caller {
        var route: IntakeRoute
        /// The `Origin` header; empty when absent.
        var origin: [UInt8]
        /// The GA4 tag asked for a streamed answer (`richsstsse`), which wants a 200.
        var asksForStream = false
        /// The value of a `Set-Cookie` for an accepted call; empty when there is none to set.
        var cookie: [UInt8] = []
        /// The result of each event is wanted beside the plain answer.
        var wantsResults = false
        /// The request's own id; empty when it brings none.
        var requestID: [UInt8] = []
    }

    private static let success = StaticString(#"{"success":true}"#)
    private static let refusedBody = StaticString(
        #"{"code":"journal_unavailable","message":"The event cannot be stored now. Send it again."}"#)
    private static let allowedMethods = ReplyHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
    private static let allowedHeaders = ReplyHeader(
        "Access-Control-Allow-Headers",
        "Content-Type, Content-Encoding, Authorization, AnonymousId, Prefer, X-Gtm-Server-Preview")
    private static let preflightAge = ReplyHeader("Access-Control-Max-Age", "86400")
    private static let credentials = ReplyHeader("Access-Control-Allow-Credentials", "true")
    private static let vary = ReplyHeader("Vary", "Origin")
    private static let noStore = ReplyHeader("Cache-Control", "no-store")
    private static let acceptEncoding = ReplyHeader("Accept-Encoding", ContentCoding.accepted)
    private static let retryAfter = ReplyHeader("Retry-After", "5")

    /// The events are stored, or there was nothing to store.
    /// - Parameter results: what became of each event, where the caller wants it.
    static func accepted(_ caller: Caller, _ results: [ItemResult] = []) -> Reply {
        var reply =
            switch caller.route {
            case .segment(let call) where call.isPixel: pixel(.ok, [noStore] + cors(caller.origin))
            case .segment: json(.ok, caller.wantsResults ? .bytes(body(listing: results)) : .fixed(success), caller)
            case .ga4Collect: Reply(caller.asksForStream ? .ok : .noContent, headers: [noStore] + cors(caller.origin))
            case .measurementProtocol, .measurementProtocolDebug:
                Reply(.noContent, headers: [noStore] + cors(caller.origin))
            case .pinterestEvents: PinterestEventsReplies.answered([], caller)
            }
        if !caller.cookie.isEmpty { reply.headers.append(ReplyHeader("Set-Cookie", bytes: caller.cookie)) }
        return reply
    }

    /// The call is at fault. The GA4 routes answer as Google's do: the fault is counted, not told, unless the operator
    /// wants Measurement Protocol faults told.
    static func refused(_ fault: CallFault, _ caller: Caller, tellsMeasurementProtocol: Bool) -> Reply {
        switch caller.route {
        case .pinterestEvents: PinterestEventsReplies.refused(fault, caller)
        case .segment(let call) where call.isPixel:
            pixel(fault.status, [noStore] + fault.rateHeaders + cors(caller.origin))
        case .segment: told(fault, caller)
        case .measurementProtocol where tellsMeasurementProtocol: told(fault, caller)
        case .measurementProtocolDebug: told(fault, caller)
        case .ga4Collect, .measurementProtocol: accepted(caller)
        }
    }

    private static func told(_ fault: CallFault, _ caller: Caller) -> Reply {
        var reply = json(fault.status, .bytes(errorBody(fault.label, fault.message)), caller)
        reply.headers += fault.rateHeaders
        if fault.status == .unsupportedMediaType { reply.headers.append(acceptEncoding) }
        if fault.status == .serviceUnavailable { reply.headers.append(retryAfter) }
        return reply
    }

    /// The journal did not take the events: the sender keeps them and comes back.
    static func notStored(_ caller: Caller) -> Reply {
        let headers = [retryAfter, noStore] + cors(caller.origin)
        if case .segment(let call) = caller.route, call.isPixel { return pixel(.serviceUnavailable, headers) }
        let body = caller.route == .pinterestEvents ? PinterestEventsReplies.notStoredBody : refusedBody
        return Reply(.serviceUnavailable, contentType: "application/json", headers: headers, body: .fixed(body))
    }

    static func preflight(origin: [UInt8]) -> Reply {
        Reply(.noContent, headers: [allowedMethods, allowedHeaders, preflightAge] + cors(origin))
    }

    /// No tag meets it; but a browser shall see no error on the tag's route, whoever calls.
    static func methodNotAllowed(_ caller: Caller) -> Reply {
        if caller.route == .ga4Collect { return accepted(caller) }
        return Reply(
            .methodNotAllowed, contentType: "application/json",
            headers: [caller.route.allowHeader] + cors(caller.origin),
            body: .fixed(#"{"code":"method_not_allowed","message":"This route does not take this method."}"#))
    }

    /// The call's framing is at fault: every route says so, since the connection ends with it (RFC 9112, 6.3).
    static func malformed(_ refusal: IngressRefusal, _ caller: Caller) -> Reply {
        var reply = refusal.reply
        reply.headers += cors(caller.origin)
        return reply
    }

    static let notFound = Reply(
        .notFound, contentType: "application/json",
        body: .fixed(#"{"code":"not_found","message":"There is no such route."}"#))

    /// An answer that is made for one call and not to be kept by anything in between.
    static func uncachedJSON(_ status: HTTPStatus, _ bytes: [UInt8], _ caller: Caller) -> Reply {
        Reply(
            status, contentType: "application/json", headers: [noStore] + cors(caller.origin), body: .bytes(bytes))
    }

    private static func json(_ status: HTTPStatus, _ body: ReplyBody, _ caller: Caller) -> Reply {
        Reply(status, contentType: "application/json", headers: cors(caller.origin), body: body)
    }

    /// The caller's own origin with credentials: the tags send cookies, and a wildcard would not do then. Without an
    /// origin, or with one that is not allowed, a browser may not read the answer.
    private static func cors(_ origin: [UInt8]) -> [ReplyHeader] {
        origin.isEmpty ? [vary] : [ReplyHeader("Access-Control-Allow-Origin", bytes: origin), credentials, vary]
    }

    /// Codes and messages are the program's own words and need no escaping.
    private static func errorBody(_ code: String, _ message: String) -> [UInt8] {
        Array(#"{"code":"\#(code)","message":"\#(message)"}"#.utf8)
    }
}
