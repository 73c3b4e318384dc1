import CLibevent
import CRelayShims
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
        /// TLS is being agreed on.
        case handshaking
        /// Waits for the first byte of a request.
        case idle
        /// A request is on its way in.
        case reading
        /// The handler has the request.
        case answering
        /// The reply is on its way out.
        case writing
        /// An answer to what was no request is on its way out; then the connection ends.
        case refusing
    }

    unowned let server: IngressServer
    let acceptedAt: LoopInstant
    private(set) var phase: Phase
    /// When the phase was first seen; for `reading` as exact as the sweep.
    private(set) var phaseStart: LoopInstant
    private(set) var requestCount = 0
    private(set) var isCut = false
    private var wasIdleAtSweep = false

    /// Whether the reply under way is the last, since what follows it is no request.
    private(set) var endsAfterReply = false
    private var scanner: FramingScanner

    // Both are evhttp's and live until its close callback, which drops this object.
    private let connection: OpaquePointer
    let bufferevent: OpaquePointer
    /// What the requests that the handler does not have yet take up: in the input, or where evhttp collects a body.
    private(set) var heldByteCount = 0

    init(server: IngressServer, connection: OpaquePointer, bufferevent: OpaquePointer) {
        self.server = server
        unsafe self.connection = connection
        unsafe self.bufferevent = bufferevent
        phase = server.certificate == nil ? .idle : .handshaking
        acceptedAt = .now()
        phaseStart = acceptedAt
        scanner = FramingScanner(bodyByteCap: server.limits.readBodyByteCount)
        let context = unsafe CallbackContext.pointer(to: self)
        unsafe evhttp_connection_set_closecb(connection, onEvhttpClosed, context)
        unsafe evbuffer_add_cb(bufferevent_get_input(bufferevent), onEvhttpInput, context)
        unsafe evbuffer_add_cb(bufferevent_get_output(bufferevent), onEvhttpOutput, context)
    }

    /// Before evhttp is freed together with its connections.
    func stopListening() {
        unsafe evhttp_connection_set_closecb(connection, nil, nil)
    }

    var isInFlight: Bool { phase == .answering || phase == .writing }

    /// The client has sent something and gone, or been cut, before TLS was agreed on. For the close callback.
    var failedHandshake: Bool {
        guard phase == .handshaking else { return false }
        return unsafe relay_tls_is_established(bufferevent) == 0 && relay_tls_received_byte_count(bufferevent) > 0
    }

    /// Bytes that evhttp has not seen yet are at the end of the input.
    func received(byteCount: Int) {
        guard phase != .refusing else { return discardInput() }
        if phase == .idle || phase == .handshaking { enter(.reading, at: .now()) }
        hold(heldByteCount &+ max(byteCount, Self.leastReadCost))
        if server.heldByteCount > server.heldByteCap { server.makeRoomForInput() }
        guard !scanner.skip(byteCount) else { return }
        scan(byteCount)
        guard let fault = scanner.fault, !endsAfterReply else { return }
        // Requests that came before the fault are good, and the one under way is answered.
        if isInFlight || scanner.completedCount > requestCount {
            endsAfterReply = true
        } else {
            enter(.refusing, at: .now())
            server.refuse(fault, on: self)
        }
    }

    private func scan(_ byteCount: Int) {
        forEachPiece(ofLast: byteCount) { piece in scanner.feed(piece) }
    }

    /// evhttp, or the server, writes. What is no reply of the handler's is an answer of evhttp's own.
    func writes(to output: OpaquePointer, at offset: Int) {
        guard phase != .writing, phase != .refusing, let status = unsafe Self.status(in: output, at: offset),
            status >= 200
        else { return }
        enter(.refusing, at: .now())
        server.noteRefusal(status: status)
    }

    /// The headers of a request have not come yet, for the deadlines.
    var isWithoutRequest: Bool { phase == .handshaking || (phase == .reading && scanner.isInHead) }

    func requestArrived(at now: LoopInstant) {
        requestCount &+= 1
        // What is in the buffer now belongs to the next request.
        hold(unsafe evbuffer_get_length(bufferevent_get_input(bufferevent)))
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
        if phase == .handshaking, unsafe relay_tls_is_established(bufferevent) != 0 { enter(.idle, at: now) }
        if phase == .idle, heldByteCount != 0 { enter(.reading, at: now) }
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
        letGoOfInput()
        _ = unsafe shutdown(bufferevent_getfd(bufferevent), Int32(SHUT_RDWR))
    }

    /// For the sum of all connections, when evhttp frees the input or is about to.
    func letGoOfInput() { hold(0) }

    private func hold(_ byteCount: Int) {
        server.heldByteCount &+= byteCount &- heldByteCount
        heldByteCount = byteCount
    }

    /// The smallest block that libevent reads into. A body keeps the blocks it came in, so one that comes byte by byte
    /// takes up a block for each.
    private static let leastReadCost = 1_024

    private func enter(_ next: Phase, at now: LoopInstant) {
        phase = next
        phaseStart = now
        wasIdleAtSweep = false
    }
}
