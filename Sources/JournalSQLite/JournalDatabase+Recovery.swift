import GRDB
import Journal

/// What an opened journal holds: read from counts and the ends of indexes, however long the queue is.
struct RecoveredState: Sendable {
    /// The row id of each configured destination, in the order of the settings.
    var destinationRows: [Int64]
    var snapshot: JournalSnapshot
    /// Queued events of destinations that are not configured, by name.
    var stranded: [String: Int]
    var nextBlockID: Int64
    /// What the dead letters take, by ``DeadLetterTable/byteCount(of:)``.
    var deadLetterBytes: Int64
}

extension JournalDatabase {
    /// - Parameter destinations: the configured names; unknown ones get a row.
    static func recover(_ pool: DatabasePool, destinations: [String]) throws -> RecoveredState {
        try pool.write { db in
            let rows = try destinations.map { try row(of: $0, db) }
            let queued = try queuedByRow(db)
            var state = RecoveredState(
                destinationRows: rows, snapshot: JournalSnapshot(destinationCount: rows.count), stranded: [:],
                nextBlockID: try nextBlockID(db), deadLetterBytes: try DeadLetterTable(db).totals().bytes)
            for (index, row) in rows.enumerated() {
                state.snapshot.queuedEvents[index] = queued[row] ?? 0
                state.snapshot.oldestStoredMillis[index] = try BlockTable(db).oldestStoredMillis(destination: row)
            }
            state.snapshot.recoveredEvents = state.snapshot.queuedEvents
            state.snapshot.deadLetters = try DeadLetterTable(db).totals().letters
            state.stranded = try names(of: queued.filter { $0.value > 0 && !rows.contains($0.key) }, db)
            return state
        }
    }

    private static func row(of destination: String, _ db: Database) throws -> Int64 {
        try db.execute(sql: "INSERT OR IGNORE INTO destinations (name) VALUES (?)", arguments: [destination])
        let id = try Int64.fetchOne(db, sql: "SELECT id FROM destinations WHERE name = ?", arguments: [destination])
        guard let id else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return id
    }

    private static func queuedByRow(_ db: Database) throws -> [Int64: Int] {
        let rows = try Row.fetchCursor(db, sql: BlockQueries.totals)
        var sums: [Int64: Int] = [:]
        while let row = try rows.next() { sums[row[0]] = row[1] ?? 0 }
        return sums
    }

    private static func names(of queued: [Int64: Int], _ db: Database) throws -> [String: Int] {
        try queued.reduce(into: [:]) { named, entry in
            let sql = "SELECT name FROM destinations WHERE id = ?"
            let name = try String.fetchOne(db, sql: sql, arguments: [entry.key]) ?? "#\(entry.key)"
            named[name] = entry.value
        }
    }

    /// Ids only grow while a process runs, so a settlement that comes late cannot hit another block.
    private static func nextBlockID(_ db: Database) throws -> Int64 {
        // Blocks that were kept for a person keep their ids.
        let sql = "SELECT max(ifnull((SELECT max(id) FROM blocks), 0), ifnull((SELECT max(id) FROM damaged_blocks), 0))"
        let last = try Int64.fetchOne(db, sql: sql) ?? 0
        guard last < Int64.max / 2 else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return max(last, 0) + 1
    }
}
