/// How many calls to one destination may be under way at once: found by trying, between one and a maximum.
///
/// It begins with one call, and adds one when all that are allowed were under way for the length of a round trip and the
/// answers came no slower than before. It takes a tenth off when they come markedly slower, and half when the upstream
/// pushes back (429, 5xx, no answer). One push-back counts once: calls that were under way together are one event
/// (`reliability.md` 7).
struct ConcurrencyLimit {
    /// The weight of the last interval in the mean.
    private static let weight = 0.4
    /// How many mean deviations above the mean are slow.
    private static let slowDeviations = 3.0
    /// Differences below this say nothing, in milliseconds.
    private static let noiseMillis = 20.0

    /// Never more than this.
    let maximum: Int
    private(set) var limit: Int
    private var mean: Double?
    /// The mean distance from the mean.
    private var deviation = 0.0
    private var interval = Interval()
    /// Calls that were started before this have had their say.
    private var decreasedAt = Int64.min

    /// About one round trip.
    private struct Interval {
        var start: Int64 = 0
        var sumMillis = 0.0
        var answers = 0
        /// As many calls were under way as were allowed.
        var isFull = false
    }

    init(initial: Int, maximum: Int) {
        self.maximum = max(1, maximum)
        limit = min(max(1, initial), self.maximum)
    }

    /// - Parameter inFlight: calls under way, this one included.
    mutating func started(inFlight: Int) {
        if inFlight >= limit { interval.isFull = true }
    }

    /// The upstream took a call that was started at `sent`, whatever it thinks of its events.
    mutating func answered(sent: Int64, now: Int64) {
        interval.sumMillis += Double(max(0, now - sent))
        interval.answers += 1
        let length = Double(now - interval.start)
        guard length < 0 || length >= max(1, mean ?? 0) else { return }
        endInterval(now)
    }

    mutating func pushedBack(sent: Int64, now: Int64) {
        guard sent >= decreasedAt else { return }
        limit = max(1, limit / 2)
        decreasedAt = now
        interval = Interval(start: now)
    }

    mutating func shiftDeadlines(by millis: Int64) {
        interval.start += millis
        if decreasedAt > .min { decreasedAt += millis }
    }

    private mutating func endInterval(_ now: Int64) {
        let current = interval.sumMillis / Double(interval.answers)
        let wasFull = interval.isFull
        interval = Interval(start: now)
        guard let past = mean else {
            mean = current
            if wasFull { limit = min(maximum, limit + 1) }
            return
        }
        if current > past + max(Self.slowDeviations * deviation, past / 2, Self.noiseMillis) {
            limit = max(1, limit * 9 / 10)
        } else if wasFull, current <= past + max(deviation, Self.noiseMillis) {
            limit = min(maximum, limit + 1)
        }
        let difference = current - past
        mean = past + Self.weight * difference
        deviation += Self.weight * (abs(difference) - deviation)
    }
}
