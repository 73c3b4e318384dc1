import GRDB

/// The tables, as numbered migrations: one that was released is never edited, a new one is added behind it.
///
/// Blocks of a destination stand in two lanes: fresh ones (`due_ms = 0`), by id, and postponed ones, by due time. The
/// index holds all that the choice of a lease and the count at start need, so that neither reads a payload.
enum JournalSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-queue") { db in try db.execute(sql: queue) }
        migrator.registerMigration("2-dead-letters") { db in try db.execute(sql: deadLetters) }
        migrator.registerMigration("3-repeats") { db in try db.execute(sql: repeats) }
        return migrator
    }

    private static let queue = """
        CREATE TABLE destinations (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE blocks (
            id INTEGER PRIMARY KEY,
            destination INTEGER NOT NULL,
            events INTEGER NOT NULL CHECK (events BETWEEN 1 AND 1000000),
            attempts INTEGER NOT NULL,
            due_ms INTEGER NOT NULL CHECK (due_ms >= 0),
            stored_ms INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE INDEX blocks_in_lease_order ON blocks (destination, due_ms, id, stored_ms, events);
        CREATE INDEX blocks_postponed_by_age ON blocks (destination, stored_ms, due_ms) WHERE due_ms > 0;
        CREATE TABLE damaged_blocks (
            id INTEGER PRIMARY KEY,
            destination INTEGER NOT NULL,
            events INTEGER NOT NULL,
            stored_ms INTEGER NOT NULL,
            found_ms INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        """

    private static let deadLetters = """
        CREATE TABLE dead_letters (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            destination INTEGER,
            source TEXT NOT NULL,
            event_name TEXT NOT NULL,
            event_id TEXT NOT NULL,
            event_time INTEGER NOT NULL,
            reason TEXT NOT NULL,
            message TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            stored_ms INTEGER NOT NULL,
            json BLOB NOT NULL
        ) STRICT;
        CREATE INDEX dead_letters_by_destination ON dead_letters (destination);
        """

    private static let repeats = """
        CREATE TABLE repeat_slices (
            id INTEGER PRIMARY KEY,
            last_ms INTEGER NOT NULL,
            keys BLOB NOT NULL
        ) STRICT;
        """
}
