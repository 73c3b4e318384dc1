import Foundation
import GRDB
import Journal
import JournalSQLite
import RelayModel
import Synchronization
import Testing

@Suite("SQLiteJournal")
struct SQLiteJournalTests {
    @Test(
        "the writer runs with the settings that durability and privacy depend on",
        arguments: [
            ("synchronous", "2"), ("journal_mode", "wal"), ("secure_delete", "1"), ("wal_autocheckpoint", "0"),
            ("temp_store", "2"), ("busy_timeout", "5000"),
        ])
    func settings(pragma: String, wanted: String) throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let journal = try SQLiteJournal(settings: .sample(directory), destinations: ["shop"])
        #expect(try journal._testWriterValue("PRAGMA \(pragma)") == wanted)
    }

    @Test("appends that come while a commit runs share the next one, and its row")
    func groupCommit() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let gate = CommitGate()
        var settings = JournalSettings.sample(directory)
        settings._testFaults.beforeCommit = { _ in gate.pass() }
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        let observer = RecordingObserver()
        journal.start(observer)
        defer { journal.close() }
        #expect(journal.append(.sample(0)))
        gate.waitForCommit()
        for request in 1...50 { #expect(journal.append(.sample(request))) }
        gate.open()
        #expect(try observer.outcomes(of: AppendTicket(loop: 0, request: 50)) == [.stored])
        #expect(journal.counters.commits == 2)
        #expect(journal.counters.rowsWritten == 2)
        #expect(journal.counters.eventsStored == 51)
    }

    @Test("appends beyond the mailbox's bound are refused at once")
    func mailboxBound() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let gate = CommitGate()
        var settings = JournalSettings.sample(directory)
        settings.maxPendingAppends = 3
        settings._testFaults.beforeCommit = { _ in gate.pass() }
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        journal.start(RecordingObserver())
        defer { journal.close() }
        #expect(journal.append(.sample(0)))
        gate.waitForCommit()
        #expect((1...5).map { journal.append(.sample($0)) } == [true, true, true, false, false])
        gate.open()
    }

    @Test("the newest dead letters are listed first, with all that they hold")
    func deadLetters() throws {
        let harness = try JournalHarness(.sqlite)
        try harness.append([], dead: [.sample("a", destination: 1), .sample("b", destination: nil), .sample("c")])
        let journal = try #require(harness.journal as? SQLiteJournal)
        let letters = try journal.deadLetters(limit: 2)
        #expect(letters.map(\.eventID) == ["c", "b"])
        #expect(letters.map(\.destination) == ["shop", nil])
        let last = try #require(try journal.deadLetters(limit: 2, olderThan: letters[1].id).first)
        #expect(last.destination == "outlet")
        #expect([last.source, last.eventName, last.eventID] == ["web", "purchase", "a"])
        #expect([last.reason, last.message] == ["refused", "no such currency"])
        #expect([last.eventTime, last.storedMillis] == [1_700_000_000, harness.clock.millis])
        #expect(last.attempts == 2)
        #expect(last.json == Array("a".utf8))
    }

    @Test("reading dead letters of a closed journal is an error")
    func closedReading() throws {
        let harness = try JournalHarness(.sqlite)
        harness.journal.close()
        let journal = try #require(harness.journal as? SQLiteJournal)
        #expect(throws: JournalError.self) { try journal.deadLetters(limit: 1) }
    }

    @Test("a lease ends early when its events take too many bytes")
    func leaseBytes() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var settings = JournalSettings.sample(directory)
        settings.maxLeaseBytes = 10
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        let observer = RecordingObserver()
        journal.start(observer)
        defer { journal.close() }
        for request in 0..<2 {
            #expect(journal.append(.sample(request)))
            _ = try observer.outcomes(of: AppendTicket(loop: 0, request: UInt64(request)))
        }
        var leased: [String] = []
        for more in [true, false] {
            journal.lease(LeaseRequest(destination: 0, maxEvents: 100))
            let lease = try observer.nextLease()
            #expect(lease.moreIsDue == more)
            leased += lease.ids
        }
        #expect(leased == ["0", "1"])
    }

    @Test("the file of an emptied journal shrinks")
    func shrinking() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var settings = JournalSettings.sample(directory)
        settings.shrinkFreePages = 100
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        let observer = RecordingObserver()
        journal.start(observer)
        let large = String(repeating: "x", count: 1 << 20)
        #expect(journal.append(.sample(1, id: large)))
        _ = try observer.outcomes(of: AppendTicket(loop: 0, request: 1))
        journal.lease(LeaseRequest(destination: 0, maxEvents: 1))
        journal.settle(try observer.nextLease().blocks.map { $0.delivered() })
        try observer.waitSettled(total: 1)
        journal.close()
        let file = try FileManager.default.attributesOfItem(atPath: directory.path + "/journal.sqlite")
        #expect(try #require(file[.size] as? Int) < 200_000)
    }

    @Test("delivered bytes are gone from the files after the end")
    func deliveredBytes() throws {
        let harness = try JournalHarness(.sqlite)
        try harness.append(["203.0.113.77"])
        #expect(try harness.directory.holds("203.0.113.77"))
        try harness.settle(try harness.lease().blocks.map { $0.delivered() })
        harness.journal.close()
        #expect(try !harness.directory.holds("203.0.113.77"))
    }
}

extension JournalSettings {
    static func sample(_ directory: TemporaryDirectory) -> JournalSettings {
        var settings = JournalSettings(directory: directory.path, allowsVolatile: true)
        settings.ballastBytes = 64 << 10
        return settings
    }
}

extension JournalAppend {
    /// One event for the first destination.
    static func sample(_ request: Int, id: String? = nil) -> JournalAppend {
        let block = EventBlock(ids: [id ?? "\(request)"])
        return JournalAppend(
            ticket: AppendTicket(loop: 0, request: UInt64(request)),
            blocks: [DestinationBlock(destination: 0, block: block)], deadLetters: [])
    }
}

extension TemporaryDirectory {
    /// Whether any of the files holds this text.
    func holds(_ text: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: path).contains { name in
            let data = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
            return data.range(of: Data(text.utf8)) != nil
        }
    }
}

/// Holds the first commit until it is opened.
final class CommitGate: Sendable {
    private let reached = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)
    private let isFirst = Mutex(true)

    func pass() {
        let first = isFirst.withLock { isFirst in
            defer { isFirst = false }
            return isFirst
        }
        guard first else { return }
        reached.signal()
        opened.wait()
    }

    func waitForCommit() { reached.wait() }
    func open() { opened.signal() }

    @Test("in a quiet hour what was delivered is gone from the files, the log included")
    func quietHour() throws {
        let harness = try JournalHarness(.sqlite)
        try harness.append(["address-203.0.113.77"])
        let marker = Data("address-203.0.113.77".utf8)
        #expect(harness.directory.holds(marker))
        for block in try harness.lease().blocks { try harness.settle([block.delivered()]) }
        let end = Date(timeIntervalSinceNow: 10)
        while harness.directory.holds(marker), Date() < end { usleep(20_000) }
        #expect(!harness.directory.holds(marker))
    }
}

extension TemporaryDirectory {
    /// Whether the bytes stand in one of the files.
    fileprivate func holds(_ bytes: Data) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.contains { name in
            FileManager.default.contents(atPath: path + "/" + name)?.range(of: bytes) != nil
        }
    }
}
