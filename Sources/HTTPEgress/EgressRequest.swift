/// One HTTP request. It may carry a token and hashed events, so it prints as its id alone.
public struct EgressRequest: Sendable, CustomStringConvertible, CustomReflectable {
    public enum Method: Sendable { case get, post }

    /// The caller's own name for it; comes back with the response.
    public var id: UInt64
    public var method: Method
    /// `https://...`; plain `http://...` is taken only where this says so.
    public var url: String
    /// Whole header lines, as `Authorization: Bearer ...`, without line ends.
    public var headerLines: [String]
    public var body: [UInt8]
    /// From start to the last byte of the answer; nil takes ``EgressLimits/totalTimeout``.
    public var timeout: Duration?

    public init(
        id: UInt64, method: Method = .post, url: String, headerLines: [String] = [], body: [UInt8] = [],
        timeout: Duration? = nil
    ) {
        self.id = id
        self.method = method
        self.url = url
        self.headerLines = headerLines
        self.body = body
        self.timeout = timeout
    }

    public var description: String { "<request \(id)>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension EgressRequest {
    /// A line end inside a header line would let its value add headers; libcurl does not look.
    var hasBrokenHeader: Bool {
        headerLines.contains { line in line.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }
    }

    /// The only scheme that libcurl may use for this request.
    var scheme: String { url.prefix(7).lowercased() == "http://" ? "http" : "https" }
}
