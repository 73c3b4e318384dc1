import Glibc
import Telemetry

extension RelayApp {
    /// Waits until every loop has turned once, so that whoever hears that the relay is ready finds it so. Two seconds at
    /// most: of a loop that takes longer `/startupz` tells.
    func waitForFirstTurns() {
        let end = MonotonicClock.millis() + 2_000
        while MonotonicClock.millis() < end {
            if HealthReport.startupz(health.snapshot(nowMillis: MonotonicClock.millis())).isGood { return }
            usleep(2_000)
        }
    }
}
