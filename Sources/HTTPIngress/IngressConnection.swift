import CLibevent
import Glibc
import Reactor

/// Names a connection by the address of its `evhttp_connection`, which evhttp tells in each callback.
struct ConnectionKey: Hashable {
    private let address: UInt

    init(_ connection: OpaquePointer) {
        address = UInt(bitPattern: connection)
    }
}

/// One connection, from accept to close: what the deadlines and the drain need to know of it.
@safe final class IngressConnection {
    enum Phase: Equatable {
        /// Waits for the first byte of a request.
        case idle
        /// A request is on its way in.
        case reading
        /// The handler has the request.
        case answering
        /// The reply is on its way out.
        case writing
    }

    unowned let server: IngressServer
    private(set) var phase = Phase.idle
    /// When the phase was first seen; for `reading` as exact as the sweep.
    private(set) var phaseStart: LoopInstant
    private(set) var requestCount = 0
    private(set) var isCut = false
    private var wasIdleAtSweep = false

    // Both are evhttp's and live until its close callback, which drops this object.
    private let connection: OpaquePointer
    private let bufferevent: OpaquePointer
    private var receivedByteCount: UInt64 = 0
    private var consumedByteCount: UInt64 = 0

    init(server: IngressServer, connection: OpaquePointer, bufferevent: OpaquePointer) {
        self.server = server
        unsafe self.connection = connection
        unsafe self.bufferevent = bufferevent
        phaseStart = .now()
        let context = unsafe CallbackContext.pointer(to: self)
        unsafe evhttp_connection_set_closecb(connection, onEvhttpClosed, context)
        unsafe evbuffer_add_cb(bufferevent_get_input(bufferevent), onEvhttpInput, context)
    }

    /// Before evhttp is freed together with its connections.
    func stopListening() {
        unsafe evhttp_connection_set_closecb(connection, nil, nil)
    }

    var isInFlight: Bool { phase == .answering || phase == .writing }

    func received(byteCount: Int) {
        receivedByteCount &+= UInt64(truncatingIfNeeded: byteCount)
    }

    func requestArrived(at now: LoopInstant) {
        requestCount &+= 1
        // What is in the buffer now belongs to the next request.
        let leftOver = unsafe evbuffer_get_length(bufferevent_get_input(bufferevent))
        consumedByteCount = receivedByteCount &- UInt64(leftOver)
        enter(.answering, at: now)
    }

    func replyStarted() {
        enter(.writing, at: .now())
    }

    func replyFinished() {
        enter(.idle, at: .now())
    }

    /// For the sweep: a connection that has sent part of a request is no longer idle.
    func notice(at now: LoopInstant) {
        if phase == .idle, receivedByteCount != consumedByteCount { enter(.reading, at: now) }
    }

    /// For the sweep of a drain. Only the second sweep in a row that finds the connection idle closes it: in between the
    /// loop has looked at the socket, so no request is lost that had arrived before.
    func closeIfStillIdle() {
        guard phase == .idle else { return }
        if wasIdleAtSweep { cut() }
        wasIdleAtSweep = true
    }

    /// Ends the connection through the front door: evhttp notices, and frees it with its request.
    func cut() {
        guard !isCut else { return }
        isCut = true
        server.endingConnections += 1
        _ = unsafe shutdown(bufferevent_getfd(bufferevent), Int32(SHUT_RDWR))
    }

    private func enter(_ next: Phase, at now: LoopInstant) {
        phase = next
        phaseStart = now
        wasIdleAtSweep = false
    }
}
