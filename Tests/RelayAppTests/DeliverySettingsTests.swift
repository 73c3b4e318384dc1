import Delivery
import HTTPEgress
import JournalSQLite
import Settings
import Testing

@testable import RelayApp

@Suite("Delivery: what the configuration changes")
struct DeliverySettingsTests {
    private func settings(_ yaml: String, accounts: Int = 1) throws -> RelaySettings {
        let list = (0..<accounts).map { "  - { name: d\($0), ad_account_id: \"\(100 + $0)\", token: t }" }
        return try RelaySettings(
            config: RelayConfig(
                yaml: yaml + "\ndestinations:\n" + list.joined(separator: "\n") + "\n", environment: [:]))
    }

    @Test("pause, breaker, freshness and name cache reach the rooms that use them")
    func times() throws {
        let read = try settings(
            """
            upstream: { name_cache: 7s }
            delivery:
              pause: 5s
              retry_after_cap: 9s
              fresh_within: 10m
              breaker: { window: 1m, min_requests: 3, failure_percent: 80, open: 2s, open_cap: 4s }
            dead_letters: { retention: 2d, max_bytes: 1MiB }
            """)
        let delivery = Delivery.DeliverySettings(read)
        #expect(delivery.pauseMillis == 5000)
        #expect(delivery.retry.floorCapMillis == 9000)
        var breaker = BreakerSettings()
        breaker.windowMillis = 60_000
        breaker.minCalls = 3
        breaker.failurePercent = 80
        breaker.openMillis = 2000
        breaker.openCapMillis = 4000
        #expect(delivery.breaker == breaker)
        #expect(EgressLimits(read).nameCacheTime == .seconds(7))
        let journal = JournalSQLite.JournalSettings(read)
        #expect(journal.youngMillis == 600_000 && journal.deadLetterRetentionMillis == 172_800_000)
        #expect(journal.maxDeadLetterBytes == 1 << 20)
    }

    @Test(
        "connections are shared out: each destination has its own, at least one",
        arguments: [(1, 4, 8), (2, 4, 8), (3, 2, 8), (4, 2, 8), (8, 1, 8), (20, 1, 20)])
    func shares(accounts: Int, calls: Int, connections: Int) throws {
        let read = try settings("", accounts: accounts)
        #expect(Delivery.DeliverySettings(read).maxInFlightPerDestination == calls)
        #expect(EgressLimits(read).maxConnections == connections)
        #expect(calls * accounts <= connections)
    }

    @Test("a rate limit is off, published, or so many a second or a minute")
    func rates() throws {
        func limit(_ text: String?) throws -> RateLimit? {
            let key = text.map { ", rate_limit: \"\($0)\"" } ?? ""
            let read = try RelaySettings(
                config: RelayConfig(
                    yaml: "destinations: [{ name: d, ad_account_id: \"1\", token: t\(key) }]\n", environment: [:]))
            return Delivery.DeliverySettings(read).destinations[0].rateLimit
        }
        #expect(try limit(nil) == nil)
        #expect(try limit("off") == nil)
        #expect(try limit("published") == RateLimit(calls: 5000, perMillis: 60_000, burst: 8))
        #expect(try limit("50/s") == RateLimit(calls: 50, perMillis: 1000, burst: 5))
        #expect(try limit("30/m") == RateLimit(calls: 30, perMillis: 60_000, burst: 1))
        for text in ["fast", "0/s", "5/h", "-1/s", "5/"] {
            #expect(throws: ConfigErrors.self) { try limit(text) }
        }
    }
}
