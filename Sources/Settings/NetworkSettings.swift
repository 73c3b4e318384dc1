public import RelayModel

/// `listen`: the public port.
public struct ListenSettings: Sendable, Equatable {
    /// An IP address in text.
    public let address: String
    /// 0 lets the system choose.
    public let port: Int
    /// Ingress threads, each with its own loop and listener.
    public let threads: Int
    /// Before every public route: empty, or `/` and no trailing `/`.
    public let pathPrefix: String
    /// Paths that take browser hits besides `[prefix]/g/collect`; each begins with `/`.
    public let collectPaths: [String]
    /// Peers whose forwarding headers are believed.
    public let trustedProxies: [CIDRBlock]
    public let forwardedHeader: ForwardedHeader
    public let measurementProtocolErrors: MeasurementProtocolErrors
    public let limits: Limits
    /// Of each client address.
    public let rateLimit: RateLimitSettings
    /// Nil where the port speaks plain HTTP.
    public let tls: TLSSettings?

    /// Which header a trusted proxy writes the client's address to.
    public enum ForwardedHeader: String, CaseIterable, Sendable {
        /// Whichever is there; where both are, they count only if they agree.
        case auto
        case xForwardedFor = "x-forwarded-for"
        /// RFC 7239.
        case forwarded
    }

    /// How a faulty call on `/mp/collect` is answered.
    public enum MeasurementProtocolErrors: String, CaseIterable, Sendable {
        /// 204, as Google's own route does; the fault is counted.
        case google
        /// 4xx with `code` and `message`.
        case strict
    }

    public struct Limits: Sendable, Equatable {
        /// Cap of a request body, also after inflation, in bytes.
        public let bodyByteCount: Int
        /// Cap of a compressed request body as it came, in bytes.
        public let compressedBodyByteCount: Int
        /// Cap of a body's inflated bytes for each compressed one.
        public let inflateRatio: Int
        /// Cap of request line and headers together, in bytes.
        public let headerByteCount: Int
        /// How long a connection may stay open between requests.
        public let idleTimeout: Duration
        /// How long a request's headers may take to arrive, and a TLS handshake.
        public let headerTimeout: Duration
        /// How long a request may take to arrive.
        public let requestTimeout: Duration
        /// Open connections over all threads.
        public let connectionCount: Int
        public let segment: SegmentCaps
    }

    /// `listen.limits.segment`: what a Segment call may hold (`segment-api.md` 1). The key that says whose call it is may
    /// stand in its body, so these hold for all sources alike.
    public struct SegmentCaps: Sendable, Equatable {
        /// A single call, and one item of a batch, in bytes.
        public let eventByteCount: Int
        /// A batch, in bytes.
        public let batchByteCount: Int
        public let batchEventCount: Int
    }
}

/// `admin`: metrics, health in detail, inspector.
public struct AdminSettings: Sendable, Equatable {
    public let address: String
    public let port: Int
    /// The Bearer token; always present when the address is beyond loopback.
    public let token: SecretValue?
}

/// `upstream`: the Pinterest API.
public struct UpstreamSettings: Sendable, Equatable {
    /// Scheme, host, port and perhaps a path, without trailing `/`.
    public let url: String
    public let connectTimeout: Duration
    /// From the start of a request to the end of its answer.
    public let timeout: Duration
    /// Shared out among the destinations, at least one for each.
    public let maxConnections: Int
    /// How long an address of the host is used before its name is looked up anew.
    public let nameCacheTime: Duration
    /// A PEM bundle to trust in place of the system's.
    public let caFile: String?
}
