import CLibevent
import Reactor

// A connection's way: made, adopted with its deadlines, and closed.
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

    func closed(_ evcon: OpaquePointer) {
        guard let connection = connections.removeValue(forKey: unsafe ConnectionKey(evcon)) else { return }
        connection.letGoOfInput()
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
