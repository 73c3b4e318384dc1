import RelayTestKit
import Testing

@testable import RelayApp

@Suite("RateTable")
struct RateTableTests {
    private let rate = RateTable.Rate(requestsPerSecond: 10, burst: 3)

    @Test("a burst is let in, the next is told when to come back, and then let in")
    func burst() {
        var table = RateTable(capacity: 64)
        for _ in 0..<3 { #expect(table.take(1, rate, nowMicros: 0) == .allowed) }
        #expect(table.take(1, rate, nowMicros: 0) == .limited(retryAfterMicros: 100_000))
        #expect(table.take(1, rate, nowMicros: 40_000) == .limited(retryAfterMicros: 60_000))
        #expect(table.take(1, rate, nowMicros: 100_000) == .allowed)
        #expect(table.take(1, rate, nowMicros: 100_000) == .limited(retryAfterMicros: 100_000))
    }

    @Test("a steady sender at its rate is never told off, and one at twice its rate every other time")
    func steady() {
        var table = RateTable(capacity: 64)
        for turn in 0..<1_000 { #expect(table.take(7, rate, nowMicros: Int64(turn) * 100_000) == .allowed) }
        let allowed = (0..<1_000).count { table.take(8, rate, nowMicros: Int64($0) * 50_000) == .allowed }
        #expect((500...503).contains(allowed))
    }

    @Test("one sender's haste costs another nothing")
    func apart() {
        var table = RateTable(capacity: 64)
        for _ in 0..<100 { _ = table.take(1, rate, nowMicros: 0) }
        #expect(table.take(2, rate, nowMicros: 0) == .allowed)
    }

    @Test("over any second no sender gets more than its burst and its rate", arguments: 1...20 as ClosedRange<UInt64>)
    func bounded(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = RateTable(capacity: 64)
        var now: Int64 = 0
        var allowed: [Int64] = []
        for _ in 0..<2_000 {
            now += Int64.random(in: 0...30_000, using: &random)
            if table.take(3, rate, nowMicros: now) == .allowed { allowed.append(now) }
        }
        for (index, start) in allowed.enumerated() {
            #expect(allowed[index...].prefix { $0 < start + 1_000_000 }.count <= 13)
        }
    }

    @Test("a full table lets the rest in, and takes them once others are as good as new")
    func full() {
        var table = RateTable(capacity: 8)
        for sender in 1...8 as ClosedRange<UInt64> { #expect(table.take(sender, rate, nowMicros: 0) == .allowed) }
        for _ in 0..<10 { #expect(table.take(9, rate, nowMicros: 50_000) == .untracked) }
        #expect(table.take(9, rate, nowMicros: 100_000) == .allowed)
    }
}
