import RelayModel

/// The public routes as metrics name them: patterns, never paths.
public enum MetricRoute: Int, CaseIterable, Sendable {
    case ga4Collect, measurementProtocol, measurementProtocolDebug
    case track, page, screen, identify, group, alias, batch, importBatch, libraryMetrics
    case beacon, pixelTrack, pixelPage
    case pinterestEvents, preflight, health, other
    /// What never became a request: refused for its framing or size before it was read.
    case unparsed

    public var label: String {
        switch self {
        case .ga4Collect: "/g/collect"
        case .measurementProtocol: "/mp/collect"
        case .measurementProtocolDebug: "/debug/mp/collect"
        case .track: "/v1/track"
        case .page: "/v1/page"
        case .screen: "/v1/screen"
        case .identify: "/v1/identify"
        case .group: "/v1/group"
        case .alias: "/v1/alias"
        case .batch: "/v1/batch"
        case .importBatch: "/v1/import"
        case .libraryMetrics: "/v1/m"
        case .beacon: "/beacon/v1/batch"
        case .pixelTrack: "/pixel/v1/track"
        case .pixelPage: "/pixel/v1/page"
        case .pinterestEvents: "/v5/ad_accounts/{id}/events"
        case .preflight: "preflight"
        case .health: "health"
        case .other: "other"
        case .unparsed: "unparsed"
        }
    }
}

/// How an upstream request ended.
public enum UpstreamOutcome: Int, CaseIterable, Sendable {
    case success, redirect, rateLimited, clientError, serverError, transport

    public var label: String {
        switch self {
        case .success: "2xx"
        case .redirect: "3xx"
        case .rateLimited: "429"
        case .clientError: "4xx"
        case .serverError: "5xx"
        case .transport: "transport"
        }
    }

    /// The class of a status; nil means that no answer came.
    public init(status: Int?) {
        switch status {
        case .some(200..<300): self = .success
        case .some(300..<400): self = .redirect
        case .some(429): self = .rateLimited
        case .some(400..<500): self = .clientError
        case .some(500..<600): self = .serverError
        default: self = .transport
        }
    }
}

/// Why requests to a destination rest.
public enum StopCause: Int, CaseIterable, Sendable {
    case rateLimited, refused, unreachable, failing

    public var label: String {
        switch self {
        case .rateLimited: "rate_limited"
        case .refused: "refused"
        case .unreachable: "unreachable"
        case .failing: "failing"
        }
    }
}

/// The values of every label, fixed at start. A series is a metric and one position per label.
public struct MetricLayout: Sendable {
    /// The statuses that requests are answered with; others count as `other`.
    static let statuses = [200, 204, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 422, 429, 431, 500, 501, 503]
    /// What stands in for a value that is on no list.
    static let other = "other"
    static let noDestination = "none"
    /// The standard names and the one that stands for all others.
    static let eventNameCount = StandardEvent.allCases.count + 1
    static let outcomeCount = UpstreamOutcome.allCases.count

    public let sources: [String]
    public let destinations: [String]
    public let faults: [String]
    public let loops: [String]
    public let version: String
    let faultPositions: [String: Int]

    /// - Parameters:
    ///   - sources: the configured sources' names, in their order; a source is named by its index from here on.
    ///   - destinations: the destinations' names, likewise.
    ///   - faults: the closed list of faults for which a request's content is refused.
    ///   - loops: the loops' names, as in ``HealthState``.
    public init(
        sources: [String], destinations: [String], faults: [String], loops: [String] = [], version: String
    ) {
        self.sources = sources
        self.destinations = destinations
        self.faults = faults.filter { $0 != Self.other } + [Self.other]
        self.loops = loops
        self.version = version
        faultPositions = Dictionary(zip(self.faults, self.faults.indices)) { first, _ in first }
    }

    /// The values of a label in the order of their positions.
    public func values(of label: MetricLabel) -> [String] {
        switch label {
        case .source: sources
        case .destination: destinations
        case .destinationOrNone: destinations + [Self.noDestination]
        case .route: MetricRoute.allCases.map(\.label)
        case .status: Self.statuses.map(String.init) + [Self.other]
        case .fault: faults
        case .kind: WarningKind.allCases.map(\.rawValue)
        case .outcome: UpstreamOutcome.allCases.map(\.label)
        case .version: [version]
        case .loop: loops
        case .identifier: MatchIdentifiers.labels
        case .result: ConfigReloadResult.allCases.map(\.rawValue)
        case .cause: StopCause.allCases.map(\.label)
        case .eventName: StandardEvent.allCases.map(\.apiName.description) + ["advertiser_defined"]
        case .notSentReason: NotSentReason.allCases.map(\.rawValue)
        case .deadReason: DeadReason.allCases.map(\.rawValue)
        }
    }

    static func statusPosition(_ status: Int) -> Int { statuses.firstIndex(of: status) ?? statuses.count }

    /// - Parameter code: a ``StandardEvent`` raw value; any other means advertiser-defined.
    static func eventNamePosition(_ code: UInt8) -> Int {
        min(Int(code), eventNameCount - 1)
    }
}
