import HTTPIngress
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
        var asksForStream: Bool
    }

    private static let success = StaticString(#"{"success":true}"#)
    private static let refusedBody = StaticString(
        #"{"code":"journal_unavailable","message":"The event cannot be stored now. Send it again."}"#)
    private static let allowedMethods = ReplyHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
    private static let allowedHeaders = ReplyHeader(
        "Access-Control-Allow-Headers", "Content-Type, Authorization, X-Gtm-Server-Preview")
    private static let preflightAge = ReplyHeader("Access-Control-Max-Age", "86400")
    private static let credentials = ReplyHeader("Access-Control-Allow-Credentials", "true")
    private static let vary = ReplyHeader("Vary", "Origin")
    private static let noStore = ReplyHeader("Cache-Control", "no-store")
    private static let retryAfter = ReplyHeader("Retry-After", "5")

    /// The events are stored, or there was nothing to store.
    static func accepted(_ caller: Caller) -> Reply {
        switch caller.route {
        case .segment: json(.ok, .fixed(success), caller)
        case .ga4Collect: Reply(caller.asksForStream ? .ok : .noContent, headers: [noStore] + cors(caller.origin))
        case .measurementProtocol, .measurementProtocolDebug:
            Reply(.noContent, headers: [noStore] + cors(caller.origin))
        case .pinterestEvents: PinterestEventsReplies.answered([], caller)
        }
    }

    /// The call is at fault. The GA4 routes answer as Google's do: the fault is counted, not told, unless the operator
    /// wants Measurement Protocol faults told.
    static func refused(_ fault: CallFault, _ caller: Caller, tellsMeasurementProtocol: Bool) -> Reply {
        switch caller.route {
        case .pinterestEvents: PinterestEventsReplies.refused(fault, caller)
        case .segment: json(fault.status, .bytes(errorBody(fault.label, fault.message)), caller)
        case .measurementProtocol where tellsMeasurementProtocol:
            json(fault.status, .bytes(errorBody(fault.label, fault.message)), caller)
        case .ga4Collect, .measurementProtocol, .measurementProtocolDebug: accepted(caller)
        }
    }

    /// The journal did not take the events: the sender keeps them and comes back.
    static func notStored(_ caller: Caller) -> Reply {
        let body = caller.route == .pinterestEvents ? PinterestEventsReplies.notStoredBody : refusedBody
        return Reply(
            .serviceUnavailable, contentType: "application/json", headers: [retryAfter, noStore] + cors(caller.origin),
            body: .fixed(body))
    }

    static func preflight(origin: [UInt8]) -> Reply {
        Reply(.noContent, headers: [allowedMethods, allowedHeaders, preflightAge] + cors(origin))
    }

    static func methodNotAllowed(_ caller: Caller) -> Reply {
        let allow =
            caller.route == .ga4Collect
            ? ReplyHeader("Allow", "GET, POST, OPTIONS") : ReplyHeader("Allow", "POST, OPTIONS")
        return Reply(
            .methodNotAllowed, contentType: "application/json", headers: [allow] + cors(caller.origin),
            body: .fixed(#"{"code":"method_not_allowed","message":"This route does not take this method."}"#))
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

    /// The caller's own origin with credentials: the tags send cookies, and a wildcard would not do then.
    private static func cors(_ origin: [UInt8]) -> [ReplyHeader] {
        origin.isEmpty ? [] : [ReplyHeader("Access-Control-Allow-Origin", bytes: origin), credentials, vary]
    }

    /// Codes and messages are the program's own words and need no escaping.
    private static func errorBody(_ code: String, _ message: String) -> [UInt8] {
        Array(#"{"code":"\#(code)","message":"\#(message)"}"#.utf8)
    }
}
