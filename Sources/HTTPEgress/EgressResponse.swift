/// What became of one request.
public struct EgressResponse: Sendable {
    public enum Result: Sendable {
        /// A whole answer came back, whatever its status.
        case answered(status: Int, headers: EgressHeaders, body: [UInt8])
        /// No whole answer: what the other side did with the request is unknown.
        case failed(CurlError)
    }

    /// The request's id.
    public let id: UInt64
    public let result: Result
    /// From start to end.
    public let totalMicros: Int64
    /// Connections that were opened for this request: 0 when a kept one was used.
    public let openedConnections: Int
}

/// The few response headers that anyone asks for; all others are dropped as they come in.
public struct EgressHeaders: Sendable, Equatable {
    public internal(set) var retryAfter: String?
    public internal(set) var rateLimitReset: String?
    public internal(set) var rateLimitRemaining: String?
    /// `x-pinterest-rid`: Pinterest's own id of the request, worth logging.
    public internal(set) var requestID: String?
    public internal(set) var contentType: String?

    public init(
        retryAfter: String? = nil, rateLimitReset: String? = nil, rateLimitRemaining: String? = nil,
        requestID: String? = nil, contentType: String? = nil
    ) {
        self.retryAfter = retryAfter
        self.rateLimitReset = rateLimitReset
        self.rateLimitRemaining = rateLimitRemaining
        self.requestID = requestID
        self.contentType = contentType
    }
}

extension EgressHeaders {
    /// Longer values are foreign to the kept headers and are dropped.
    private static let maxValueBytes = 256

    /// Takes in one header line as it stands on the wire. A status line starts the next answer's headers: an interim
    /// answer's (`100 Continue`) do not count.
    mutating func take(line: some Collection<UInt8>) {
        if line.starts(with: "HTTP/".utf8) { self = EgressHeaders() }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let field = Self.field(named: String(decoding: line[..<colon], as: UTF8.self).lowercased()),
            let value = Self.value(line[line.index(after: colon)...])
        else { return }
        self[keyPath: field] = value
    }

    private static func field(named name: String) -> WritableKeyPath<EgressHeaders, String?>? {
        switch name {
        case "retry-after": \.retryAfter
        case "x-ratelimit-reset": \.rateLimitReset
        case "x-ratelimit-remaining": \.rateLimitRemaining
        case "x-pinterest-rid": \.requestID
        case "content-type": \.contentType
        default: nil
        }
    }

    /// The value without outer white space; nil when it is empty, too long or not printable ASCII.
    private static func value(_ raw: some Collection<UInt8>) -> String? {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0D, 0x0A]
        let start = raw.drop(while: blanks.contains)
        guard start.count <= maxValueBytes else { return nil }
        let trimmed = start.reversed().drop(while: blanks.contains).reversed()
        guard !trimmed.isEmpty, trimmed.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(decoding: trimmed, as: UTF8.self)
    }
}
