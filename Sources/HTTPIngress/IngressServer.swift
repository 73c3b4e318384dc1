import CLibevent
public import Reactor

/// The HTTP listener of one loop: one `evhttp` on one `event_base`. It reads requests, hands them to a handler, writes
/// the replies, and enforces limits and deadlines. It knows no route and no payload.
///
/// What it may touch: evhttp, its bufferevents and sockets. All of it belongs to the loop's thread.
///
/// Invariants:
/// - Each request is answered exactly once: `ReplyHandle` cannot be copied, and one that is dropped answers 500.
/// - A connection is known from the turn in which it is accepted (`adoptNewcomers`) until evhttp's close callback.
/// - `inFlight` falls with the completion callback or the close callback, whichever comes; a client that leaves while
///   its request is parked is noticed only when the reply is written.
/// - evhttp is freed only when no request is in flight and no reply handle is held; freeing it earlier aborts.
///
/// Two things rest on evhttp 2.1.12 beyond its headers, each pinned by a test in `HTTPIngressTests`: the argument of
/// a server bufferevent's callbacks is its `evhttp_connection`, and the close callback fires for every server connection
/// that is freed.
@safe public final class IngressServer {
    public let loop: EventLoop
    public let limits: IngressLimits
    public let counters = IngressCounters()

    let handler: any RequestHandling
    /// Nil where the listeners speak plain HTTP.
    let certificate: TLSCertificate?
    // Owned; freed in `tearDown`. Its callbacks' argument is this object, unretained.
    var evhttp: OpaquePointer?
    var listeners: [IngressListener] = []
    var connections: [ConnectionKey: IngressConnection] = [:]
    /// Given to evhttp in this turn.
    var newcomers: [Newcomer] = []
    var postponed: [PostponedRequest] = []
    /// Connections that are cut but not closed yet; that takes a turn.
    var endingConnections = 0
    /// The sum of the connections' `heldByteCount`.
    package internal(set) var heldByteCount = 0
    let heldByteCap: Int
    /// True from a scan that left no connection to evict, to the next sweep.
    var nothingToEvict = false
    /// Reply handles that are not answered yet, those whose client has left included.
    var heldReplies = 0
    var drain = DrainMachine()
    var drainPlan: DrainPlan?

    private(set) lazy var adoption = LoopTimer(on: loop) { [unowned self] in adoptNewcomers() }
    private(set) lazy var resumption = LoopTimer(on: loop) { [unowned self] in acceptPostponed() }
    private(set) lazy var sweeper = LoopTimer(on: loop) { [unowned self] in sweep() }

    /// Set up on the loop's thread, or before the loop runs.
    public init(
        loop: EventLoop, limits: IngressLimits, handler: any RequestHandling, certificate: TLSCertificate? = nil
    ) throws(IngressError) {
        loop.assertOnLoop()
        self.loop = loop
        self.limits = limits
        heldByteCap = limits.heldByteCap
        self.handler = handler
        self.certificate = certificate
        unsafe evhttp = evhttp_new(loop.base.pointer)
        guard let evhttp = unsafe evhttp else { throw IngressError(.outOfMemory, "evhttp_new") }
        unsafe limits.apply(to: evhttp)
        let context = unsafe CallbackContext.pointer(to: self)
        unsafe evhttp_set_bevcb(evhttp, onEvhttpConnection, context)
        unsafe evhttp_set_gencb(evhttp, onEvhttpRequest, context)
        sweeper.schedule(every: limits.sweepPeriod)
    }

    deinit {
        loop.assertOnLoop("IngressServer.deinit")
        tearDown()
    }

    /// Frees evhttp and with it listeners and connections. Only while no reply is held.
    func tearDown() {
        guard let doomed = unsafe evhttp else { return }
        unsafe evhttp = nil
        sweeper.cancel()
        adoptNewcomers()
        for connection in connections.values { connection.stopListening() }
        listeners = []
        unsafe evhttp_free(doomed)
        counters.connectionsClosed(connections.count)
        connections = [:]
    }
}
