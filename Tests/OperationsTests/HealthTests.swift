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
