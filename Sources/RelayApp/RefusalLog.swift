import HTTPIngress
import Logging
import Telemetry

/// Tells of calls that were refused, or that are at fault and were answered as if not. It knows the route, the code and
/// the request's id, nothing of the content.
struct RefusalLog {
    private let log: Logger
    private var ids = RequestIDMaker()

    init(_ log: Logger) { self.log = log }

    /// The answer with the request's id, for one that brings an id, is refused, or is at fault.
    /// - Parameters:
    ///   - id: the sender's; one is made where it is empty and the call is refused.
    ///   - code: why; nil for a call that is in order.
    mutating func named(_ reply: borrowing Reply, _ route: MetricRoute, id: [UInt8], code: String?) -> Reply {
        var named = copy reply
        let id = id.isEmpty ? ids.next() : id
        named.headers.append(RequestID.header(id))
        if let code {
            let status = reply.status.code
            log.log(
                level: status >= 500 ? .warning : .info, "a call was refused",
                metadata: [
                    "request_id": "\(String(decoding: id, as: UTF8.self))", "route": "\(route.label)",
                    "status": "\(status)", "code": "\(code)",
                ])
        }
        return named
    }
}
