import CLibevent
import Glibc
import Reactor

/// The methods that the relay tells apart.
public enum RequestMethod: Equatable, Sendable {
    case get
    case post
    case head
    case options
    /// PUT, PATCH or DELETE: refused before the handler sees it.
    case other
}

/// A request, as evhttp holds it: bytes are borrowed, nothing is copied, no `String` is made. Lent to the handler for
/// the length of one call; it can be neither copied nor kept.
@safe public struct RequestView: ~Copyable {
    public let method: RequestMethod

    // evhttp's, alive until the reply is sent, which cannot happen while the handler borrows this view.
    private let request: OpaquePointer
    private let connection: OpaquePointer

    init(request: OpaquePointer, connection: OpaquePointer) {
        method = unsafe RequestMethod(evhttp_request_get_command(request))
        unsafe self.request = request
        unsafe self.connection = connection
    }

    /// The path as sent, percent-encoding and all; `/g/collect`. Empty where the target has none.
    public func withPath<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try withSpan(ofText: evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request)), body)
    }

    /// What follows the `?`, as sent; empty where there is none.
    public func withQuery<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try withSpan(ofText: evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request)), body)
    }

    /// The first header of this name, compared without case; nil if there is none.
    public func withHeader<Result: ~Copyable, Failure>(
        _ name: StaticString, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let value = unsafe evhttp_find_header(headers, name.cString) else { return nil }
        return unsafe try withSpan(ofText: value, body)
    }

    /// How many headers have this name.
    public func headerCount(_ name: StaticString) -> Int {
        var count = 0
        forEachHeader { found, _ in
            if found.equalsIgnoringCase(name) { count += 1 }
        }
        return count
    }

    /// All headers, in order, duplicates included: name and value.
    public func forEachHeader(_ body: (Span<UInt8>, Span<UInt8>) -> Void) {
        var next = unsafe headers?.pointee.tqh_first
        while let header = unsafe next {
            unsafe withSpan(ofText: header.pointee.key) { name in
                unsafe withSpan(ofText: header.pointee.value) { value in body(name, value) }
            }
            unsafe next = header.pointee.next.tqe_next
        }
    }

    public var bodyByteCount: Int {
        unsafe evbuffer_get_length(evhttp_request_get_input_buffer(request))
    }

    /// The whole body. evhttp gathers it in one piece where it came in several.
    public func withBody<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = unsafe evbuffer_pullup(evhttp_request_get_input_buffer(request), -1)
        let count = unsafe start == nil ? 0 : bodyByteCount
        return unsafe try body(UnsafeBufferPointer(start: start, count: count).span)
    }

    /// The peer's numeric address, as bytes; an IPv4 address also where the listener is IPv6.
    public func withRemoteAddress<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        return unsafe try withSpan(ofText: peerAddress) { text throws(Failure) in
            let mapped = 7
            let isMapped = text.count > mapped && text.extracting(first: mapped).equalsIgnoringCase("::ffff:")
            return try body(isMapped ? text.extracting(droppingFirst: mapped) : text)
        }
    }

    private var headers: UnsafeMutablePointer<evkeyvalq>? { unsafe evhttp_request_get_input_headers(request) }

    private var peerAddress: UnsafePointer<CChar>? {
        var address: UnsafeMutablePointer<CChar>?
        var port: UInt16 = 0
        unsafe evhttp_connection_get_peer(connection, &address, &port)
        return unsafe UnsafePointer(address)
    }
}

extension RequestView {
    /// Why the request is not for the handler, if so.
    func refusal(_ limits: IngressLimits) -> IngressRefusal? {
        var requestGuard = RequestGuard()
        forEachHeader { name, value in requestGuard.see(name: name, value: value) }
        if let fault = requestGuard.finish(readsBody: method != .head) { return .malformed(fault) }
        if method == .other { return .methodNotAllowed }
        return bodyByteCount > limits.bodyByteCount ? .bodyTooLarge : nil
    }
}

/// The bytes of a C string, borrowed for the call; none for a null pointer.
private func withSpan<Result: ~Copyable, Failure>(
    ofText text: UnsafePointer<CChar>?, _ body: (Span<UInt8>) throws(Failure) -> Result
) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self)
    let count = unsafe text.map { unsafe strlen($0) } ?? 0
    return unsafe try body(UnsafeBufferPointer(start: bytes, count: Int(count)).span)
}

extension StaticString {
    /// Zero-terminated, for ever.
    var cString: UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}

extension RequestMethod {
    fileprivate init(_ command: evhttp_cmd_type) {
        switch command {
        case EVHTTP_REQ_GET: self = .get
        case EVHTTP_REQ_POST: self = .post
        case EVHTTP_REQ_HEAD: self = .head
        case EVHTTP_REQ_OPTIONS: self = .options
        default: self = .other
        }
    }
}
