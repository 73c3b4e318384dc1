import GRDB
import Journal
import JournalSQLite
import Synchronization
import Testing

@Suite("SQLiteJournal's memory for repeats")
struct SQLiteJournalRepeatTests {
    @Test("an append that was refused leaves no key behind, neither now nor after a new start")
    func refusedAppend() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let fails = Atomic(false)
        var settings = JournalSettings.sample(directory)
        settings._testFaults.beforeCommit = { _ in
            if fails.load(ordering: .sequentiallyConsistent) { throw DatabaseError(resultCode: .SQLITE_FULL) }
        }
        let run = try RepeatRun(settings)
        #expect(try run.append([1]) == .stored)
        fails.store(true, ordering: .sequentiallyConsistent)
        #expect(try run.append([2, 1, 3]) == .refused)
        fails.store(false, ordering: .sequentiallyConsistent)
        #expect(run.observer.repeatCounts.isEmpty)
        #expect(try run.append([2, 1]) == .stored)
        #expect(run.observer.repeatCounts == [0: 1])
        run.journal.close()
        let again = try RepeatRun(settings)
        #expect(try again.append([1, 2, 3]) == .stored)
        #expect(again.observer.repeatCounts == [0: 2])
        #expect(again.journal.snapshot.queuedEvents == [3])
    }

    @Test("memory and rows stay within the bound; the oldest keys go first and are counted")
    func bound() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var settings = JournalSettings.sample(directory)
        settings.maxRepeatKeys = 2000
        let run = try RepeatRun(settings)
        for part in 0..<20 { #expect(try run.append((1...500).map { UInt64(part * 500 + $0) }) == .stored) }
        #expect(run.journal.snapshot.repeatKeys == 2000)
        #expect(run.journal.snapshot.repeatKeysForgotten == 8000)
        #expect(run.observer.repeatCounts.isEmpty)
        let rows = try #require(try run.journal._testWriterValue("SELECT count(*) FROM repeat_slices"))
        let bytes = try #require(try run.journal._testWriterValue("SELECT max(length(keys)) FROM repeat_slices"))
        #expect(try #require(Int(rows)) <= 2000 / RepeatIndex.keysPerSlice + 2)
        #expect(try #require(Int(bytes)) <= 4000)
        #expect(try run.append([8001, 8000]) == .stored)
        #expect(run.observer.repeatCounts == [0: 1])
        run.journal.close()
        settings.maxRepeatKeys = 1000
        let again = try RepeatRun(settings)
        #expect(again.journal.snapshot.repeatKeys == 1000)
        #expect(try again.append([9100, 8500]) == .stored)
        #expect(again.observer.repeatCounts == [0: 1])
    }

    @Test("single appends share a row, and a row goes when its keys are older than the window")
    func rows() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let clock = TestClock()
        let run = try RepeatRun(.sample(directory), clock: clock)
        for key in 1...50 { #expect(try run.append([UInt64(key)]) == .stored) }
        #expect(try run.journal._testWriterValue("SELECT count(*) FROM repeat_slices") == "1")
        clock.advance(49 * 3_600_000)
        #expect(try run.append([100]) == .stored)
        #expect(try run.journal._testWriterValue("SELECT count(*) FROM repeat_slices") == "1")
        #expect(try run.journal._testWriterValue("SELECT length(keys) FROM repeat_slices") == "8")
        #expect(run.journal.snapshot.repeatKeys == 1)
    }

    @Test("keys take nothing of the space that is for events")
    func quota() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var settings = JournalSettings.sample(directory)
        settings.maxBytes = 300_000
        let run = try RepeatRun(settings)
        for part in 0..<100 {
            #expect(try run.append((1...1000).map { UInt64(part * 1000 + $0) }) == .stored)
            try run.deliverAll()
        }
        #expect(run.journal.snapshot.repeatKeys == 100_000)
    }

    @Test("a journal that knew no repeats is brought up to date")
    func migration() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try RepeatRun(.sample(directory)).journal.close()
        try directory.edit { db in
            try db.execute(
                sql: "DROP TABLE repeat_slices; DELETE FROM grdb_migrations WHERE identifier = '3-repeats'")
        }
        let run = try RepeatRun(.sample(directory))
        #expect(try run.append([1, 1]) == .stored)
        #expect(run.observer.repeatCounts == [0: 1])
    }
}

/// A journal with one destination, its events named by their keys.
private final class RepeatRun {
    let journal: SQLiteJournal
    let observer = RecordingObserver()
    private var lastRequest: UInt64 = 0

    init(_ settings: JournalSettings, clock: TestClock = TestClock()) throws {
        journal = try SQLiteJournal(settings: settings, destinations: ["shop"], nowMillis: { clock.millis })
        journal.start(observer)
    }

    deinit { journal.close() }

    func append(_ keys: [UInt64]) throws -> AppendOutcome? {
        lastRequest += 1
        let ticket = AppendTicket(loop: 0, request: lastRequest)
        let block = DestinationBlock(
            destination: 0, block: EventBlock(ids: keys.map { "\($0)" }), keys: keys.map { RepeatKeys(message: $0) })
        guard journal.append(JournalAppend(ticket: ticket, blocks: [block], deadLetters: [])) else { return nil }
        return try observer.outcomes(of: ticket).first
    }

    func deliverAll() throws {
        journal.lease(LeaseRequest(destination: 0, maxEvents: 10_000))
        let blocks = try observer.nextLease().blocks
        let total = observer.settledTotal + blocks.count
        journal.settle(blocks.map { $0.delivered() })
        try observer.waitSettled(total: total)
    }
}
