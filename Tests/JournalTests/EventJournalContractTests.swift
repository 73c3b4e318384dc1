import Foundation
import Journal
import RelayModel
import Testing

@Suite("Every journal engine keeps the contract")
struct EventJournalContractTests {
    @Test("an append is answered as stored once, and counts as queued", arguments: JournalEngine.allCases)
    func append(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        #expect(try harness.append(["a", "b"]) == .stored)
        #expect(harness.snapshot.queuedEvents == [2, 0])
        #expect(harness.snapshot.oldestStoredMillis == [harness.clock.millis, nil])
        #expect(harness.snapshot.isWritable)
        try harness.observer.waitReady(0)
        #expect(harness.observer.ready.contains(1) == false)
    }

    @Test("nothing is taken before the start, nor after the end", arguments: JournalEngine.allCases)
    func startAndEnd(engine: JournalEngine) throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let journal = try engine.open(directory.path, destinations: ["shop"], clock: TestClock())
        let append = JournalAppend(ticket: AppendTicket(loop: 0, request: 1), blocks: [], deadLetters: [])
        #expect(!journal.append(append))
        journal.start(RecordingObserver())
        #expect(journal.append(append))
        journal.close()
        #expect(!journal.append(append))
        journal.close()
    }

    @Test("closing answers everything that was taken", arguments: JournalEngine.allCases)
    func closeAnswers(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        let tickets = (0..<200).map { _ in harness.ticket() }
        for ticket in tickets {
            let block = DestinationBlock(destination: 0, block: EventBlock(ids: ["\(ticket.request)"]))
            #expect(harness.journal.append(JournalAppend(ticket: ticket, blocks: [block], deadLetters: [])))
        }
        harness.journal.close()
        #expect(harness.observer.answers == Dictionary(uniqueKeysWithValues: tickets.map { ($0, [.stored]) }))
        try harness.reopen()
        #expect(harness.snapshot.queuedEvents == [200, 0])
    }

    @Test("events of one destination come in the order of their appends", arguments: JournalEngine.allCases)
    func order(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        let ids = (0..<40).map { "event-\($0)" }
        for id in ids { try harness.append([id]) }
        #expect(try harness.lease(15).ids + harness.lease(25).ids == ids)
    }

    @Test("appends from many threads are all stored, each thread's in order", arguments: JournalEngine.allCases)
    func concurrentAppends(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        let journal: any EventJournal = harness.journal
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<50 {
                let ticket = AppendTicket(loop: thread, request: UInt64(number))
                let block = DestinationBlock(destination: 0, block: EventBlock(ids: ["\(thread)/\(number)"]))
                #expect(journal.append(JournalAppend(ticket: ticket, blocks: [block], deadLetters: [])))
            }
        }
        for thread in 0..<8 {
            for number in 0..<50 {
                let ticket = AppendTicket(loop: thread, request: UInt64(number))
                #expect(try harness.observer.outcomes(of: ticket) == [.stored])
            }
        }
        let ids = try harness.lease(1000).ids
        #expect(ids.count == 400)
        for thread in 0..<8 {
            #expect(ids.filter { $0.hasPrefix("\(thread)/") } == (0..<50).map { "\(thread)/\($0)" })
        }
    }

    @Test("destinations are apart from each other", arguments: JournalEngine.allCases)
    func destinations(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        try harness.append(["a"], to: 0)
        try harness.append(["b"], to: 1)
        #expect(try harness.lease(from: 1).ids == ["b"])
        #expect(try harness.lease(from: 0).ids == ["a"])
    }

    @Test("a destination that is not configured takes nothing and gives nothing", arguments: JournalEngine.allCases)
    func unknownDestination(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        #expect(try harness.append(["a"], to: 2) == nil)
        #expect(try harness.append(["a"], to: -1) == nil)
        #expect(try harness.lease(from: 2).blocks.isEmpty)
        #expect(try harness.lease(from: -1).blocks.isEmpty)
        #expect(harness.snapshot.queuedEvents == [0, 0])
    }

    @Test("dead letters are counted, with an event or alone", arguments: JournalEngine.allCases)
    func deadLetters(engine: JournalEngine) throws {
        let harness = try JournalHarness(engine)
        #expect(try harness.append(["a"], dead: [.sample("b", destination: nil)]) == .stored)
        #expect(try harness.append([], dead: [.sample("c")]) == .stored)
        #expect(harness.snapshot.deadLetters == 2)
        #expect(harness.snapshot.queuedEvents == [1, 0])
        try harness.reopen()
        #expect(harness.snapshot.deadLetters == 2)
    }
}
