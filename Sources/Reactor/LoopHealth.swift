import Synchronization

/// What other threads may know of a loop: whether it turns, and how long it was kept from turning.
///
/// A repeating timer writes; `/livez` and `/metrics` read.
public final class LoopHealth: Sendable {
    static let period = Duration.milliseconds(100)

    private let lastBeat = Atomic<Int64>(LoopInstant.now().milliseconds)
    private let longestDelay = Atomic<Int64>(0)

    init() {}

    func beat() {
        let now = LoopInstant.now().milliseconds
        let late = now &- lastBeat.load(ordering: .relaxed) &- Int64(Self.period / .milliseconds(1))
        if late > longestDelay.load(ordering: .relaxed) {
            longestDelay.store(late, ordering: .relaxed)
        }
        lastBeat.store(now, ordering: .relaxed)
    }

    /// Milliseconds since the loop last proved that it turns. A healthy loop stays near 100.
    public var millisecondsSinceBeat: Int64 {
        max(0, LoopInstant.now().milliseconds &- lastBeat.load(ordering: .relaxed))
    }

    /// The longest time, in milliseconds, by which a beat came late since the last call: how long one turn kept the
    /// others waiting. Turns shorter than the beat's period of 100 ms may go unseen.
    public func takeLongestDelay() -> Int64 {
        longestDelay.exchange(0, ordering: .relaxed)
    }
}
