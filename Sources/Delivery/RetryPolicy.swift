/// When a failed delivery is tried again: full jitter over `min(cap, base * 2^n)`, never before the upstream's own
/// word (`reliability.md` 7).
public struct RetryPolicy: Sendable, Equatable {
    public var baseMillis: Int64
    public var capMillis: Int64
    /// The longest wait that an answer's `Retry-After` or `X-RateLimit-Reset` can ask for.
    public var floorCapMillis: Int64

    public init(baseMillis: Int64 = 1000, capMillis: Int64 = 15 * 60_000, floorCapMillis: Int64 = 60 * 60_000) {
        self.baseMillis = baseMillis
        self.capMillis = capMillis
        self.floorCapMillis = floorCapMillis
    }

    /// The longest wait after `attempts` earlier failures.
    public func ceilingMillis(attempts: Int) -> Int64 {
        guard attempts < 40 else { return capMillis }
        let (grown, overflow) = baseMillis.multipliedReportingOverflow(by: 1 << Int64(max(0, attempts)))
        return overflow ? capMillis : min(capMillis, grown)
    }

    /// - Parameters:
    ///   - attempts: earlier failures; 0 for the first.
    ///   - floorSeconds: what the upstream asked to wait, if it did.
    /// - Returns: milliseconds to wait.
    public func delayMillis(
        attempts: Int, floorSeconds: Int64?, using random: inout some RandomNumberGenerator
    ) -> Int64 {
        let jittered = Int64.random(in: 0...max(0, ceilingMillis(attempts: attempts)), using: &random)
        guard let floorSeconds, floorSeconds > 0 else { return jittered }
        let (floor, overflow) = floorSeconds.multipliedReportingOverflow(by: 1000)
        return max(jittered, overflow ? floorCapMillis : min(floorCapMillis, floor))
    }
}
