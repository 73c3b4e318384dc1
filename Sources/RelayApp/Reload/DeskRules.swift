import Settings
import Telemetry

/// What the desk of an ingress loop works by: made whole from one configuration and exchanged whole by a reload, so a
/// request is never judged by two of them.
struct DeskRules {
    let prefix: [UInt8]
    let collectPaths: CollectPaths
    let intake: IntakeDesk

    /// - Parameter limits: shared by all desks.
    init(_ settings: RelaySettings, metrics: RelayMetrics, limits: RateLimits?) throws {
        prefix = Array(settings.listen.pathPrefix.utf8)
        collectPaths = CollectPaths(prefix: prefix, paths: settings.listen.collectPaths)
        intake = try IntakeDesk(settings: settings, metrics: metrics, limits: limits)
    }
}
