import Foundation
import Telemetry
import Testing

@Suite("HealthReport")
struct HealthTests {
    private static func running() -> HealthState {
        let health = HealthState(loops: ["ingress-0", "journal"], destinations: ["shop"], staleAfterMillis: 1000)
        for loop in 0..<2 { health.beat(loop: loop, nowMillis: 5000) }
        health.setJournal(isWritable: true, nowMillis: 5000)
        return health
    }

    @Test("running loops and a writable journal are alive and ready")
    func ready() {
        let snapshot = Self.running().snapshot(nowMillis: 6000)
        #expect(HealthReport.livez(snapshot) == HealthReport.readyz(snapshot))
        #expect(HealthReport.readyz(snapshot).json == #"{"status":"ok"}"#)
        #expect(HealthReport.healthz(snapshot).status == 200)
    }

    @Test("before its loops have started the relay is alive, not ready")
    func starting() {
        let snapshot = HealthState(loops: ["journal"], destinations: []).snapshot(nowMillis: 99)
        #expect(HealthReport.livez(snapshot).status == 200)
        #expect(HealthReport.readyz(snapshot).status == 503)
    }

    @Test("a loop that has gone silent is neither alive nor ready")
    func stuck() {
        let health = Self.running()
        health.beat(loop: 1, nowMillis: 6000)
        #expect(HealthReport.livez(health.snapshot(nowMillis: 6000)).isGood)
        let late = health.snapshot(nowMillis: 6001)
        #expect(HealthReport.livez(late).json == #"{"status":"unavailable","reasons":["loop ingress-0 is stuck"]}"#)
        #expect(HealthReport.readyz(late).status == 503)
    }

    @Test("startupz is 503 until every loop has turned once, and good for ever from then on")
    func startup() {
        let health = HealthState(loops: ["ingress-0", "journal"], destinations: [], staleAfterMillis: 1000)
        health.beat(loop: 0, nowMillis: 5000)
        let early = HealthReport.startupz(health.snapshot(nowMillis: 5000))
        #expect(early.json == #"{"status":"unavailable","reasons":["loop journal has not started"]}"#)
        #expect(early.status == 503)
        health.beat(loop: 1, nowMillis: 5100)
        #expect(HealthReport.startupz(health.snapshot(nowMillis: 5100)).isGood)
        health.startDraining()
        #expect(HealthReport.startupz(health.snapshot(nowMillis: 99_000)).isGood)
    }

    @Test("a loop's lag is what its heartbeat came late, and what it is late now")
    func lag() {
        let health = Self.running()
        #expect(health.lagsMillis(nowMillis: 5900) == [0, 0])
        #expect(health.lagsMillis(nowMillis: 6300) == [300, 300])
        health.beat(loop: 0, nowMillis: 6400)
        #expect(health.lagsMillis(nowMillis: 6400) == [400, 400])
        health.beat(loop: 0, nowMillis: 7400)
        #expect(health.lagsMillis(nowMillis: 7400) == [0, 1400])
    }

    @Test("each component shows its state, since when, and the code of its last error")
    func components() throws {
        let health = Self.running()
        health.beat(loop: 0, nowMillis: 9000)
        health.setUpstream(destination: 0, .failing, status: nil, fault: "timeout", nowMillis: 7000)
        health.setUpstream(destination: 0, .working, status: 200, nowMillis: 8000)
        health.journalFailed(code: "sqlite_13", nowMillis: 6000)
        health.configurationApplied(nowMillis: 5000)
        health.configurationRefused(code: "invalid", nowMillis: 8000)
        let report = HealthReport.healthz(health.snapshot(nowMillis: 10_000), verbose: true)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        let loops = try #require(object["loops"] as? [[String: Any]])
        #expect(loops.map { $0["state"] as? String } == ["turning", "stuck"])
        #expect(loops.map { $0["since_seconds"] as? Int } == [1, 5])
        #expect(Self.code(loops[0]) == "stalled")
        let account = try #require((object["destinations"] as? [[String: Any]])?.first)
        #expect(account["upstream"] as? String == "working")
        #expect(Self.code(account) == "timeout")
        #expect(Self.code(object["journal"]) == "sqlite_13")
        #expect(Self.code(object["configuration"]) == "invalid")
        #expect((object["configuration"] as? [String: Any])?["since_seconds"] as? Int == 5)
        health.configurationApplied(nowMillis: 10_000)
        let later = HealthReport.healthz(health.snapshot(nowMillis: 10_000), verbose: true).json
        #expect(later.contains(#""configuration":{"state":"in_force","since_seconds":0,"last_error":null}"#))
    }

    private static func code(_ component: Any?) -> String? {
        (((component as? [String: Any])?["last_error"]) as? [String: Any])?["code"] as? String
    }

    @Test("a draining relay is alive and unready")
    func draining() {
        let health = Self.running()
        health.startDraining()
        let snapshot = health.snapshot(nowMillis: 5001)
        #expect(HealthReport.livez(snapshot).isGood)
        #expect(HealthReport.readyz(snapshot).json.contains("draining"))
        #expect(HealthReport.healthz(snapshot).status == 503)
    }

    @Test("a journal that takes nothing makes the relay unready, until it takes again")
    func journal() {
        let health = Self.running()
        health.setJournal(isWritable: false, nowMillis: 5100)
        #expect(HealthReport.livez(health.snapshot(nowMillis: 5200)).isGood)
        #expect(!HealthReport.readyz(health.snapshot(nowMillis: 5200)).isGood)
        health.setJournal(isWritable: true, nowMillis: 5300)
        #expect(HealthReport.readyz(health.snapshot(nowMillis: 5400)).isGood)
    }

    @Test("a failing upstream is shown and never makes the relay unready")
    func upstream() throws {
        let health = Self.running()
        health.setUpstream(destination: 0, .stopped, status: 401, nowMillis: 1000)
        health.setUpstream(destination: 0, .stopped, status: 403, nowMillis: 4000)
        let snapshot = health.snapshot(nowMillis: 5500)
        #expect(HealthReport.readyz(snapshot).isGood)
        let report = HealthReport.healthz(snapshot, verbose: true, queues: [.init(events: 7, oldestSeconds: 3)])
        #expect(report.status == 200)
        let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        let account = try #require((object?["destinations"] as? [[String: Any]])?.first)
        #expect(account["upstream"] as? String == "stopped")
        #expect(account["since_seconds"] as? Int == 4)
        #expect(account["last_status"] as? Int == 403)
        #expect(account["queued"] as? Int == 7)
        #expect((object?["loops"] as? [Any])?.count == 2)
    }
}
