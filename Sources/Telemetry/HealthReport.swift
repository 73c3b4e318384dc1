/// An answer to a probe: judged from a snapshot alone.
public struct HealthReport: Sendable, Equatable {
    /// 200 or 503.
    public let status: Int
    /// A JSON object with `status` and, where something is wrong, `reasons`.
    public let json: String

    public var isGood: Bool { status == 200 }

    /// Do the loops turn? A loop that has not started yet is not stuck.
    public static func livez(_ snapshot: HealthSnapshot) -> HealthReport { judge(stuck(snapshot)) }

    /// Can the next event be stored now? The upstream's state plays no part in it.
    public static func readyz(_ snapshot: HealthSnapshot) -> HealthReport { judge(unready(snapshot)) }

    /// Has every loop turned once? Good for ever from then on.
    public static func startupz(_ snapshot: HealthSnapshot) -> HealthReport { judge(unstarted(snapshot)) }

    /// The same as readiness; with `verbose`, every component's state besides.
    /// - Parameter queues: what stands in the queues, shown with the upstream accounts, by destination.
    public static func healthz(
        _ snapshot: HealthSnapshot, verbose: Bool = false, queues: [QueueState] = []
    ) -> HealthReport {
        judge(unready(snapshot), more: verbose ? HealthDetail(snapshot: snapshot, queues: queues).members : [])
    }

    /// One destination's queue.
    public struct QueueState: Sendable, Equatable {
        public let events: Int
        /// Age of the oldest queued event; 0 for an empty queue.
        public let oldestSeconds: Int64

        public init(events: Int, oldestSeconds: Int64) {
            self.events = events
            self.oldestSeconds = oldestSeconds
        }
    }

    private static func stuck(_ snapshot: HealthSnapshot) -> [String] {
        snapshot.loops.filter { snapshot.isStuck($0) }.map { "loop \($0.name) is stuck" }
    }

    private static func unstarted(_ snapshot: HealthSnapshot) -> [String] {
        snapshot.loops.filter { $0.silentMillis == nil }.map { "loop \($0.name) has not started" }
    }

    private static func unready(_ snapshot: HealthSnapshot) -> [String] {
        var reasons = stuck(snapshot) + unstarted(snapshot)
        if snapshot.isDraining { reasons.append("draining") }
        if !snapshot.isJournalWritable { reasons.append("the journal takes no events") }
        return reasons
    }

    private static func judge(_ reasons: [String], more: [String] = []) -> HealthReport {
        var parts = [reasons.isEmpty ? "\"status\":\"ok\"" : "\"status\":\"unavailable\""]
        if !reasons.isEmpty {
            parts.append("\"reasons\":[" + reasons.map(JSONText.quoted).joined(separator: ",") + "]")
        }
        parts += more
        return HealthReport(status: reasons.isEmpty ? 200 : 503, json: "{" + parts.joined(separator: ",") + "}")
    }
}
