import Synchronization

/// A server's counters: written by its loop, read by anybody.
public final class IngressCounters: Sendable {
    private let accepted = Atomic<UInt64>(0)
    private let open = Atomic<Int>(0)
    private let refusedAtCap = Atomic<UInt64>(0)
    private let evicted = Atomic<UInt64>(0)
    private let requests = Atomic<UInt64>(0)
    private let inFlight = Atomic<Int>(0)
    private let dropped = Atomic<UInt64>(0)
    private let deadlines = Atomic<UInt64>(0)
    private let unread = Atomic<UInt64>(0)
    private let handshakes = Atomic<UInt64>(0)
    private let guarded = Atomic<UInt64>(0)
    private static let acceptFailures = Atomic<UInt64>(0)

    init() {}

    public var connectionsAccepted: UInt64 { accepted.load(ordering: .relaxed) }
    public var connectionsOpen: Int { open.load(ordering: .relaxed) }
    /// Closed at once because of `maxConnections`.
    public var connectionsRefused: UInt64 { refusedAtCap.load(ordering: .relaxed) }
    /// Closed to make room for others, because of `maxConnections` or `unfinishedByteCount`.
    public var connectionsEvicted: UInt64 { evicted.load(ordering: .relaxed) }
    /// Requests that reached the handler, refused ones included. What evhttp turns away by itself is not among them.
    public var requestsReceived: UInt64 { requests.load(ordering: .relaxed) }
    /// Requests whose reply has not left yet.
    public var requestsInFlight: Int { inFlight.load(ordering: .relaxed) }
    /// Reply handles that were dropped unanswered, and so answered 500: a fault of the handler.
    public var repliesDropped: UInt64 { dropped.load(ordering: .relaxed) }
    /// Connections cut because a request or a reply took too long.
    public var deadlineCuts: UInt64 { deadlines.load(ordering: .relaxed) }
    /// Clients of a TLS listener that sent something and left, or were cut, before TLS was agreed on.
    public var handshakesFailed: UInt64 { handshakes.load(ordering: .relaxed) }
    /// Answers to what never became a request, evhttp's own among them.
    public var answersWithoutRequest: UInt64 { unread.load(ordering: .relaxed) }
    /// Requests refused for their framing, see `RequestFault`.
    public var guardRejections: UInt64 { guarded.load(ordering: .relaxed) }
    /// Failed accepts of the whole process, out of descriptors as a rule. Each makes a listener pause for a sweep.
    public static var acceptPauses: UInt64 { acceptFailures.load(ordering: .relaxed) }

    func connectionAccepted() {
        accepted.add(1, ordering: .relaxed)
        open.add(1, ordering: .relaxed)
    }

    func connectionsClosed(_ count: Int) { open.subtract(count, ordering: .relaxed) }
    func connectionRefused() { refusedAtCap.add(1, ordering: .relaxed) }
    func connectionEvicted() { evicted.add(1, ordering: .relaxed) }

    func requestArrived() {
        requests.add(1, ordering: .relaxed)
        inFlight.add(1, ordering: .relaxed)
    }

    func requestLeft() { inFlight.subtract(1, ordering: .relaxed) }
    func replyDropped() { dropped.add(1, ordering: .relaxed) }
    func handshakeFailed() { handshakes.add(1, ordering: .relaxed) }
    func deadlineMissed() { deadlines.add(1, ordering: .relaxed) }

    func refused(_ refusal: IngressRefusal) {
        if case .malformed = refusal { guarded.add(1, ordering: .relaxed) }
    }

    func answeredWithoutRequest() { unread.add(1, ordering: .relaxed) }

    static func acceptFailed() { acceptFailures.add(1, ordering: .relaxed) }
}
