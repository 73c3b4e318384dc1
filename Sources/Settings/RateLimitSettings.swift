/// `rate_limit`, of a source or of `listen`: how many requests one sender may send. Off by default: behind a proxy that
/// is not trusted, or one large network, many people share an address.
public struct RateLimitSettings: Sendable, Equatable {
    /// 0: no limit.
    public let requestsPerSecond: Int
    /// Requests that may come at once; at least 1.
    public let burst: Int

    init(reading parent: ConfigSection) {
        (requestsPerSecond, burst) = parent.section("rate_limit") { section in
            let rate = section.integer("requests_per_second", default: 0, in: 0...1_000_000)
            let burst = section.integer("burst", default: 0, in: 0...1_000_000)
            return (rate, max(1, burst == 0 ? 2 * rate : burst))
        }
    }
}
