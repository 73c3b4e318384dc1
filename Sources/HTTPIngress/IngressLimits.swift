import CLibevent
import Reactor

/// What a server allows. Every value that evhttp would otherwise leave open is stated here.
public struct IngressLimits: Sendable, Equatable {
    /// Request line and headers together. Beyond it evhttp itself answers 400 and closes; the handler never hears of it.
    public var headerByteCount = 32 * 1024
    /// A body beyond it is refused with 413 (`IngressRefusal.bodyTooLarge`).
    public var bodyByteCount = 1024 * 1024
    /// How far beyond `bodyByteCount` a body is still read, so that the refusal can be ours. Further beyond, a
    /// `Content-Length` is answered 413 before the body comes, and a chunked body once it is over.
    public var refusedBodyByteCount = 1024 * 1024
    /// How long a connection may stay silent between requests, or a socket refuse bytes. Longer than the idle timeout of
    /// the load balancer in front (`reliability.md` row 25).
    public var idleTimeout = Duration.seconds(620)
    /// From accept to the end of TLS's handshake.
    public var handshakeDeadline = Duration.seconds(10)
    /// From a request's first byte to the end of its headers.
    public var headerDeadline = Duration.seconds(10)
    /// From a request's first byte to its last.
    public var requestDeadline = Duration.seconds(30)
    /// The same while the server ends.
    public var drainingRequestDeadline = Duration.seconds(3)
    /// From a reply's first byte to its last.
    public var replyDeadline = Duration.seconds(30)
    /// How long a connection stays after an answer to what was no request, so that a client that still sends can read it.
    public var lingerDeadline = Duration.seconds(2)
    /// How often the deadlines are looked at; they are exact to this.
    public var sweepPeriod = Duration.milliseconds(250)
    /// Open connections of this server. Over it, those without a first request are closed, then the longest idle, and
    /// with all busy the newest.
    public var maxConnections = 10_000
    /// From accept to the end of a connection's first request, before it may be closed ahead of idle ones.
    public var firstRequestGrace = Duration.seconds(1)
    /// What requests on their way in may take up together. Over it, those that have held most for longest are cut. At
    /// least four bodies of the longest that is read.
    public var unfinishedByteCount = 64 * 1024 * 1024
    /// Requests after which a connection is closed, so that keep-alive clients spread over the loops anew. 0: no limit.
    public var requestsPerConnection = 10_000
    /// The kernel's queue of connections not yet accepted; it caps this by `net.core.somaxconn`.
    public var backlog: Int32 = 1024
    /// Accepts a connection only when it has sent data. Hides the connects of TCP health checks.
    public var acceptsWithDataOnly = false

    public init() {}
}

extension IngressLimits {
    /// All methods are let through, so that the refusal of the unwanted ones is ours; those unknown to evhttp still get
    /// its 501.
    private static let methods = [
        EVHTTP_REQ_GET, EVHTTP_REQ_POST, EVHTTP_REQ_HEAD, EVHTTP_REQ_OPTIONS, EVHTTP_REQ_PUT, EVHTTP_REQ_PATCH,
        EVHTTP_REQ_DELETE,
    ]

    /// The longest body that is read.
    var readBodyByteCount: Int { bodyByteCount + max(0, refusedBodyByteCount) }

    var heldByteCap: Int {
        let (bodies, isTooMuch) = readBodyByteCount.multipliedReportingOverflow(by: 4)
        return isTooMuch ? .max : max(unfinishedByteCount, bodies)
    }

    func apply(to evhttp: OpaquePointer) {
        var idle = timeval(idleTimeout)
        unsafe evhttp_set_timeout_tv(evhttp, &idle)
        unsafe evhttp_set_max_headers_size(evhttp, headerByteCount)
        unsafe evhttp_set_max_body_size(evhttp, readBodyByteCount)
        unsafe evhttp_set_allowed_methods(evhttp, Self.methods.reduce(0) { $0 | UInt16($1.rawValue) })
        // Without the flag a client that is still sending sees a reset instead of the 413.
        unsafe evhttp_set_flags(evhttp, EVHTTP_SERVER_LINGERING_CLOSE)
        // The default is HTML; a reply without a content type has none.
        unsafe evhttp_set_default_content_type(evhttp, nil)
    }
}
