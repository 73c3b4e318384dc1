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

    /// The same as readiness; with `verbose`, every component's state besides.
    /// - Parameter queues: what stands in the queues, shown with the upstream accounts, by destination.
    public static func healthz(
        _ snapshot: HealthSnapshot, verbose: Bool = false, queues: [QueueState] = []
    ) -> HealthReport {
        let reasons = unready(snapshot)
        guard verbose else { return judge(reasons) }
        let loops = snapshot.loops.map { loop in
            let silent = loop.silentMillis.map(String.init) ?? "null"
            let state = loop.silentMillis == nil ? "starting" : isStuck(loop, snapshot) ? "stuck" : "turning"
            return "{\"name\":\(JSONText.quoted(loop.name)),\"state\":\"\(state)\",\"silent_ms\":\(silent)}"
        }
        let journal = describeJournal(snapshot)
        let accounts = snapshot.accounts.enumerated().map { index, account in
            describe(account, queues.indices.contains(index) ? queues[index] : nil)
        }
        let parts = [
            "\"draining\":\(snapshot.isDraining)", "\"loops\":[\(loops.joined(separator: ","))]",
            "\"journal\":\(journal)", "\"destinations\":[\(accounts.joined(separator: ","))]",
        ]
        return judge(reasons, more: parts)
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

    private static func describe(_ account: HealthSnapshot.Account, _ queue: QueueState?) -> String {
        var parts = ["\"name\":\(JSONText.quoted(account.name))", "\"upstream\":\"\(account.state.label)\""]
        parts.append("\"since_seconds\":" + (account.sinceSeconds.map(String.init) ?? "null"))
        parts.append("\"last_status\":" + (account.lastStatus == 0 ? "null" : String(account.lastStatus)))
        if let queue {
            parts.append("\"queued\":\(queue.events)")
            parts.append("\"oldest_seconds\":\(queue.oldestSeconds)")
        }
        return "{" + parts.joined(separator: ",") + "}"
    }

    private static func describeJournal(_ snapshot: HealthSnapshot) -> String {
        let detail = snapshot.journal
        let state = snapshot.isJournalWritable ? "writable" : detail.refusal ?? "failed"
        let parts = [
            "\"state\":\(JSONText.quoted(state))", "\"since_seconds\":\(snapshot.journalSinceSeconds)",
            "\"bytes\":\(detail.bytes)", "\"headroom_bytes\":\(detail.headroomBytes)",
            "\"damaged_files\":\(detail.damagedFiles)",
        ]
        return "{" + parts.joined(separator: ",") + "}"
    }

    private static func isStuck(_ loop: HealthSnapshot.Loop, _ snapshot: HealthSnapshot) -> Bool {
        loop.silentMillis.map { $0 > snapshot.staleAfterMillis } ?? false
    }

    private static func stuck(_ snapshot: HealthSnapshot) -> [String] {
        snapshot.loops.filter { isStuck($0, snapshot) }.map { "loop \($0.name) is stuck" }
    }

    private static func unready(_ snapshot: HealthSnapshot) -> [String] {
        var reasons = stuck(snapshot)
        reasons += snapshot.loops.filter { $0.silentMillis == nil }.map { "loop \($0.name) has not started" }
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
