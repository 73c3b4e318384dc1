import Glibc

/// A TCP socket, closed when nobody holds it any more. Everything but ``shutdown()`` belongs to one thread.
final class SandboxSocket: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens on a numeric address.
    static func listen(address: String, port: UInt16) throws(SandboxError) -> SandboxSocket {
        let type = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        var hints = unsafe addrinfo(
            ai_flags: AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV, ai_family: AF_UNSPEC, ai_socktype: type,
            ai_protocol: 0, ai_addrlen: 0, ai_addr: nil, ai_canonname: nil, ai_next: nil)
        guard unsafe getaddrinfo(address, String(port), &hints, &found) == 0, let target = unsafe found else {
            throw SandboxError("address", EINVAL)
        }
        defer { unsafe freeaddrinfo(target) }
        let opened = unsafe socket(target.pointee.ai_family, type | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard opened >= 0 else { throw SandboxError("socket", errno) }
        let listener = SandboxSocket(opened)
        listener.set(SO_REUSEADDR, Int32(1))
        guard unsafe bind(opened, target.pointee.ai_addr, target.pointee.ai_addrlen) == 0 else {
            throw SandboxError("bind", errno)
        }
        guard Glibc.listen(opened, 512) == 0 else { throw SandboxError("listen", errno) }
        return listener
    }

    var port: UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(descriptor, address, &size)
            }
            // The port stands at the same place in both families.
            return unsafe storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                unsafe UInt16(bigEndian: address.pointee.sin_port)
            }
        }
    }

    /// Waits for a connection; nil once the listener is shut down.
    func accept() -> SandboxSocket? {
        while true {
            let client = Glibc.accept(descriptor, nil, nil)
            if client >= 0 { return SandboxSocket(client) }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(10_000)
            default: return nil
            }
        }
    }

    /// Sets what a client's connection needs: no delay, and an end to silence after `seconds`.
    func prepareConnection(idleSeconds seconds: Int) {
        var on: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        set(SO_RCVTIMEO, timeval(tv_sec: seconds, tv_usec: 0))
        set(SO_SNDTIMEO, timeval(tv_sec: seconds, tv_usec: 0))
    }

    /// Appends what has come, waiting for at least a byte. - Returns: false at the connection's end.
    func read(into bytes: inout [UInt8], chunk: inout [UInt8]) -> Bool {
        let count = unsafe chunk.withUnsafeMutableBytes { buffer in
            unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        }
        guard count > 0 else { return false }
        bytes.append(contentsOf: chunk[..<count])
        return true
    }

    /// - Returns: false when the client has left.
    func write(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Has the coming close send a reset.
    func resetOnClose() { set(SO_LINGER, linger(l_onoff: 1, l_linger: 0)) }

    /// Ends all waiting on this socket. From any thread.
    func shutdown() { _ = Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func set<Value: BitwiseCopyable>(_ option: Int32, _ value: Value) {
        var value = value
        // Fails only for options that do not exist.
        _ = unsafe withUnsafeBytes(of: &value) { bytes in
            unsafe setsockopt(descriptor, SOL_SOCKET, option, bytes.baseAddress, socklen_t(bytes.count))
        }
    }
}
