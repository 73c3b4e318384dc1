// What Delivery sees of HTTP: a call goes out as an action, and comes back once as an outcome with its id. The
// composition bridges both to the upstream client; Delivery itself does no I/O.

/// One HTTP request (always POST) to the upstream.
public struct UpstreamCall: Sendable {
    public var id: BatchID
    public var url: String
    public var headers: [UpstreamHeader]
    public var body: [UInt8]

    public init(id: BatchID, url: String, headers: [UpstreamHeader], body: [UInt8]) {
        self.id = id
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One header line. Its value may be a secret, so it prints as its name only.
public struct UpstreamHeader: Sendable, CustomStringConvertible, CustomReflectable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    public var description: String { name }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What became of a call.
public enum UpstreamOutcome: Sendable {
    case answered(UpstreamAnswer)
    /// No whole answer came. `retriable` is false for a fault that only a changed configuration can end, such as an
    /// untrusted certificate or a malformed URL.
    case failed(TransportFault, retriable: Bool)
}

/// An HTTP answer.
public struct UpstreamAnswer: Sendable {
    public var status: Int
    /// `Retry-After` in seconds.
    public var retryAfterSeconds: Int64?
    /// `X-RateLimit-Reset`: seconds until the window ends.
    public var rateLimitResetSeconds: Int64?
    /// `x-pinterest-rid`: names the request in talks with the upstream's support; empty when absent.
    public var requestID: String
    public var body: [UInt8]

    public init(
        status: Int, retryAfterSeconds: Int64? = nil, rateLimitResetSeconds: Int64? = nil, requestID: String = "",
        body: [UInt8] = []
    ) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.rateLimitResetSeconds = rateLimitResetSeconds
        self.requestID = requestID
        self.body = body
    }
}

/// Why no whole answer came: the closed list; the raw value is the stable label in metrics and logs.
public enum TransportFault: String, CaseIterable, Sendable {
    /// The host's name gave no address.
    case resolve
    /// No connection came about.
    case connect
    /// The TLS handshake failed or the certificate is not trusted.
    case tls
    /// The call took longer than it may.
    case timeout
    /// The connection ended before the answer did.
    case reset
    /// The answer is no HTTP.
    case protocolFault = "protocol"
    /// The answer is larger than the client takes: what it says of the events is unknown.
    case answerTooLarge = "answer_too_large"
    /// The relay itself ended the call, when its drain ran out of time.
    case cancelled
    case other
}
