import RelayTestKit
import Testing

@testable import Delivery

@Suite("RetryPolicy")
struct RetryPolicyTests {
    private let policy = RetryPolicy()

    @Test(
        "the ceiling doubles from a second to a quarter of an hour",
        arguments: [(0, 1_000), (1, 2_000), (5, 32_000), (9, 512_000), (10, 900_000), (63, 900_000), (-1, 1_000)])
    func ceilings(attempts: Int, millis: Int64) {
        #expect(policy.ceilingMillis(attempts: attempts) == millis)
    }

    @Test("delays fill the whole range below the ceiling", arguments: [0, 3, 12])
    func fullJitter(attempts: Int) {
        var random = SeededRandom(seed: 4)
        let ceiling = policy.ceilingMillis(attempts: attempts)
        let delays = (0..<2000).map { _ in
            policy.delayMillis(attempts: attempts, floorSeconds: nil, using: &random)
        }
        #expect(delays.allSatisfy { (0...ceiling).contains($0) })
        #expect(delays.contains { $0 < ceiling / 10 } && delays.contains { $0 > ceiling * 9 / 10 })
    }

    @Test("the upstream's own word is a floor, and is bounded itself")
    func floor() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<200 {
            #expect(policy.delayMillis(attempts: 0, floorSeconds: 58, using: &random) == 58_000)
            #expect(policy.delayMillis(attempts: 12, floorSeconds: 58, using: &random) >= 58_000)
            #expect(policy.delayMillis(attempts: 0, floorSeconds: .max, using: &random) == 3_600_000)
            #expect((0...1000).contains(policy.delayMillis(attempts: 0, floorSeconds: -3, using: &random)))
        }
    }

    @Test("absurd settings do not overflow")
    func absurd() {
        let policy = RetryPolicy(baseMillis: .max, capMillis: .max)
        #expect(policy.ceilingMillis(attempts: 30) == .max)
    }
}

@Suite("CircuitBreaker")
struct CircuitBreakerTests {
    @Test("nine failed calls say nothing, ten do")
    func minimum() {
        var breaker = CircuitBreaker(BreakerSettings())
        for _ in 0..<9 { breaker.called(failed: true, now: 1000) }
        #expect(!breaker.isTripped)
        breaker.called(failed: true, now: 1000)
        #expect(breaker.isTripped)
    }

    @Test("it trips at half of the calls", arguments: [(9, false), (10, true)])
    func share(failures: Int, trips: Bool) {
        var breaker = CircuitBreaker(BreakerSettings())
        for index in 0..<20 { breaker.called(failed: index < failures, now: 1000) }
        #expect(breaker.isTripped == trips)
    }

    @Test("calls are forgotten when their window is over")
    func window() {
        var breaker = CircuitBreaker(BreakerSettings())
        for _ in 0..<9 { breaker.called(failed: true, now: 1000) }
        breaker.called(failed: true, now: 1000 + 2 * 300_000)
        #expect(!breaker.isTripped)
    }

    @Test("each opening without success is twice as long, up to the cap")
    func doubling() {
        var breaker = CircuitBreaker(BreakerSettings())
        #expect((0..<6).map { _ in breaker.open(now: 0) } == [30_000, 60_000, 120_000, 240_000, 480_000, 600_000])
        breaker.probeSucceeded()
        #expect(breaker.open(now: 7) == 30_007)
    }
}
