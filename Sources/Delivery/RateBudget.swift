/// How many calls an account may make in a time, as a bucket of tokens.
public struct RateLimit: Sendable, Equatable {
    public var calls: Int
    public var perMillis: Int64
    /// Calls that may be made at once after a pause.
    public var burst: Int

    public init(calls: Int, perMillis: Int64, burst: Int = 1) {
        self.calls = max(1, calls)
        self.perMillis = max(1, perMillis)
        self.burst = max(1, burst)
    }

    /// What holds in test mode: 10 calls a second, evenly spread.
    public static let testMode = RateLimit(calls: 10, perMillis: 1000)

    /// The time that a call takes of the budget, in microseconds.
    var costMicros: Int64 { max(1, perMillis * 1000 / Int64(calls)) }
}

/// Spends a ``RateLimit``: a call is allowed while the calls before it leave room (the generic cell rate algorithm).
struct RateBudget {
    private let costMicros: Int64
    private let slackMicros: Int64
    /// Until when the budget is spent, microseconds since 1970.
    private var spentUntil: Int64 = 0

    init(_ limit: RateLimit) {
        costMicros = limit.costMicros
        slackMicros = Int64(limit.burst - 1) * limit.costMicros
    }

    func admits(now: Int64) -> Bool { spentUntil - slackMicros <= now * 1000 }

    mutating func spend(now: Int64) { spentUntil = max(spentUntil, now * 1000) + costMicros }

    /// When the next call is allowed, milliseconds since 1970.
    var nextMillis: Int64 { (spentUntil - slackMicros + 999) / 1000 }

    mutating func shiftDeadlines(by millis: Int64) { spentUntil += millis * 1000 }
}
