/// What `/healthz?verbose` shows of each component: its state, since when, and the code of the last thing that went
/// wrong with it. Counts, names of the configuration and words of closed lists only.
struct HealthDetail {
    let snapshot: HealthSnapshot
    let queues: [HealthReport.QueueState]

    /// Members of a JSON object.
    var members: [String] {
        [
            "\"draining\":\(snapshot.isDraining)", "\"loops\":[\(snapshot.loops.map(loop).joined(separator: ","))]",
            "\"journal\":\(journal)", "\"destinations\":[\(destinations.joined(separator: ","))]",
            "\"configuration\":\(configuration)",
        ]
    }

    private func loop(_ loop: HealthSnapshot.Loop) -> String {
        guard let silent = loop.silentMillis else {
            return object(["\"name\":\(JSONText.quoted(loop.name))", "\"state\":\"starting\""])
        }
        let isStuck = snapshot.isStuck(loop)
        return object([
            "\"name\":\(JSONText.quoted(loop.name))", "\"state\":\"\(isStuck ? "stuck" : "turning")\"",
            "\"since_seconds\":\(isStuck ? silent / 1000 : loop.sinceSeconds)", "\"silent_ms\":\(silent)",
            "\"lag_ms\":\(loop.lagMillis)", "\"last_error\":\(text(of: loop.fault))",
        ])
    }

    private var journal: String {
        let detail = snapshot.journal
        let state = snapshot.isJournalWritable ? "writable" : detail.refusal ?? "failed"
        return object([
            "\"state\":\(JSONText.quoted(state))", "\"since_seconds\":\(snapshot.journalSinceSeconds)",
            "\"last_error\":\(text(of: snapshot.journalFault))",
            "\"queued\":\(queues.reduce(0) { $0 + $1.events })",
            "\"oldest_seconds\":\(queues.map(\.oldestSeconds).max() ?? 0)", "\"dead_letters\":\(detail.deadLetters)",
            "\"bytes\":\(detail.bytes)", "\"log_bytes\":\(detail.logBytes)",
            "\"headroom_bytes\":\(detail.headroomBytes)", "\"damaged_files\":\(detail.damagedFiles)",
        ])
    }

    private var destinations: [String] {
        snapshot.accounts.enumerated().map { index, account in
            var parts = [
                "\"name\":\(JSONText.quoted(account.name))", "\"upstream\":\"\(account.state.label)\"",
                "\"since_seconds\":" + (account.sinceSeconds.map { String($0) } ?? "null"),
                "\"last_status\":" + (account.lastStatus == 0 ? "null" : String(account.lastStatus)),
                "\"last_error\":\(text(of: account.fault))",
            ]
            if queues.indices.contains(index) {
                parts.append("\"queued\":\(queues[index].events)")
                parts.append("\"oldest_seconds\":\(queues[index].oldestSeconds)")
            }
            return object(parts)
        }
    }

    private var configuration: String {
        object([
            "\"state\":\"\(snapshot.configurationFault == nil ? "in_force" : "change_refused")\"",
            "\"since_seconds\":\(snapshot.configurationSinceSeconds)",
            "\"last_error\":\(text(of: snapshot.configurationFault))",
        ])
    }

    private func text(of fault: ComponentFault?) -> String { fault?.json(nowMillis: snapshot.nowMillis) ?? "null" }

    private func object(_ members: [String]) -> String { "{" + members.joined(separator: ",") + "}" }
}
