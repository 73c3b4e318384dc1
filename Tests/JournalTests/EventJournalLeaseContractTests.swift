import Journal
import RelayModel
import Testing

@Suite("Every journal engine leases and settles alike")
struct EventJournalLeaseContractTests {
    @Test("an empty destination answers with an empty lease", arguments: JournalEngine.allCases)
    func empty(engine: JournalEngine) throws {
        let lease = try JournalHarness(engine).lease()
        #expect(lease.blocks.isEmpty)
        #expect(!lease.moreIsDue)
        #expect(lease.nextDueMillis == nil)
    }

    @Test("a lease stops at the wanted number of events and says that more is due", arguments: JournalEngine.allCases)
    func limit(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        for id in ["a", "b", "c"] { try harness.append([id]) }
        let first = try harness.lease(2)
        #expect(first.ids == ["a", "b"])
        #expect(first.moreIsDue)
        let second = try harness.lease(2)
        #expect(second.ids == ["c"])
        #expect(!second.moreIsDue)
    }

    @Test("one block is leased even if it holds more than was asked for", arguments: JournalEngine.allCases)
    func largeBlock(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a", "b", "c"])
        #expect(try harness.lease(1).ids == ["a", "b", "c"])
        #expect(try harness.lease(0).blocks.isEmpty)
    }

    @Test("a leased block is not leased again, but still counts as queued", arguments: JournalEngine.allCases)
    func leasedOnce(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a"])
        #expect(try harness.lease().ids == ["a"])
        try harness.append(["b"])
        #expect(try harness.lease().ids == ["b"])
        #expect(harness.snapshot.queuedEvents == [2, 0])
    }

    @Test("a delivered block is gone, also after a new start", arguments: JournalEngine.allCases)
    func delivered(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a"])
        let lease = try harness.lease()
        try harness.settle(lease.blocks.map { $0.delivered() })
        #expect(harness.snapshot.queuedEvents == [0, 0])
        #expect(harness.snapshot.oldestStoredMillis == [nil, nil])
        try harness.reopen()
        #expect(try harness.lease().blocks.isEmpty)
        #expect(harness.snapshot.recoveredEvents == [0, 0])
    }

    @Test("a postponed remainder comes back when it is due, with its attempts", arguments: JournalEngine.allCases)
    func postponed(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        let stored = harness.clock.millis
        try harness.append(["a", "b", "c"])
        let due = harness.clock.millis + 5000
        try harness.settle([try #require(harness.lease().blocks.first).remaining(["b"], dueMillis: due, attempts: 3)])
        #expect(harness.snapshot.queuedEvents == [1, 0])
        let early = try harness.lease()
        #expect(early.blocks.isEmpty)
        #expect(early.nextDueMillis == due)
        harness.clock.advance(5000)
        let block = try #require(try harness.lease().blocks.first)
        #expect(block.block.ids == ["b"])
        #expect(block.attempts == 3)
        #expect(block.storedMillis == stored)
        #expect(harness.snapshot.oldestStoredMillis == [stored, nil])
    }

    @Test("what remains and is due at once comes before newer blocks", arguments: JournalEngine.allCases)
    func dueAtOnce(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a", "b"])
        let first = try #require(try harness.lease().blocks.first)
        harness.clock.advance(1)
        try harness.append(["c"])
        try harness.settle([first.remaining(["b"])])
        #expect(try harness.lease().ids == ["b", "c"])
    }

    @Test("a postponed block waits its turn by due time among newer ones", arguments: JournalEngine.allCases)
    func dueOrder(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a"])
        let block = try #require(try harness.lease().blocks.first)
        try harness.settle([block.remaining(["a"], dueMillis: harness.clock.millis + 50)])
        try harness.append(["b"])
        harness.clock.advance(100)
        try harness.append(["c"])
        #expect(try harness.lease(2).ids == ["b", "a"])
        #expect(try harness.lease(2).ids == ["c"])
    }

    @Test("a settlement's dead letters are kept with it", arguments: JournalEngine.allCases)
    func deadLetters(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a", "b"])
        var settlement = try #require(try harness.lease().blocks.first).remaining(["b"])
        settlement.delivered = [:]
        settlement.deadLetters = [.sample("a")]
        try harness.settle([settlement])
        #expect(harness.snapshot.deadLetters == 1)
        #expect(harness.snapshot.queuedEvents == [1, 0])
    }

    @Test("unknown, repeated and misdirected settlements change nothing", arguments: JournalEngine.allCases)
    func strangeSettlements(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a"])
        try harness.append(["b"])
        let blocks = try harness.lease().blocks
        let settlement = try #require(blocks.first).delivered()
        harness.journal.settle([Settlement(blockID: 4711, destination: 0)])
        harness.journal.settle([try #require(blocks.last).delivered(1)])
        harness.journal.settle([settlement, settlement])
        harness.journal.settle([settlement])
        #expect(try harness.lease().blocks.isEmpty)
        #expect(harness.observer.settledCount(settlement.blockID) == 1)
        #expect(harness.observer.settledCount(4711) == 0)
        #expect(harness.snapshot.queuedEvents == [1, 0])
    }

    @Test("a new start frees what was leased, and counts it as recovered", arguments: JournalEngine.allCases)
    func recovery(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a", "b"])
        try harness.append(["c"], to: 1)
        _ = try harness.lease()
        try harness.reopen()
        #expect(harness.snapshot.recoveredEvents == [2, 1])
        #expect(harness.snapshot.queuedEvents == [2, 1])
        try harness.observer.waitReady(0)
        try harness.observer.waitReady(1)
        #expect(try harness.lease().ids == ["a", "b"])
    }

    @Test("a postponed block keeps its time over a new start", arguments: JournalEngine.allCases)
    func recoveredPostponement(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a"])
        let due = harness.clock.millis + 60_000
        try harness.settle([try #require(harness.lease().blocks.first).remaining(["a"], dueMillis: due)])
        try harness.reopen()
        let lease = try harness.lease()
        #expect(lease.blocks.isEmpty)
        #expect(lease.nextDueMillis == due)
        harness.clock.advance(60_000)
        #expect(try harness.lease().ids == ["a"])
    }

    @Test("events that were stored stay deliverable when the clock is set back", arguments: JournalEngine.allCases)
    func clockSetBack(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a"])
        harness.clock.advance(-3_600_000)
        try harness.append(["b"])
        #expect(Set(try harness.lease().ids) == ["a", "b"])
    }
}
