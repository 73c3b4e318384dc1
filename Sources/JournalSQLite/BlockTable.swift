import Foundation
import GRDB
import Journal

/// The statements on `blocks`. Statements are prepared once a connection; the caller owns the transaction.
struct BlockTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    // MARK: Writing

    func insert(_ block: EventBlock, id: Int64, destination: Int64, storedMillis: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO blocks (id, destination, events, attempts, due_ms, stored_ms, payload)
                VALUES (?, ?, ?, 0, 0, ?, ?)
                """
        ).execute(arguments: [id, destination, block.eventCount, storedMillis, Data(block.payload)])
    }

    func delete(_ id: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM blocks WHERE id = ?").execute(arguments: [id])
    }

    /// The whole block stays, for a later attempt.
    func postpone(_ id: Int64, attempts: Int, dueMillis: Int64) throws {
        try db.cachedStatement(sql: "UPDATE blocks SET attempts = ?, due_ms = ? WHERE id = ?")
            .execute(arguments: [attempts, dueMillis, id])
    }

    /// A part of the block stays.
    func rewrite(_ id: Int64, block: EventBlock, attempts: Int, dueMillis: Int64) throws {
        try db.cachedStatement(
            sql: "UPDATE blocks SET events = ?, payload = ?, attempts = ?, due_ms = ? WHERE id = ?"
        ).execute(arguments: [block.eventCount, Data(block.payload), attempts, dueMillis, id])
    }

    func moveAside(_ id: Int64, foundMillis: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO damaged_blocks (id, destination, events, stored_ms, found_ms, payload)
                SELECT id, destination, events, stored_ms, ?, payload FROM blocks WHERE id = ?
                """
        ).execute(arguments: [foundMillis, id])
        try delete(id)
    }

    // MARK: Reading

    /// The next fresh blocks of a destination, by their ids, as far as `maxEvents` reach and one more.
    func fresh(destination: Int64, after id: Int64, through last: Int64, maxEvents: Int) throws -> [LeaseCandidate] {
        let statement = try db.cachedStatement(sql: BlockQueries.fresh)
        return try candidates(statement, [destination, id, last], maxEvents)
    }

    /// The next due postponed blocks of a destination, as far as `maxEvents` reach and one more.
    func postponed(
        destination: Int64, after cursor: LaneCursors, nowMillis: Int64, maxEvents: Int
    ) throws -> [LeaseCandidate] {
        let statement = try db.cachedStatement(sql: BlockQueries.postponed)
        let key = cursor.postponed
        return try candidates(statement, [destination, key.dueMillis, key.id, nowMillis], maxEvents)
    }

    /// When the next postponed block that is neither due nor handed out falls due.
    func nextDueMillis(destination: Int64, after cursor: LaneCursors, nowMillis: Int64) throws -> Int64? {
        let key = max(cursor.postponed, DueKey(dueMillis: nowMillis, id: .max))
        return try Int64.fetchOne(
            db.cachedStatement(sql: BlockQueries.nextDue), arguments: [destination, key.dueMillis, key.id])
    }

    /// The stored block; nil when it is gone. Its `block` is nil when the payload is damaged.
    func read(_ id: Int64) throws -> StoredBlock? {
        let statement = try db.cachedStatement(sql: "SELECT attempts, events, payload FROM blocks WHERE id = ?")
        let found = try Row.fetchCursor(statement, arguments: [id]).map { row in
            let payload = try row.withUnsafeData(atIndex: 2) { data in data.map { [UInt8]($0) } ?? [] }
            return StoredBlock(attempts: row[0] ?? 0, block: EventBlock(payload: payload, eventCount: row[1] ?? 0))
        }
        return try found.next()
    }

    /// When the oldest block of a destination was stored.
    func oldestStoredMillis(destination: Int64) throws -> Int64? {
        let found = try [BlockQueries.oldestFresh, BlockQueries.oldestPostponed].compactMap { sql in
            try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [destination])
        }
        return found.min()
    }

    private func candidates(
        _ statement: Statement, _ arguments: StatementArguments, _ maxEvents: Int
    ) throws -> [LeaseCandidate] {
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var found: [LeaseCandidate] = []
        var events = 0
        while let row = try rows.next() {
            // A damaged row may hold nothing where a number is due.
            let count: Int = row[3] ?? 1
            found.append(
                LeaseCandidate(id: row[0], storedMillis: row[1] ?? 0, dueMillis: row[2] ?? 0, events: count))
            if events >= maxEvents { break }
            events += count
        }
        return found
    }
}

/// A block as it stands in the store.
struct StoredBlock {
    var attempts: Int
    var block: EventBlock?
}
