import Foundation
import GRDB
import Journal
import RelayModel
import Synchronization
import Testing

@testable import JournalSQLite

@Suite("Dead letters: finding, replaying, forgetting", .serialized)
struct DeadLetterReplayTests {
    private let directory = TemporaryDirectory()
    private let clock = TestClock()

    private func open(
        _ change: (inout JournalSettings) -> Void = { _ in }
    ) throws -> (SQLiteJournal, RecordingObserver) {
        var settings = JournalSettings(directory: directory.path, allowsVolatile: true)
        change(&settings)
        let journal = try SQLiteJournal(
            settings: settings, destinations: ["shop", "outlet"], nowMillis: { [clock] in clock.millis })
        let observer = RecordingObserver()
        journal.start(observer)
        return (journal, observer)
    }

    private func bury(_ letters: [DeadLetter], _ journal: SQLiteJournal, _ observer: RecordingObserver) throws {
        let ticket = AppendTicket(loop: 0, request: UInt64.random(in: 1...UInt64.max / 2))
        #expect(journal.append(JournalAppend(ticket: ticket, blocks: [], deadLetters: letters)))
        #expect(try observer.outcomes(of: ticket) == [.stored])
    }

    private func letter(
        _ id: String, destination: Int? = 0, reason: DeadReason = .refused, time: Int64 = 1_700_000_000,
        name: String = "checkout", json: [UInt8]? = nil
    ) -> DeadLetter {
        DeadLetter(
            destination: destination, source: "web", eventName: name, eventID: id, eventTime: time, reason: reason,
            message: "m", attempts: 3, json: json ?? Array(id.utf8))
    }

    /// Replays and waits.
    private func outcome(_ order: ReplayOrder, _ journal: SQLiteJournal) throws -> ReplayResult {
        let box = ResultBox()
        #expect(journal.replay(order) { box.put($0) })
        return try box.wait().get()
    }

    private final class ResultBox: Sendable {
        private let value = Mutex<Result<ReplayResult, JournalError>?>(nil)
        private let ended = DispatchSemaphore(value: 0)

        func put(_ result: Result<ReplayResult, JournalError>) {
            value.withLock { $0 = result }
            ended.signal()
        }

        func wait() -> Result<ReplayResult, JournalError> {
            ended.wait()
            return value.withLock { $0 } ?? .failure(.setting(name: "nothing"))
        }
    }

    private let all = ReplayOrder(filter: DeadLetterFilter(), oldestEventTime: 1_699_999_000)

    @Test("a replayed event leaves the dead letters and is queued again as it was, with its time and no attempts")
    func replays() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        try bury([letter("a"), letter("b", destination: 1, name: "Quiz")], journal, observer)
        let result = try outcome(all, journal)
        #expect(result.replayed == [0: 1, 1: 1] && result.refused.isEmpty && result.nextAfterID == nil)
        #expect(journal.snapshot.deadLetters == 0 && journal.snapshot.queuedEvents == [1, 1])
        journal.lease(LeaseRequest(destination: 0, maxEvents: 10))
        let lease = try observer.nextLease()
        #expect(lease.ids == ["a"] && lease.blocks[0].attempts == 0)
        let entry = try #require(lease.blocks[0].block.entries.first)
        #expect(entry.eventTime == 1_700_000_000 && entry.name == .checkout)
        journal.lease(LeaseRequest(destination: 1, maxEvents: 10))
        #expect(try observer.nextLease().blocks[0].block.entries[0].nameCode == EventBlock.advertiserDefinedCode)
    }

    @Test("what cannot be sent again stays, with the reason told")
    func refuses() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        try bury(
            [
                letter("old", time: 1_699_000_000), letter("empty", json: []), letter("bad", reason: .schema),
                letter("nobody", reason: .noIdentity), letter("nowhere", destination: nil), letter("good"),
            ], journal, observer)
        let result = try outcome(all, journal)
        #expect(result.replayed == [0: 1])
        #expect(result.refused == [.tooOld: 1, .noEvent: 1, .notSendable: 2, .unknownDestination: 1])
        #expect(journal.snapshot.deadLetters == 5)
        #expect(ReplayRefusal.allCases.allSatisfy { $0.text.count > 20 })
    }

    @Test("a dry run says the same and changes nothing")
    func dryRun() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        try bury([letter("a"), letter("old", time: 1)], journal, observer)
        var order = all
        order.isDryRun = true
        let result = try outcome(order, journal)
        #expect(result.replayed == [0: 1] && result.refused == [.tooOld: 1])
        #expect(journal.snapshot.deadLetters == 2 && journal.snapshot.queuedEvents == [0, 0])
    }

    @Test("each filter picks its letters")
    func filters() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        try bury([letter("a"), letter("b", destination: 1)], journal, observer)
        clock.advance(10_000)
        try bury([letter("c", reason: .unsettled), letter("d", name: "signup")], journal, observer)
        func ids(_ set: (inout DeadLetterFilter) -> Void) throws -> [String] {
            var filter = DeadLetterFilter()
            set(&filter)
            return try journal.deadLetters(limit: 10, matching: filter).map(\.eventID)
        }
        #expect(try ids { _ in } == ["d", "c", "b", "a"])
        #expect(try ids { $0.destination = "outlet" } == ["b"])
        #expect(try ids { $0.reason = "unsettled" } == ["c"])
        #expect(try ids { $0.eventName = "signup" } == ["d"])
        #expect(try ids { $0.source = "web" }.count == 4)
        #expect(try ids { $0.source = "x" }.isEmpty)
        #expect(try ids { $0.sinceMillis = clock.millis } == ["d", "c"])
        #expect(try ids { $0.untilMillis = clock.millis } == ["b", "a"])
        #expect(try ids { $0.id = 2 } == ["b"])
        #expect(try journal.deadLetters(limit: 2, olderThan: 4).map(\.eventID) == ["c", "b"])
    }

    @Test("parts go on where the last ended, and not beyond the letter that was the newest at first")
    func parts() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        try bury((0..<5).map { letter("e\($0)") }, journal, observer)
        var order = all
        order.limit = 2
        let first = try outcome(order, journal)
        #expect(first.replayedCount == 2 && first.nextAfterID == 2 && first.throughID == 5)
        // One of them dies again.
        try bury([letter("e0")], journal, observer)
        order.afterID = try #require(first.nextAfterID)
        order.throughID = first.throughID
        order.limit = 1000
        let rest = try outcome(order, journal)
        #expect(rest.replayedCount == 3 && rest.nextAfterID == nil)
        #expect(journal.snapshot.deadLetters == 1)
    }

    @Test("one order looks at so many letters at most, and the next one goes on behind them")
    func looks() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        try bury((0..<10_000).map { letter("e\($0)") }, journal, observer)
        try bury([letter("last", reason: .tooOld)], journal, observer)
        var order = all
        order.filter.reason = DeadReason.tooOld.rawValue
        let first = try outcome(order, journal)
        #expect(first.replayedCount == 0 && first.nextAfterID == 10_000 && first.throughID == 10_001)
        order.afterID = 10_000
        let rest = try outcome(order, journal)
        #expect(rest.replayedCount == 1 && rest.nextAfterID == nil)
        order = all
        order.filter.id = 10_000
        #expect(try outcome(order, journal).replayedCount == 1)
    }

    @Test("a replay that cannot be committed leaves every letter where it is")
    func failedCommit() throws {
        let failing = FailSwitch()
        let (journal, observer) = try open { settings in
            settings._testFaults.beforeCommit = { _ in
                if failing.isOn { throw DatabaseError(resultCode: .SQLITE_FULL) }
            }
        }
        try bury([letter("a"), letter("b")], journal, observer)
        failing.set(true)
        let box = ResultBox()
        #expect(journal.replay(all) { box.put($0) })
        #expect(throws: JournalError.self) { try box.wait().get() }
        failing.set(false)
        #expect(journal.snapshot.deadLetters == 2 && journal.snapshot.queuedEvents == [0, 0])
        journal.close()
        let (again, _) = try open()
        #expect(again.snapshot.deadLetters == 2 && again.snapshot.queuedEvents == [0, 0])
        #expect(try outcome(all, again).replayedCount == 2)
        again.close()
    }

    @Test("what was replayed survives a crash right after the answer")
    func crashAfter() throws {
        let (journal, observer) = try open()
        try bury((0..<50).map { letter("e\($0)") }, journal, observer)
        #expect(try outcome(all, journal).replayedCount == 50)
        let copy = try directory.copy()
        let revived = try SQLiteJournal(
            settings: JournalSettings(directory: copy.path, allowsVolatile: true), destinations: ["shop", "outlet"])
        #expect(revived.snapshot.queuedEvents == [50, 0] && revived.snapshot.deadLetters == 0)
        journal.close()
    }

    @Test("letters are removed after their retention, and counted; their place in the sums does not change")
    func retention() throws {
        let (journal, observer) = try open { $0.deadLetterRetentionMillis = 100_000 }
        defer { journal.close() }
        try bury([letter("a")], journal, observer)
        clock.advance(70_000)
        try bury([letter("b")], journal, observer)
        clock.advance(70_000)
        try bury([letter("c")], journal, observer)
        // The letters are looked through after the commit is told.
        for _ in 0..<500 where journal.snapshot.droppedDeadLetters == 0 { usleep(10_000) }
        #expect(try journal.deadLetters(limit: 10).map(\.eventID) == ["c", "b"])
        #expect(journal.snapshot.deadLetters == 2 && journal.snapshot.droppedDeadLetters == 1)
    }

    private final class FailSwitch: Sendable {
        private let on = Atomic<Bool>(false)

        var isOn: Bool { on.load(ordering: .sequentiallyConsistent) }
        func set(_ value: Bool) { on.store(value, ordering: .sequentiallyConsistent) }
    }
}
