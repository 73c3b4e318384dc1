import Journal
import Testing

@Suite("Every journal engine knows repeats")
struct EventJournalRepeatContractTests {
    private let window: Int64 = 48 * 3_600_000

    @Test("a repeat is answered as stored, told once, and not stored", arguments: JournalEngine.allCases)
    func acrossAppends(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        #expect(try harness.append([("a", 1), ("b", 2)], source: 3) == .stored)
        #expect(harness.observer.repeatCounts.isEmpty)
        #expect(try harness.append([("a", 1), ("c", 4), ("b", 2)], source: 5) == .stored)
        #expect(harness.observer.repeatCounts == [5: 2])
        #expect(harness.snapshot.queuedEvents == [3, 0])
        #expect(harness.snapshot.repeatKeys == 3)
        #expect(try harness.lease().ids == ["a", "b", "c"])
    }

    @Test("a repeat inside one append counts too", arguments: JournalEngine.allCases)
    func insideOneAppend(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        #expect(try harness.append([("a", 1), ("a", 1), ("b", 2)], source: 0) == .stored)
        #expect(harness.observer.repeatCounts == [0: 1])
        #expect(try harness.lease().ids == ["a", "b"])
    }

    @Test(
        "repeats are known after a new start, whether the events are delivered or not",
        arguments: JournalEngine.allCases)
    func acrossReopening(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append([("a", 1)], source: 0)
        try harness.settle(try harness.lease().blocks.map { $0.delivered() })
        try harness.append([("b", 2)], source: 0)
        try harness.reopen()
        #expect(harness.snapshot.repeatKeys == 2)
        #expect(try harness.append([("a", 1), ("b", 2), ("c", 3)], source: 0) == .stored)
        #expect(harness.observer.repeatCounts == [0: 2])
        #expect(try harness.lease().ids == ["b", "c"])
    }

    @Test("an event is taken anew when the window is over, also after a new start", arguments: JournalEngine.allCases)
    func windowEnds(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append([("a", 1)], source: 0)
        harness.clock.advance(window - 1)
        try harness.append([("a", 1)], source: 0)
        #expect(harness.observer.repeatCounts == [0: 1])
        harness.clock.advance(window / 1024 + 1)
        try harness.append([("a", 1)], source: 0)
        #expect(harness.snapshot.queuedEvents == [2, 0])
        harness.clock.advance(2 * window)
        try harness.reopen()
        #expect(harness.snapshot.repeatKeys == 0)
        try harness.append([("a", 1)], source: 0)
        #expect(harness.snapshot.queuedEvents == [3, 0])
    }

    @Test("an append of repeats alone is answered, and makes nothing ready", arguments: JournalEngine.allCases)
    func repeatsAlone(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append([("a", 1)], source: 0)
        try harness.observer.waitReady(0)
        let ready = harness.observer.ready.count
        #expect(try harness.append([("a", 1)], source: 0) == .stored)
        #expect(harness.observer.ready.count == ready)
        #expect(try harness.lease().ids == ["a"])
    }

    @Test(
        "an append that asks is told which of its events were repeats, over all its blocks",
        arguments: JournalEngine.allCases)
    func places(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append([("a", 1), ("b", 2)], source: 0)
        let ticket = harness.ticket()
        let blocks = [
            DestinationBlock(destination: 0, [("c", 3), ("b", 2)]),
            DestinationBlock(destination: 1, [("d", 4), ("c", 3), ("e", 5), ("d", 4)]),
        ]
        for asks in [true, false] {
            let append = JournalAppend(
                ticket: asks ? ticket : harness.ticket(), blocks: blocks, deadLetters: [], listsRepeats: asks)
            try #require(harness.journal.append(append))
            #expect(try harness.observer.outcomes(of: append.ticket) == [.stored])
        }
        #expect(harness.observer.repeatPlaces == [ticket: [1, 3, 5]])
        #expect(harness.observer.repeatCounts == [0: 3 + 6])
        #expect(harness.snapshot.queuedEvents == [3, 2])
    }

    @Test(
        "an append without repeats is told of none, and one after a new start is told",
        arguments: JournalEngine.allCases)
    func placesAfterReopening(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append([("a", 1)], source: 0, listsRepeats: true)
        #expect(harness.observer.repeatPlaces.isEmpty)
        try harness.reopen()
        try harness.append([("b", 2), ("a", 1)], source: 0, listsRepeats: true)
        #expect(Array(harness.observer.repeatPlaces.values) == [[1]])
    }

    @Test("thousands of keys come back", arguments: JournalEngine.allCases)
    func manyKeys(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        let events = (1...3000).map { ("\($0)", UInt64($0) << 40 | UInt64($0)) }
        for part in 0..<10 { try harness.append(Array(events[part * 300..<part * 300 + 300]), source: 0) }
        try harness.reopen()
        try harness.append(events, source: 1)
        #expect(harness.observer.repeatCounts == [1: 3000])
        #expect(harness.snapshot.queuedEvents == [3000, 0])
    }
}

extension JournalHarness {
    /// Appends events with their message keys and waits for the answer; nil when the append was not taken.
    @discardableResult
    func append(
        _ events: [(id: String, key: UInt64)], source: Int, listsRepeats: Bool = false
    ) throws -> AppendOutcome? {
        let append = JournalAppend(
            ticket: ticket(), blocks: [DestinationBlock(destination: 0, events)], deadLetters: [], source: source,
            listsRepeats: listsRepeats)
        guard journal.append(append) else { return nil }
        return try observer.outcomes(of: append.ticket).first
    }
}

extension DestinationBlock {
    /// Events with their message keys.
    init(destination: DestinationIndex, _ events: [(id: String, key: UInt64)]) {
        self.init(
            destination: destination, block: EventBlock(ids: events.map(\.id)),
            keys: events.map { RepeatKeys(message: $0.key) })
    }
}
