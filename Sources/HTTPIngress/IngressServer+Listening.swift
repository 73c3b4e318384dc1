import CLibevent
import Glibc
import Reactor

// Listeners: opened at start, closed by the drain.
extension IngressServer {
    /// Listens on a numeric IPv4 or IPv6 address. May be called more than once.
    ///
    /// - Parameters:
    ///   - address: `127.0.0.1`, `0.0.0.0`, `::1`, `::` (both families, where the system allows).
    ///   - port: 0 takes a free port; see `boundPort`.
    ///   - sharesPort: lets several servers, one a loop, bind the same port (`SO_REUSEPORT`); the kernel spreads the
    ///     connections. Any process of the same user may then join in, so a single server does better without.
    public func listen(address: String, port: UInt16, sharesPort: Bool = true) throws(IngressError) {
        loop.assertOnLoop()
        guard let evhttp = unsafe evhttp else { throw IngressError(.closed, "listen") }
        let listener = unsafe try IngressListener(
            evhttp: evhttp, base: loop.base, address: address, port: port, sharesPort: sharesPort, limits: limits)
        listeners.append(listener)
    }

    /// The port of the first listener; nil before `listen` and after a drain.
    public var boundPort: UInt16? {
        loop.assertOnLoop()
        return listeners.first?.port
    }
}

/// A listening socket, owned by evhttp.
@safe final class IngressListener {
    let port: UInt16
    private let evhttp: OpaquePointer
    private let bound: OpaquePointer

    init(
        evhttp: OpaquePointer, base: EventBase, address: String, port: UInt16, sharesPort: Bool, limits: IngressLimits
    ) throws(IngressError) {
        var storage = sockaddr_storage()
        let size = try Self.parse(address: address, port: port, into: &storage)
        let opened = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe evconnlistener_new_bind(
                    base.pointer, nil, nil, Self.flags(sharesPort: sharesPort, deferred: limits.acceptsWithDataOnly),
                    limits.backlog, address, size)
            }
        }
        guard let listener = unsafe opened else { throw IngressError(.system(errno), "bind") }
        guard let bound = unsafe evhttp_bind_listener(evhttp, listener) else {
            unsafe evconnlistener_free(listener)
            throw IngressError(.outOfMemory, "evhttp_bind_listener")
        }
        unsafe evconnlistener_set_error_cb(listener, onEvhttpAcceptError)
        unsafe self.evhttp = evhttp
        unsafe self.bound = bound
        self.port = unsafe Self.port(of: evconnlistener_get_fd(listener))
        unsafe Self.sendAtOnce(evconnlistener_get_fd(listener))
    }

    /// Accepts again after a failed accept had put the listener to sleep; harmless otherwise.
    func wake() {
        unsafe evconnlistener_enable(evhttp_bound_socket_get_listener(bound))
    }

    /// Connections that wait in the kernel's queue are reset; see `DrainMachine` for how that is kept from happening.
    func close() {
        unsafe evhttp_del_accept_socket(evhttp, bound)
    }

    private static func flags(sharesPort: Bool, deferred: Bool) -> UInt32 {
        var flags = LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_CLOSE_ON_FREE
        if sharesPort { flags |= LEV_OPT_REUSEABLE_PORT }
        if deferred { flags |= LEV_OPT_DEFERRED_ACCEPT }
        return UInt32(flags)
    }

    /// libevent's parser of addresses refuses a port of 0, so the port is put in afterwards.
    private static func parse(
        address: String, port: UInt16, into storage: inout sockaddr_storage
    ) throws(IngressError) -> Int32 {
        let text = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
        var size = Int32(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            let status = unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe evutil_parse_sockaddr_port(text, address, &size)
            }
            // The port stands at the same place in both families.
            unsafe storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                unsafe address.pointee.sin_port = port.bigEndian
            }
            return status
        }
        guard status == 0 else { throw IngressError(.badAddress, "listen") }
        return size
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(descriptor, address, &size)
            }
            return unsafe storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                unsafe UInt16(bigEndian: address.pointee.sin_port)
            }
        }
    }

    /// Accepted sockets inherit the option: small replies to pipelined requests do not wait for acknowledgements.
    private static func sendAtOnce(_ descriptor: Int32) {
        var on: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}
