import RelayTestKit
import Testing

@testable import Delivery

@Suite("ConcurrencyLimit")
struct ConcurrencyLimitTests {
    /// Rounds of calls, as many at once as are allowed, each answered after `millis`.
    private func rounds(_ count: Int, of limit: inout ConcurrencyLimit, from start: Int64, millis: Int64) -> Int64 {
        var now = start
        for _ in 0..<count {
            let calls = limit.limit
            for call in 1...calls { limit.started(inFlight: call) }
            let sent = now
            now += millis
            for _ in 0..<calls { limit.answered(sent: sent, now: now) }
        }
        return now
    }

    @Test("it begins with one call and grows by one a round trip, up to its maximum")
    func growth() {
        var limit = ConcurrencyLimit(initial: 1, maximum: 4)
        var seen = [limit.limit]
        var now: Int64 = 1_000_000
        for _ in 0..<6 {
            now = rounds(1, of: &limit, from: now, millis: 100)
            seen.append(limit.limit)
        }
        #expect(seen == [1, 2, 3, 4, 4, 4, 4])
    }

    @Test("it does not grow while fewer calls than allowed are under way")
    func notFull() {
        var limit = ConcurrencyLimit(initial: 2, maximum: 8)
        var now: Int64 = 1_000_000
        for _ in 0..<20 {
            limit.started(inFlight: 1)
            limit.answered(sent: now, now: now + 100)
            now += 100
        }
        #expect(limit.limit == 2)
    }

    @Test("a push-back halves it, once for all calls that were under way together")
    func pushBack() {
        var limit = ConcurrencyLimit(initial: 8, maximum: 8)
        for _ in 0..<8 { limit.pushedBack(sent: 1000, now: 1100) }
        #expect(limit.limit == 4)
        limit.pushedBack(sent: 1100, now: 1200)
        #expect(limit.limit == 2)
        for time in stride(from: Int64(1300), to: 3000, by: 100) { limit.pushedBack(sent: time, now: time + 50) }
        #expect(limit.limit == 1)
    }

    @Test("answers that come markedly slower take a tenth off, and a steady jitter does not")
    func slowness() {
        var limit = ConcurrencyLimit(initial: 10, maximum: 20)
        var random = SeededRandom(seed: 1)
        var now: Int64 = 1_000_000
        for _ in 0..<100 {
            now = rounds(1, of: &limit, from: now, millis: Int64.random(in: 90...110, using: &random))
        }
        #expect(limit.limit == 20)
        _ = rounds(2, of: &limit, from: now, millis: 600)
        #expect(limit.limit == 18)
    }

    @Test("after trouble it grows again")
    func recovery() {
        var limit = ConcurrencyLimit(initial: 4, maximum: 4)
        limit.pushedBack(sent: 1000, now: 1100)
        limit.pushedBack(sent: 1200, now: 1300)
        #expect(limit.limit == 1)
        _ = rounds(10, of: &limit, from: 2000, millis: 50)
        #expect(limit.limit == 4)
    }
}

@Suite("RateBudget")
struct RateBudgetTests {
    /// How many calls are made in so many milliseconds, by someone who always wants one more.
    private func calls(_ limit: RateLimit, millis: Int64) -> [Int64] {
        var budget = RateBudget(limit)
        var made: [Int64] = []
        for now in 0..<millis {
            while budget.admits(now: 1_000_000 + now) {
                budget.spend(now: 1_000_000 + now)
                made.append(now)
            }
        }
        return made
    }

    @Test("in no second are there more test calls than ten")
    func testMode() {
        let made = calls(.testMode, millis: 10_000)
        #expect(made.count == 100)
        for start in Int64(0)..<9000 { #expect(made.count { (start..<start + 1000).contains($0) } <= 10) }
    }

    @Test("5000 a minute holds over a minute, burst included")
    func published() {
        let made = calls(RateLimit(calls: 5000, perMillis: 60_000, burst: 8), millis: 60_000)
        #expect((5000...5008).contains(made.count))
    }

    @Test("it says when the next call is allowed, and a pause gives back no more than the burst")
    func next() {
        var budget = RateBudget(RateLimit(calls: 10, perMillis: 1000, burst: 3))
        for _ in 0..<3 { budget.spend(now: 5000) }
        #expect(!budget.admits(now: 5099) && budget.nextMillis == 5100 && budget.admits(now: 5100))
        for _ in 0..<3 {
            #expect(budget.admits(now: 90_000))
            budget.spend(now: 90_000)
        }
        #expect(!budget.admits(now: 90_000))
    }
}

@Suite("DeliveryMachine: how many calls")
struct DeliveryMachinePaceTests {
    @Test("a destination begins with one call, finds out how many it may have, and halves them on 429")
    func adaptive() throws {
        let rig = MachineRig { $0.initialInFlight = 1 }
        for part in 0..<200 { rig.add(names("p\(part)-", 100)) }
        try rig.ready()
        #expect(rig.calls.count == 1)
        var atOnce: [Int] = []
        for _ in 0..<5 {
            try rig.pass(100)
            atOnce.append(rig.calls.count)
            for _ in rig.calls.indices { try rig.answer { ok($0) } }
        }
        #expect(atOnce.max() == 4 && rig.machine.status(0)?.callsAllowed == 4)
        try rig.pass(10)
        try rig.answer { _ in answered(429, reset: 1) }
        #expect(rig.machine.status(0)?.callsAllowed == 2)
    }

    @Test("5xx and a missing answer halve them too; a refused event or account does not", arguments: 0..<4)
    func pushBack(kind: Int) throws {
        let outcomes = [answered(503), .failed(.timeout, retriable: true), answered(400), answered(401)]
        let rig = MachineRig()
        rig.add(names("e", 4000))
        try rig.ready()
        try rig.pass(1000)
        try rig.answer { _ in outcomes[kind] }
        #expect(rig.machine.status(0)?.callsAllowed == (kind < 2 ? 2 : 4))
    }

    @Test("test mode sends twenty events a request and ten requests a second")
    func testMode() throws {
        let rig = MachineRig(testMode: true)
        rig.add(names("e", 1000))
        try rig.ready()
        var sizes: Set<Int> = []
        for _ in 0..<200 {
            try rig.answerAll {
                sizes.insert($0.entries.count)
                return ok($0)
            }
            if let wake = rig.wake, wake > rig.now, wake <= rig.now + 10 { try rig.pass(wake - rig.now) }
            try rig.pass(10)
        }
        let tenths = Int(rig.now - MachineRig.start) / 100
        #expect((tenths - 1...tenths + 1).contains(rig.callCount) && sizes == [20] && tenths >= 19)
    }

    @Test("a machine that waits for its budget asks to be woken for it")
    func wakes() throws {
        let rig = MachineRig(testMode: true) { $0.lingerMillis = 0 }
        rig.add(names("e", 100))
        try rig.ready()
        for _ in 0..<20 where !rig.journal.queuedIDs().isEmpty {
            try rig.answerAll { ok($0) }
            if let wake = rig.wake, wake > rig.now { try rig.pass(wake - rig.now) }
        }
        #expect(rig.journal.deliveredCount == 100)
        #expect(rig.now == MachineRig.start + 400)
    }
}
