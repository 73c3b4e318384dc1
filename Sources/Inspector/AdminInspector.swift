public import RelayModel
public import Telemetry

/// Answers the admin port, and the health routes of the public one.
public struct AdminInspector: Sendable {
    /// The clocks of the caller: milliseconds since 1970, and of the clock that ``HealthState`` is told.
    public struct Moment: Sendable {
        public let unixMillis: Int64
        public let uptimeMillis: Int64

        public init(unixMillis: Int64, uptimeMillis: Int64) {
            self.unixMillis = unixMillis
            self.uptimeMillis = uptimeMillis
        }
    }

    private let metrics: RelayMetrics
    private let health: HealthState
    private let config: any ConfigInForce

    public init(metrics: RelayMetrics, health: HealthState, config: any ConfigInForce) {
        self.metrics = metrics
        self.health = health
        self.config = config
    }

    /// - Parameters:
    ///   - token: asked for as Bearer where present.
    ///   - configJSON: the settings in force, masked.
    public init(metrics: RelayMetrics, health: HealthState, token: SecretValue?, configJSON: String) {
        self.init(metrics: metrics, health: health, config: FixedConfig(adminToken: token, json: configJSON))
    }

    /// Answers a request to the admin port.
    /// - Parameters:
    ///   - method: as in the request line.
    ///   - authorization: the header's value, if there is one.
    public func answer(
        method: String, target: some Collection<UInt8>, authorization: (some Collection<UInt8>)?, at now: Moment
    ) -> InspectorReply {
        let route = InspectorRoute(target: target)
        if let refusal = refusal(of: route, method: method, authorization: authorization) { return refusal }
        return route == .reload ? reload() : respond(route, at: now)
    }

    /// Takes up a changed configuration, once nothing stands against it.
    public func reload() -> InspectorReply { InspectorReply(config.reload()) }

    /// What stands against answering a request to the admin port: its token, then where it comes from, then its method.
    public func refusal(
        of route: InspectorRoute, method: String, authorization: (some Collection<UInt8>)?,
        from provenance: RequestProvenance = RequestProvenance()
    ) -> InspectorReply? {
        guard route.isOpenHealth || isAllowed(authorization) else {
            return .error(
                401, code: "unauthorized", message: "a Bearer token is needed",
                headers: [("WWW-Authenticate", "Bearer")])
        }
        let needsAddress = config.adminToken == nil && !route.isOpenHealth
        if needsAddress && !provenance.namesAnAddress || route.takesPost && !provenance.isOwnPageOrNone {
            return .error(403, code: "foreign_page", message: "ask by address or localhost, and not from another page")
        }
        if route.takesPost {
            return method == "POST"
                ? nil : .error(405, code: "method_not_allowed", message: "use POST", headers: [("Allow", "POST")])
        }
        guard route == .unknown || method == "GET" || method == "HEAD" else {
            return .error(405, code: "method_not_allowed", message: "use GET", headers: [("Allow", "GET, HEAD")])
        }
        return nil
    }

    /// Gives a route's reply, without a look at method or token. It changes nothing: a reload is no part of it.
    public func respond(_ route: InspectorRoute, at now: Moment) -> InspectorReply {
        switch route {
        case .page: page(at: now, recent: [])
        case .livez: reply(.livez(health.snapshot(nowMillis: now.uptimeMillis)))
        case .readyz: reply(.readyz(health.snapshot(nowMillis: now.uptimeMillis)))
        case .startupz: reply(.startupz(health.snapshot(nowMillis: now.uptimeMillis)))
        case .healthz(let verbose):
            reply(.healthz(health.snapshot(nowMillis: now.uptimeMillis), verbose: verbose, queues: queues(at: now)))
        case .metrics:
            InspectorReply(
                status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
                body: metrics.render(nowMillis: now.unixMillis))
        case .config: .json(200, config.json)
        case .reload, .unknown, .deadLetters, .deadLetter, .replayDeadLetters, .events, .explain:
            .error(404, code: "not_found", message: "there is nothing here")
        }
    }

    private func reply(_ report: HealthReport) -> InspectorReply { .json(report.status, report.json) }

    private func isAllowed(_ authorization: (some Collection<UInt8>)?) -> Bool {
        guard let token = config.adminToken else { return true }
        guard let authorization else { return false }
        let scheme = Array("bearer ".utf8)
        guard authorization.count > scheme.count,
            zip(authorization, scheme).allSatisfy({ $0 | 0x20 == $1 })
        else { return false }
        return token.matches(authorization.dropFirst(scheme.count))
    }

    private func queues(at now: Moment) -> [HealthReport.QueueState] {
        metrics.layout.destinations.indices.map { index in
            HealthReport.QueueState(
                events: metrics.queued(destination: index).value,
                oldestSeconds: metrics.oldestAgeSeconds(destination: index, nowMillis: now.unixMillis))
        }
    }

    /// The page for people.
    /// - Parameter recent: the last events, the newest first.
    public func page(at now: Moment, recent: [RecentEvent]) -> InspectorReply {
        let report = HealthReport.readyz(health.snapshot(nowMillis: now.uptimeMillis))
        let page = InspectorPage(
            version: metrics.layout.version, health: report, sums: metrics.sums,
            destinations: metrics.layout.destinations, queues: queues(at: now), recent: recent)
        let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        return InspectorReply(
            status: 200, contentType: "text/html; charset=utf-8", headers: [("Content-Security-Policy", policy)],
            body: Array(page.html.utf8))
    }
}
