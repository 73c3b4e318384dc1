import CLibevent
import CRelayShims
import Glibc

// The bytes of a connection, below evhttp.
extension IngressConnection {
    /// Lends the bytes at the end of the input, in the pieces in which they lie there.
    func forEachPiece(ofLast byteCount: Int, _ body: (Span<UInt8>) -> Void) {
        let input = unsafe bufferevent_get_input(bufferevent)
        var start = unsafe evbuffer_ptr()
        let offset = unsafe evbuffer_get_length(input) - byteCount
        guard unsafe evbuffer_ptr_set(input, &start, max(0, offset), EVBUFFER_PTR_SET) == 0 else { return }
        let pieceCount = unsafe evbuffer_peek(input, -1, &start, nil, 0)
        unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: Int(max(1, pieceCount))) { pieces in
            let found = unsafe evbuffer_peek(input, -1, &start, pieces.baseAddress, pieceCount)
            for index in 0..<Int(min(found, pieceCount)) {
                let (bytes, count) = unsafe (pieces[index].iov_base, pieces[index].iov_len)
                unsafe body(UnsafeRawBufferPointer(start: bytes, count: count).bindMemory(to: UInt8.self).span)
            }
        }
    }

    func discardInput() {
        let input = unsafe bufferevent_get_input(bufferevent)
        _ = unsafe evbuffer_drain(input, evbuffer_get_length(input))
    }

    /// Writes past evhttp, as much as the socket takes at once, and says that nothing follows.
    func sendLast(_ bytes: [UInt8]) {
        let descriptor = unsafe bufferevent_getfd(bufferevent)
        // Something of evhttp's own is still on its way: a half-sent answer is worse than none.
        guard unsafe evbuffer_get_length(bufferevent_get_output(bufferevent)) == 0 else { return cut() }
        if server.certificate != nil {
            unsafe bytes.withUnsafeBytes { unsafe relay_tls_send_last(bufferevent, $0.baseAddress, $0.count) }
        } else {
            _ = unsafe bytes.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
        }
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// The status of an answer whose status line begins at `offset`; nil for anything else.
    static func status(in output: OpaquePointer, at offset: Int) -> Int? {
        var start = unsafe evbuffer_ptr()
        var line: [12 of UInt8] = .init(repeating: 0)
        guard unsafe evbuffer_ptr_set(output, &start, offset, EVBUFFER_PTR_SET) == 0 else { return nil }
        var bytes = line.mutableSpan
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe evbuffer_copyout_from(output, &start, $0.baseAddress, $0.count)
        }
        guard count == 12, line[0] == UInt8(ascii: "H"), line[8] == UInt8(ascii: " ") else { return nil }
        var status = 0
        for index in 9..<12 {
            guard (0x30...0x39).contains(line[index]) else { return nil }
            status = status * 10 + Int(line[index] - 0x30)
        }
        return status
    }
}
