import Foundation
import GRDB
import Journal
import JournalSQLite
import Testing

@Suite("The journal's migrations")
struct JournalMigrationTests {
    /// The tables of the first version, as it made them, with two blocks in them.
    private static let firstVersion = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('1-queue');
        CREATE TABLE destinations (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE blocks (
            id INTEGER PRIMARY KEY, destination INTEGER NOT NULL,
            events INTEGER NOT NULL CHECK (events BETWEEN 1 AND 1000000), attempts INTEGER NOT NULL,
            due_ms INTEGER NOT NULL CHECK (due_ms >= 0), stored_ms INTEGER NOT NULL, payload BLOB NOT NULL
        ) STRICT;
        CREATE INDEX blocks_in_lease_order ON blocks (destination, due_ms, id, stored_ms, events);
        CREATE INDEX blocks_postponed_by_age ON blocks (destination, stored_ms, due_ms) WHERE due_ms > 0;
        CREATE TABLE damaged_blocks (
            id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, events INTEGER NOT NULL,
            stored_ms INTEGER NOT NULL, found_ms INTEGER NOT NULL, payload BLOB NOT NULL
        ) STRICT;
        INSERT INTO destinations VALUES (7, 'shop');
        """

    @Test("a journal of the first version is brought up to date with all that it holds, and counts it")
    func fromTheFirst() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        try directory.edit { db in
            try db.execute(sql: Self.firstVersion)
            for (id, ids) in [(1, ["{a}"]), (2, ["{b}", "{c}"])] {
                try db.execute(
                    sql: "INSERT INTO blocks VALUES (?, 7, ?, 0, 0, 1700000000000, ?)",
                    arguments: [id, ids.count, Data(EventBlock(ids: ids).payload)])
            }
        }
        let journal = try SQLiteJournal(settings: .sample(directory), destinations: ["outlet", "shop"])
        #expect(journal.snapshot.recoveredEvents == [0, 3])
        let observer = RecordingObserver()
        journal.start(observer)
        journal.lease(LeaseRequest(destination: 1, maxEvents: 10))
        let lease = try observer.nextLease()
        #expect(lease.ids == ["{a}", "{b}", "{c}"])
        journal.settle([lease.blocks[1].remaining(["{c}"], 1), lease.blocks[0].delivered(1)])
        try observer.waitSettled(total: 2)
        journal.close()
        #expect(try JournalReader(directory: directory.path).verify(full: true).isEmpty)
        let stats = try JournalReader(directory: directory.path).stats()
        #expect(stats.queues.map(\.events) == [1])
        let again = try SQLiteJournal(settings: .sample(directory), destinations: ["outlet", "shop"])
        #expect(again.snapshot.recoveredEvents == [0, 1])
    }

    @Test("a journal of a newer version is left alone, with a sentence that says what to do")
    func newer() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        _ = try SQLiteJournal(settings: .sample(directory), destinations: ["shop"])
        try directory.edit { db in try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-future')") }
        let error = #expect(throws: JournalError.self) {
            try SQLiteJournal(settings: .sample(directory), destinations: ["shop"])
        }
        #expect("\(error as Any)".contains("written by a newer version; run that version"))
        #expect(throws: JournalError.newerSchema(path: directory.path)) { try JournalReader(directory: directory.path) }
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/journal.damaged"))
    }
}
