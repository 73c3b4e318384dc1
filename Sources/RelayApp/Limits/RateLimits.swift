import Settings
import Synchronization
import Telemetry

/// How fast senders may send: each client address, and each write key or measurement id. All ingress threads share it. A
/// sender over its rate is told when to come back; whoever cannot be kept account of is let in.
final class RateLimits: Sendable {
    /// Who is over which rate.
    enum Excess: String, CaseIterable {
        case address = "rate_limited_address"
        case key = "rate_limited_key"
    }

    /// Senders that are kept account of at once: 16 bytes each.
    private static let capacity = 1 << 16

    private let table: Mutex<RateTable>
    private let addressRate: RateTable.Rate?
    private let sourceRates: [RateTable.Rate?]
    private let untracked: Counter

    /// Nil where nothing is limited.
    init?(_ settings: RelaySettings, metrics: RelayMetrics) {
        addressRate = RateTable.Rate(settings.listen.rateLimit)
        sourceRates = settings.sources.map { RateTable.Rate($0.rateLimit) }
        guard addressRate != nil || sourceRates.contains(where: { $0 != nil }) else { return nil }
        table = Mutex(RateTable(capacity: Self.capacity))
        untracked = metrics.rateLimitUntracked
    }

    /// - Parameter address: numeric; empty, or anything else, where it is not known. An IPv6 sender has 64 bits of address to
    ///   himself, so the first 64 count.
    func checkAddress(_ address: ArraySlice<UInt8>, nowMillis: Int64) throws(CallFault) {
        guard let rate = addressRate, let network = NetworkAddress(address)?.network else { return }
        var hasher = Hasher()
        hasher.combine(network)
        try check(hasher, rate, .address, nowMillis)
    }

    func limits(source: Int) -> Bool { sourceRates.indices.contains(source) && sourceRates[source] != nil }

    /// - Parameter key: as sent; empty where the source takes any, since its senders could use ever new ones.
    func check(source: Int, key: ArraySlice<UInt8>, nowMillis: Int64) throws(CallFault) {
        guard limits(source: source), let rate = sourceRates[source] else { return }
        var hasher = Hasher()
        hasher.combine(source)
        for byte in key { hasher.combine(byte) }
        try check(hasher, rate, .key, nowMillis)
    }

    private func check(
        _ hasher: Hasher, _ rate: RateTable.Rate, _ excess: Excess, _ nowMillis: Int64
    ) throws(CallFault) {
        let sender = UInt64(bitPattern: Int64(hasher.finalize()))
        switch table.withLock({ $0.take(sender, rate, nowMicros: nowMillis * 1_000) }) {
        case .allowed: break
        case .untracked: untracked.add(1)
        case .limited(let micros): throw .rateLimited(excess, retryAfterSeconds: Int((micros + 999_999) / 1_000_000))
        }
    }
}

extension RateTable.Rate {
    init?(_ settings: RateLimitSettings) {
        guard settings.requestsPerSecond > 0 else { return nil }
        self.init(requestsPerSecond: settings.requestsPerSecond, burst: settings.burst)
    }
}
