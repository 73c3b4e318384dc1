import Foundation
import Journal
import JournalSQLite
import RelayModel
import Testing

@Suite("What is delivered leaves the disk")
struct SQLiteJournalErasureTests {
    private static let marker = "address-203.0.113.77"

    /// Events that hold the marker on each page of theirs.
    private static func ids(_ count: Int, bytes: Int) -> [String] {
        (0..<count).map { "\($0) " + String(repeating: marker + " ", count: bytes / (marker.utf8.count + 1) + 1) }
    }

    @Test(
        "in a quiet second it is gone from the files, the log included, however many pages it took",
        arguments: [(1, 1), (1, 40_000), (30, 9_000), (8, 400_000)])
    func quiet(events: Int, bytes: Int) throws {
        let harness = try JournalHarness(.sqlite)
        try harness.append(Self.ids(events, bytes: bytes))
        #expect(try harness.directory.holds(Self.marker))
        for block in try harness.lease().blocks { try harness.settle([block.delivered()]) }
        let end = Date(timeIntervalSinceNow: 10)
        while try harness.directory.holds(Self.marker), Date() < end { usleep(20_000) }
        #expect(try !harness.directory.holds(Self.marker))
    }

    @Test("it is gone at the end of the process, with what was delivered one event at a time")
    func end() throws {
        let harness = try JournalHarness(.sqlite)
        for id in Self.ids(40, bytes: 9_000) { try harness.append([id]) }
        for block in try harness.lease().blocks { try harness.settle([block.delivered()]) }
        harness.journal.close()
        #expect(try !harness.directory.holds(Self.marker))
    }

    @Test("dead letters leave it too when they are dropped for their bound")
    func deadLetters() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var settings = JournalSettings.sample(directory)
        settings.maxDeadLetterBytes = 4_000_000
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        let observer = RecordingObserver()
        journal.start(observer)
        defer { journal.close() }
        for request in 0..<3 {
            let ticket = AppendTicket(loop: 0, request: UInt64(request))
            let text = request == 0 ? Self.ids(1, bytes: 900_000)[0] : String(repeating: "x", count: 2_500_000)
            let letter = DeadLetter(
                destination: 0, source: "web", eventName: "checkout", eventID: "1", eventTime: 1, reason: .refused,
                message: "", attempts: 1, json: Array(text.utf8))
            #expect(journal.append(JournalAppend(ticket: ticket, blocks: [], deadLetters: [letter])))
            _ = try observer.outcomes(of: ticket)
        }
        #expect(journal.snapshot.deadLetters < 3)
        let end = Date(timeIntervalSinceNow: 10)
        while try directory.holds(Self.marker), Date() < end { usleep(20_000) }
        #expect(try !directory.holds(Self.marker))
    }

    @Test("the overwriting takes no room: the file is no larger after it")
    func room() throws {
        let harness = try JournalHarness(.sqlite)
        for _ in 0..<5 {
            try harness.append(Self.ids(30, bytes: 9_000))
            for block in try harness.lease().blocks { try harness.settle([block.delivered()]) }
            try harness.reopen()
        }
        let file = try FileManager.default.attributesOfItem(atPath: harness.directory.path + "/journal.sqlite")
        #expect(try #require(file[.size] as? Int) < 30 * 9_000 + 80 * 4096)
    }
}
