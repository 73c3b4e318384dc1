/// Counts the calls to one destination and tells when so many fail that calling on does harm.
///
/// The window is kept as two halves, the running one and the one before, so it forgets without a list of calls.
struct CircuitBreaker {
    private let settings: BreakerSettings
    private var halfStart: Int64 = 0
    private var current = Tally()
    private var previous = Tally()
    /// How often it opened since the last success of a probe.
    private var trips = 0

    private struct Tally {
        var calls = 0
        var failures = 0
    }

    init(_ settings: BreakerSettings) { self.settings = settings }

    mutating func called(failed: Bool, now: Int64) {
        rotate(now)
        current.calls += 1
        current.failures += failed ? 1 : 0
    }

    /// True when enough calls of the window failed.
    var isTripped: Bool {
        let calls = current.calls + previous.calls
        let failures = current.failures + previous.failures
        return calls >= settings.minCalls && failures * 100 >= calls * settings.failurePercent
    }

    /// Opens the breaker: the counts start anew.
    /// - Returns: when it may be probed.
    mutating func open(now: Int64) -> Int64 {
        let doubled = settings.openMillis << Int64(min(trips, 20))
        trips += 1
        forgetCalls()
        return now + min(settings.openCapMillis, doubled)
    }

    mutating func probeSucceeded() {
        trips = 0
        forgetCalls()
    }

    mutating func shiftDeadlines(by millis: Int64) { halfStart += millis }

    private mutating func forgetCalls() {
        current = Tally()
        previous = Tally()
    }

    private mutating func rotate(_ now: Int64) {
        let half = max(1, settings.windowMillis / 2)
        let elapsed = now - halfStart
        guard elapsed >= half else { return }
        previous = elapsed < 2 * half ? current : Tally()
        current = Tally()
        halfStart = now
    }
}
