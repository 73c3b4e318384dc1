import Settings
import Testing

@Suite("Rate limit settings")
struct RateLimitSettingsTests {
    @Test("a rate without a burst takes twice as many at once; a burst of its own counts")
    func bursts() throws {
        let read = try settings("listen: { rate_limit: { requests_per_second: 50 } }")
        #expect(read.listen.rateLimit.requestsPerSecond == 50)
        #expect(read.listen.rateLimit.burst == 100)
        #expect(
            try settings("listen: { rate_limit: { requests_per_second: 50, burst: 3 } }").listen.rateLimit.burst == 3)
        #expect(try settings().sources.allSatisfy { $0.rateLimit.requestsPerSecond == 0 })
    }

    @Test("a negative rate is a fault")
    func negative() {
        #expect(
            faults("listen: { rate_limit: { requests_per_second: -1 } }").map(\.path)
                == ["listen.rate_limit.requests_per_second"])
    }
}
