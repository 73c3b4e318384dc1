public import RelayModel

/// What a path asks for: the closed list of intake routes, behind the configured prefix.
public enum IntakeRoute: Hashable, Sendable {
    case segment(SegmentCall)
    /// `/g/collect`.
    case ga4Collect
    /// `/mp/collect`.
    case measurementProtocol
    /// `/debug/mp/collect`: the body is decoded alike, and answered instead of forwarded.
    case measurementProtocolDebug
    /// `/v5/ad_accounts/{id}/events`: Pinterest's own route; the id is read with ``PinterestEventsPath``.
    case pinterestEvents

    /// - Parameter path: without query and prefix, as `/v1/track`; any other path gives nil.
    public init?(path: Span<UInt8>) {
        for entry in Self.paths where path.matches(entry.path) {
            self = entry.route
            return
        }
        guard PinterestEventsPath.accountID(in: path) != nil else { return nil }
        self = .pinterestEvents
    }

    /// The route's one spelling, as the label in metrics.
    public var label: StaticString {
        switch self {
        case .segment(let call): call.path
        case .ga4Collect: "/g/collect"
        case .measurementProtocol: "/mp/collect"
        case .measurementProtocolDebug: "/debug/mp/collect"
        case .pinterestEvents: "/v5/ad_accounts/{id}/events"
        }
    }

    /// Every fixed path that is served, with its route.
    public static let paths: [(path: StaticString, route: IntakeRoute)] = {
        let own = [ga4Collect, measurementProtocol, measurementProtocolDebug].map { ($0.label, $0) }
        let long = SegmentCall.allCases.map { ($0.path, IntakeRoute.segment($0)) }
        let others = SegmentCall.allCases.flatMap { call in call.otherPaths.map { ($0, IntakeRoute.segment(call)) } }
        return own + long + others
    }()
}

/// The calls of Segment's HTTP API (`segment-api.md` 1), and those that RudderStack adds (2).
public enum SegmentCall: UInt8, CaseIterable, Sendable {
    case track, page, screen, identify, group, alias
    case batch
    /// The older bulk call: a batch.
    case bulkImport
    /// The browser library's report on itself: accepted and ignored.
    case libraryMetrics
    /// RudderStack's batch for `sendBeacon`, with its key in the query.
    case beacon
    /// RudderStack's images: the event stands in the query.
    case pixelTrack, pixelPage

    /// What a single call's event is; nil for the calls that hold many events or none.
    public var kind: SourceKind? {
        switch self {
        case .track: .segmentTrack
        case .page: .segmentPage
        case .screen: .segmentScreen
        case .identify: .segmentIdentify
        case .group: .segmentGroup
        case .alias: .segmentAlias
        case .pixelTrack: .segmentTrack
        case .pixelPage: .segmentPage
        case .batch, .bulkImport, .beacon, .libraryMetrics: nil
        }
    }

    /// A GET that is answered with an image.
    public var isPixel: Bool { self == .pixelTrack || self == .pixelPage }

    public var path: StaticString {
        switch self {
        case .track: "/v1/track"
        case .page: "/v1/page"
        case .screen: "/v1/screen"
        case .identify: "/v1/identify"
        case .group: "/v1/group"
        case .alias: "/v1/alias"
        case .batch: "/v1/batch"
        case .bulkImport: "/v1/import"
        case .libraryMetrics: "/v1/m"
        case .beacon: "/beacon/v1/batch"
        case .pixelTrack: "/pixel/v1/track"
        case .pixelPage: "/pixel/v1/page"
        }
    }

    /// More paths: the browser library's, which is the call's first letter, and for a batch that of a fork.
    public var otherPaths: [StaticString] {
        switch self {
        case .track: ["/v1/t"]
        case .page: ["/v1/p"]
        case .screen: ["/v1/s"]
        case .identify: ["/v1/i"]
        case .group: ["/v1/g"]
        case .alias: ["/v1/a"]
        case .batch: ["/v1/b", "/sdk/batch"]
        case .bulkImport, .libraryMetrics, .beacon, .pixelTrack, .pixelPage: []
        }
    }
}
