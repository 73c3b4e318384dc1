import CLibevent

/// Puts a reply's headers and body where evhttp looks for them.
@safe struct ReplyWriter {
    private let request: OpaquePointer
    private let headers: UnsafeMutablePointer<evkeyvalq>?

    init(request: OpaquePointer) {
        unsafe self.request = request
        unsafe headers = evhttp_request_get_output_headers(request)
    }

    func write(_ reply: borrowing Reply, sendsBody: Bool, isLast: Bool) {
        for header in reply.headers { add(header) }
        if isLast { unsafe evhttp_add_header(headers, "Connection", "close") }
        // evhttp would write a body where none may stand: after HEAD and with a 204.
        guard sendsBody, reply.status.allowsBody else { return }
        if let type = reply.contentType { unsafe evhttp_add_header(headers, "Content-Type", type.cString) }
        write(reply.body)
    }

    private func write(_ body: ReplyBody) {
        let output = unsafe evhttp_request_get_output_buffer(request)
        switch body {
        case .none:
            break
        case .fixed(let text):
            unsafe evbuffer_add(output, text.utf8Start, text.utf8CodeUnitCount)
        case .bytes(let bytes):
            unsafe bytes.withUnsafeBytes { _ = unsafe evbuffer_add(output, $0.baseAddress, $0.count) }
        }
    }

    private func add(_ header: ReplyHeader) {
        switch header.value {
        case .fixed(let text):
            unsafe evhttp_add_header(headers, header.name.cString, text.cString)
        case .bytes(let bytes):
            guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { return }
            unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
                for (index, byte) in bytes.enumerated() { unsafe text[index] = CChar(bitPattern: byte) }
                unsafe text[bytes.count] = 0
                unsafe evhttp_add_header(headers, header.name.cString, text.baseAddress)
            }
        }
    }
}
