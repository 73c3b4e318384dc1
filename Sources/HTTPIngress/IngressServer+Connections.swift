import CLibevent
import Reactor

// A connection's way: made, adopted with its deadlines, and, when there are too many, ended while idle.
extension IngressServer {
    /// evhttp asks for the bufferevent of a connection it has just accepted. There is no hook later on, so the pointer
    /// is kept for `adoptNewcomers`, which runs in the same turn, before anything can happen on the socket.
    func makeBufferevent() -> OpaquePointer? {
        guard let bufferevent = unsafe emptyBufferevent() else { return nil }
        unsafe newcomers.append(Newcomer(bufferevent: bufferevent))
        if newcomers.count == 1 { adoption.fireNow() }
        return unsafe bufferevent
    }

    private func emptyBufferevent() -> OpaquePointer? {
        if let certificate { return unsafe certificate.makeBufferevent(on: loop.base) }
        // No BEV_OPT_CLOSE_ON_FREE: evhttp closes the descriptor itself, after its last use of it.
        return unsafe bufferevent_socket_new(loop.base.pointer, -1, 0)
    }

    func adoptNewcomers() {
        let arrived = newcomers
        newcomers.removeAll(keepingCapacity: true)
        for newcomer in arrived { adopt(newcomer) }
    }

    private func adopt(_ newcomer: Newcomer) {
        defer { newcomer.release() }
        guard let evcon = unsafe newcomer.evhttpConnection else { return }
        let connection = unsafe IngressConnection(
            server: self, connection: evcon, bufferevent: newcomer.bufferevent)
        connections[unsafe ConnectionKey(evcon)] = connection
        counters.connectionAccepted()
        if connections.count - endingConnections > limits.maxConnections { makeRoom(for: connection) }
    }

    /// Over the cap, the connections that have been idle longest go first, then those whose request has been on its way
    /// longest without having got through its headers; if all are busy, the newcomer goes.
    private func makeRoom(for newcomer: IngressConnection) {
        if evict(atMost: max(1, limits.maxConnections / 64)) { return }
        counters.connectionRefused()
        newcomer.cut()
    }

    /// - Returns: false if there is none to evict.
    private func evict(atMost count: Int) -> Bool {
        guard !nothingToEvict else { return false }
        let now = LoopInstant.now()
        for connection in connections.values { connection.notice(at: now) }
        // Not the ones accepted just now, whose first request may be under way.
        let settled = connections.values.filter { !$0.isCut && now.since($0.phaseStart) >= limits.sweepPeriod }
        var chosen = settled.filter { $0.phase == .idle }
        if chosen.isEmpty { chosen = settled.filter(\.isWithoutRequest) }
        nothingToEvict = chosen.count <= count
        for connection in chosen.sorted(by: { $0.phaseStart < $1.phaseStart }).prefix(count) {
            connection.cut()
            counters.connectionEvicted()
        }
        return !chosen.isEmpty
    }

    func closed(_ evcon: OpaquePointer) {
        guard let connection = connections.removeValue(forKey: unsafe ConnectionKey(evcon)) else { return }
        if connection.isInFlight { counters.requestLeft() }
        if connection.failedHandshake { counters.handshakeFailed() }
        if connection.isCut { endingConnections -= 1 }
        counters.connectionsClosed(1)
        loadChanged()
    }
}

/// A bufferevent whose connection is not known yet. Holds a reference, so that the pointer stays good even if evhttp
/// gives the connection up at once.
@safe struct Newcomer {
    let bufferevent: OpaquePointer

    init(bufferevent: OpaquePointer) {
        unsafe bufferevent_incref(bufferevent)
        unsafe self.bufferevent = bufferevent
    }

    /// The `evhttp_connection`, which evhttp has made the argument of the callbacks; nil if it is gone already.
    var evhttpConnection: OpaquePointer? {
        var argument: UnsafeMutableRawPointer?
        var onRead: bufferevent_data_cb?
        unsafe bufferevent_getcb(bufferevent, &onRead, nil, nil, &argument)
        return unsafe onRead == nil ? nil : OpaquePointer(argument)
    }

    func release() {
        unsafe bufferevent_decref(bufferevent)
    }
}
