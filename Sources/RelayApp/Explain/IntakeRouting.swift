import Intake
import Settings

/// The intake route of a pasted request: behind the configured prefix, or where its host takes it today, as Google's
/// and Segment's own do, without one.
struct IntakeRouting {
    private let prefix: [UInt8]
    private let configured: CollectPaths
    private let bare = CollectPaths(prefix: [], paths: [])

    init(_ settings: ListenSettings) {
        prefix = Array(settings.pathPrefix.utf8)
        configured = CollectPaths(prefix: prefix, paths: settings.collectPaths)
    }

    /// - Returns: nil for a path that is no intake route.
    func route(of request: PastedRequest) -> IntakeRoute? {
        for prefix in [prefix, []] {
            if case .intake(let route) = request.withPath({ PublicTarget(path: $0, prefix: prefix) }) { return route }
        }
        return takes(configured, request) || takes(bare, request) ? .ga4Collect : nil
    }

    /// A pasted body may be plain though a header says that it was compressed, so it is looked at as it is.
    private func takes(_ paths: CollectPaths, _ request: PastedRequest) -> Bool {
        paths.take(request) { request in request.withBody { CollectPaths.isWrapped(body: $0) } }
    }
}
