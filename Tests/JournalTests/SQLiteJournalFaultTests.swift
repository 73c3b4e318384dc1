import Foundation
import GRDB
import Journal
import JournalSQLite
import RelayModel
import Synchronization
import Testing

@Suite("SQLiteJournal when the store fails")
struct SQLiteJournalFaultTests {
    @Test("beyond the quota appends are refused, and taken again once events are delivered")
    func quota() throws {
        let run = try FaultRun { $0.maxBytes = 300_000 }
        let stored = try run.fill()
        #expect(run.journal.snapshot.isWritable)
        #expect(!run.journal.snapshot.takesAppends)
        #expect(run.journal.counters.faults == 0)
        try run.deliverAll()
        // Room is found without an append that would look for it.
        while run.observer.foundRoom == 0 { usleep(1000) }
        #expect(run.journal.snapshot.takesAppends)
        #expect(stored > 2)
        #expect(try run.append() == .stored)
    }

    @Test("an event that is too large for what is left is refused, and the journal takes smaller ones as before")
    func tooLarge() throws {
        let run = try FaultRun { $0.maxBytes = 300_000 }
        #expect(try run.append(byteCount: 400_000) == .refused)
        #expect(run.journal.snapshot.takesAppends)
        #expect(run.journal.counters.faults == 0)
        #expect(try run.append() == .stored)
        #expect(run.observer.foundRoom == 0)
    }

    @Test("dead letters keep within their bound: the oldest go, and the count of those is told")
    func deadLetterBound() throws {
        let run = try FaultRun { $0.maxDeadLetterBytes = 10_000 }
        for number in 0..<100 { #expect(try run.bury("letter-\(number)") == .stored) }
        let snapshot = run.journal.snapshot
        #expect(snapshot.deadLetters > 20 && snapshot.deadLetters < 40)
        #expect(snapshot.deadLetters + snapshot.droppedDeadLetters == 100)
        let kept = try run.journal.deadLetters(limit: 1000).map(\.eventID)
        #expect(kept.count == snapshot.deadLetters)
        #expect(kept.first == "letter-99")
    }

    @Test("a settlement whose commit failed is tried again by itself")
    func settlementRetried() throws {
        let run = try FaultRun()
        #expect(try run.append() == .stored)
        let block = try #require(try run.lease().blocks.first)
        run.faults.failNext(.SQLITE_FULL)
        run.journal.settle([block.delivered()])
        try run.observer.waitSettled(total: 1)
        #expect(run.journal.snapshot.queuedEvents == [0])
    }

    @Test("on a full disk appends are refused, settlements go on, and appends are taken again")
    func fullDisk() throws {
        let run = try FaultRun { $0._testFaults.writerSQL = "PRAGMA max_page_count = 80" }
        #expect(try run.fill() > 2)
        #expect(run.journal.snapshot.isWritable)
        #expect(run.journal.counters.lastFault == .store(operation: "commit", code: 13))
        #expect(run.journal.counters.lastFault?.disposition == .retry)
        try run.deliverAll()
        #expect(try run.append() == .stored)
    }

    @Test("settlements that share a group with refused appends are committed without them")
    func settlementsSurvive() throws {
        let run = try FaultRun()
        #expect(try run.append() == .stored)
        let block = try #require(try run.lease().blocks.first)
        let gate = CommitGate()
        run.faults.before { gate.pass() }
        #expect(run.journal.append(.sample(1000)))
        gate.waitForCommit()
        run.faults.failNext(.SQLITE_FULL)
        #expect(run.journal.append(.sample(1001)))
        run.journal.settle([block.delivered()])
        gate.open()
        #expect(try run.observer.outcomes(of: AppendTicket(loop: 0, request: 1001)) == [.refused])
        try run.observer.waitSettled(total: 1)
        #expect(run.journal.snapshot.queuedEvents == [1])
    }

    @Test("a settlement that cannot be committed is not reported, and goes with the next group")
    func settlementKept() throws {
        let run = try FaultRun()
        #expect(try run.append() == .stored)
        let block = try #require(try run.lease().blocks.first)
        run.faults.failNext(.SQLITE_FULL)
        run.journal.settle([block.delivered()])
        while run.journal.counters.faults == 0 { usleep(200) }
        #expect(run.observer.settledTotal == 0)
        #expect(try run.lease().blocks.isEmpty)
        #expect(run.observer.told.faults.allSatisfy { !$0.isFinal })
        try run.observer.waitSettled(total: 1)
        #expect(run.journal.snapshot.queuedEvents == [0])
    }

    @Test("after a failed sync nothing more is taken, and a new start finds what was stored before")
    func failedSync() throws {
        let run = try FaultRun()
        #expect(try run.append() == .stored)
        run.faults.failNext(.SQLITE_IOERR_FSYNC)
        #expect(try run.append() == .refused)
        #expect(!run.journal.snapshot.isWritable)
        #expect(try run.append() == nil)
        #expect(try run.lease().blocks.isEmpty)
        #expect(run.journal.counters.lastFault?.disposition == .giveUp)
        #expect(run.journal.counters.commits == 1)
        #expect(run.observer.told.commits == 1)
        #expect(run.observer.told.faults.map(\.isFinal) == [true])
        run.journal.close()
        let left = try run.directory.copy()
        defer { left.remove() }
        let journal = try SQLiteJournal(settings: .sample(left), destinations: ["shop"])
        #expect(journal.snapshot.recoveredEvents == [1])
    }

    @Test("settlements after a failed sync are not reported as committed")
    func settlementAfterFailedSync() throws {
        let run = try FaultRun()
        #expect(try run.append() == .stored)
        let block = try #require(try run.lease().blocks.first)
        run.faults.failNext(.SQLITE_IOERR_FSYNC)
        #expect(try run.append() == .refused)
        run.journal.settle([block.delivered()])
        run.journal.close()
        #expect(run.observer.settledTotal == 0)
        #expect(run.journal.snapshot.queuedEvents == [1])
    }

    @Test("a damaged block is moved aside, its events become dead letters, and the others are leased")
    func damagedBlock() throws {
        let harness = try JournalHarness(.sqlite)
        for id in ["a", "b", "c"] { try harness.append([id]) }
        try harness.directory.edit { db in
            try db.execute(sql: "UPDATE blocks SET payload = x'0102' WHERE id = (SELECT min(id) + 1 FROM blocks)")
        }
        #expect(try harness.lease().ids == ["a", "c"])
        #expect(harness.snapshot.queuedEvents == [2, 0])
        #expect(harness.snapshot.deadLetters == 1)
        #expect(harness.observer.told.faults.map(\.isFinal) == [false])
        try harness.reopen()
        #expect(harness.snapshot.queuedEvents == [2, 0])
        #expect(harness.snapshot.deadLetters == 1)
        #expect(try harness.lease().ids == ["a", "c"])
    }

    @Test("a block that someone deleted is no crash")
    func deletedBlock() throws {
        let harness = try JournalHarness(.sqlite)
        for id in ["a", "b"] { try harness.append([id]) }
        let block = try #require(try harness.lease(1).blocks.first)
        try harness.directory.edit { db in try db.execute(sql: "DELETE FROM blocks") }
        try harness.settle([block.delivered()])
        #expect(try harness.lease().blocks.isEmpty)
    }

    @Test(
        "only what a failed transaction undoes can be tried again",
        arguments: [
            (ResultCode.SQLITE_FULL, JournalError.Disposition.retry), (.SQLITE_BUSY_SNAPSHOT, .retry),
            (.SQLITE_LOCKED, .retry), (.SQLITE_NOMEM, .retry), (.SQLITE_CONSTRAINT, .retry),
            (.SQLITE_IOERR_FSYNC, .giveUp),
            (.SQLITE_IOERR_WRITE, .giveUp), (.SQLITE_READONLY, .giveUp), (.SQLITE_IOERR_SHMSIZE, .retry),
            (.SQLITE_CORRUPT, .setAside), (.SQLITE_NOTADB, .setAside),
            (.SQLITE_IOERR_READ, .setAside), (.SQLITE_IOERR_SHORT_READ, .setAside),
        ])
    func dispositions(code: ResultCode, disposition: JournalError.Disposition) {
        #expect(JournalError.store(operation: "commit", code: code.rawValue).disposition == disposition)
    }
}

/// A journal with one destination whose commits can be made to fail.
private final class FaultRun {
    let directory = TemporaryDirectory()
    let faults = FaultPlan()
    let journal: SQLiteJournal
    let observer = RecordingObserver()
    private var lastRequest = 0

    init(_ change: (inout JournalSettings) -> Void = { _ in }) throws {
        var settings = JournalSettings.sample(directory)
        settings._testFaults.beforeCommit = { [faults] _ in try faults.pass() }
        change(&settings)
        journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        journal.start(observer)
    }

    deinit { journal.close() }

    func append(byteCount: Int = 10) throws -> AppendOutcome? {
        lastRequest += 1
        guard journal.append(.sample(lastRequest, id: String(repeating: "x", count: byteCount))) else { return nil }
        return try observer.outcomes(of: AppendTicket(loop: 0, request: UInt64(lastRequest))).first
    }

    func bury(_ id: String) throws -> AppendOutcome? {
        lastRequest += 1
        let letter = DeadLetter(
            destination: 0, source: "s", eventName: "e", eventID: id, eventTime: 0, reason: .noIdentity, message: "m",
            attempts: 0, json: [])
        let ticket = AppendTicket(loop: 0, request: UInt64(lastRequest))
        guard journal.append(JournalAppend(ticket: ticket, blocks: [], deadLetters: [letter])) else { return nil }
        return try observer.outcomes(of: ticket).first
    }

    /// Appends until one is refused.
    /// - Returns: how many were stored.
    /// Appends large events, then small ones, until not even a small one is taken.
    /// - Returns: how many were.
    func fill() throws -> Int {
        var stored = 0
        for byteCount in [50_000, 2000] {
            while stored < 1000, try append(byteCount: byteCount) == .stored { stored += 1 }
        }
        return stored
    }

    func lease() throws -> Lease {
        journal.lease(LeaseRequest(destination: 0, maxEvents: 1000))
        return try observer.nextLease()
    }

    func deliverAll() throws {
        let blocks = try lease().blocks
        let total = observer.settledTotal + blocks.count
        journal.settle(blocks.map { $0.delivered() })
        try observer.waitSettled(total: total)
    }
}

/// What happens before the next commits.
private final class FaultPlan: Sendable {
    private let next = Mutex<ResultCode?>(nil)
    private let hook = Mutex<(@Sendable () -> Void)?>(nil)

    func failNext(_ code: ResultCode) { next.withLock { $0 = code } }
    func before(_ action: @escaping @Sendable () -> Void) { hook.withLock { $0 = action } }

    func pass() throws {
        let code = next.withLock { code in
            defer { code = nil }
            return code
        }
        hook.withLock { $0 }?()
        if let code { throw DatabaseError(resultCode: code) }
    }
}
