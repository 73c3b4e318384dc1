import Inspector
import Intake
import RelayModel
import Telemetry

/// What a request to the public port asks for.
enum PublicTarget {
    case intake(IntakeRoute)
    /// A health route, as on the admin port.
    case health(InspectorRoute)
    /// `/healthy`, sGTM's own health route.
    case tagHealth
    case unknown

    /// - Parameters:
    ///   - path: as sent, without query.
    ///   - prefix: the configured prefix of the intake routes; health routes never carry it.
    init(path: Span<UInt8>, prefix: [UInt8]) {
        if let route = Self.intakeRoute(path, prefix) {
            self = .intake(route)
        } else {
            self = Self.healthTarget(path)
        }
    }

    private static func intakeRoute(_ path: Span<UInt8>, _ prefix: [UInt8]) -> IntakeRoute? {
        guard path.count > prefix.count else { return nil }
        for index in prefix.indices where path[index] != prefix[index] { return nil }
        return IntakeRoute(path: path.extracting(droppingFirst: prefix.count))
    }

    private static func healthTarget(_ path: Span<UInt8>) -> PublicTarget {
        guard path.count <= 16 else { return .unknown }
        var bytes: [UInt8] = []
        bytes.append(copying: path)
        let route = InspectorRoute(target: bytes)
        if route.isOpenHealth { return .health(route) }
        return path.matches("/healthy") ? .tagHealth : .unknown
    }
}

extension MetricRoute {
    init(_ route: IntakeRoute) {
        switch route {
        case .ga4Collect: self = .ga4Collect
        case .measurementProtocol: self = .measurementProtocol
        case .measurementProtocolDebug: self = .measurementProtocolDebug
        case .pinterestEvents: self = .pinterestEvents
        case .segment(let call): self = MetricRoute(call)
        }
    }

    private init(_ call: SegmentCall) {
        switch call {
        case .track: self = .track
        case .page: self = .page
        case .screen: self = .screen
        case .identify: self = .identify
        case .group: self = .group
        case .alias: self = .alias
        case .batch: self = .batch
        case .bulkImport: self = .importBatch
        case .libraryMetrics: self = .libraryMetrics
        case .beacon: self = .beacon
        case .pixelTrack: self = .pixelTrack
        case .pixelPage: self = .pixelPage
        }
    }
}
