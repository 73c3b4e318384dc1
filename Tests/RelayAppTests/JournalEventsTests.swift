import Journal
import Logging
import Settings
import Telemetry
import Testing

@testable import RelayApp

@Suite("JournalEvents")
struct JournalEventsTests {
    @Test("what the journal's snapshot says stands in the gauges and in health")
    func publishes() throws {
        let settings = try relaySettings(Sample.twoDestinations)
        let metrics = RelayMetrics(settings)
        let health = HealthState(settings)
        var snapshot = JournalSnapshot(destinationCount: 2)
        snapshot.queuedEvents = [3, 4]
        snapshot.deadLetters = 5
        snapshot.droppedDeadLetters = 6
        snapshot.repeatKeysForgotten = 7
        snapshot.refusal = .full
        snapshot.takesAppends = false
        let shown = snapshot
        let events = JournalEvents(
            tickets: [], delivery: DeliveryInbox(), metrics: metrics, health: health,
            loopIndex: settings.loopIndex(.journal), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            snapshot: { shown }, lastFaultCode: { "sqlite_13" })
        events.publish()
        #expect(metrics.queued(destination: 1).value == 4)
        #expect(metrics.deadLetters.value == 5)
        #expect(metrics.deadLettersDropped.value == 6)
        #expect(metrics.dedupKeysForgotten.value == 7)
        events.faulted("SQLite failed", isFinal: false)
        let report = HealthReport.healthz(health.snapshot(nowMillis: MonotonicClock.millis()), verbose: true)
        #expect(report.json.contains(#""state":"full""#))
        #expect(report.json.contains(#""last_error":{"code":"sqlite_13","seconds_ago":0}"#))
    }
}
