import GRDB

/// The tables, as numbered migrations: one that was released is never edited, a new one is added behind it.
///
/// Blocks of a destination stand in two lanes: fresh ones (`due_ms = 0`), by id, and postponed ones, by due time. The
/// index holds all that the choice of a lease needs, so that it reads no payload. What stands in the queue and among the
/// dead letters is counted by triggers, in the transaction that changes it: a start reads the counts, however long the
/// queue is.
enum JournalSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-queue") { db in try db.execute(sql: queue) }
        migrator.registerMigration("2-dead-letters") { db in try db.execute(sql: deadLetters) }
        migrator.registerMigration("3-repeats") { db in try db.execute(sql: repeats) }
        migrator.registerMigration("4-totals") { db in
            try db.execute(sql: totals)
            CrashPoint.inMigration.pass()
        }
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

    private static let totals = """
        CREATE TABLE queue_totals (
            destination INTEGER PRIMARY KEY,
            events INTEGER NOT NULL,
            blocks INTEGER NOT NULL
        ) STRICT;
        INSERT INTO queue_totals SELECT destination, sum(events), count(*) FROM blocks GROUP BY destination;
        CREATE TRIGGER blocks_added AFTER INSERT ON blocks BEGIN
            INSERT INTO queue_totals VALUES (new.destination, new.events, 1)
                ON CONFLICT (destination) DO UPDATE SET events = events + excluded.events, blocks = blocks + 1;
        END;
        CREATE TRIGGER blocks_removed AFTER DELETE ON blocks BEGIN
            UPDATE queue_totals SET events = events - old.events, blocks = blocks - 1
                WHERE destination = old.destination;
        END;
        CREATE TRIGGER blocks_rewritten AFTER UPDATE OF events ON blocks BEGIN
            UPDATE queue_totals SET events = events + new.events - old.events WHERE destination = new.destination;
        END;
        CREATE TABLE dead_letter_totals (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            letters INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT;
        INSERT INTO dead_letter_totals
            SELECT 1, count(*), coalesce(sum(length(json) + \(DeadLetterTable.headByteCount)), 0) FROM dead_letters;
        CREATE TRIGGER dead_letters_added AFTER INSERT ON dead_letters BEGIN
            UPDATE dead_letter_totals
                SET letters = letters + 1, bytes = bytes + length(new.json) + \(DeadLetterTable.headByteCount);
        END;
        CREATE TRIGGER dead_letters_removed AFTER DELETE ON dead_letters BEGIN
            UPDATE dead_letter_totals
                SET letters = letters - 1, bytes = bytes - length(old.json) - \(DeadLetterTable.headByteCount);
        END;
        CREATE TABLE salvages (
            file TEXT PRIMARY KEY,
            last_block INTEGER NOT NULL,
            last_letter INTEGER NOT NULL,
            is_ended INTEGER NOT NULL
        ) STRICT;
        """
}
