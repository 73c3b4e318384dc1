import Foundation
import GRDB
import Journal

// Finding dead letters, and taking them out.
extension DeadLetterTable {
    /// The order in which letters are found, and from where.
    enum Direction {
        /// With lower ids than this.
        case newestFirst(below: Int64)
        /// With higher ids than the first, up to the second.
        case oldestFirst(above: Int64, through: Int64)
    }

    func find(_ filter: DeadLetterFilter, _ direction: Direction, limit: Int) throws -> [StoredDeadLetter] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        func demand(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        let order: String
        switch direction {
        case .newestFirst(let id):
            demand("letter.id < ?", id)
            order = "DESC"
        case .oldestFirst(let above, let through):
            demand("letter.id > ?", above)
            demand("letter.id <= ?", through)
            order = "ASC"
        }
        demand("letter.id = ?", filter.id)
        demand("name = ?", filter.destination)
        demand("source = ?", filter.source)
        demand("reason = ?", filter.reason)
        demand("event_name = ?", filter.eventName)
        demand("stored_ms >= ?", filter.sinceMillis)
        demand("stored_ms < ?", filter.untilMillis)
        arguments += [max(limit, 0)]
        let sql = """
            SELECT letter.id, name, source, event_name, event_id, event_time, reason, message, attempts, stored_ms, json
            FROM dead_letters AS letter LEFT JOIN destinations ON destinations.id = letter.destination
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY letter.id \(order) LIMIT ?
            """
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map(Self.letter)
    }

    /// The newest letter's id; 0 when there is none.
    func lastID() throws -> Int64 { try Int64.fetchOne(db, sql: "SELECT max(id) FROM dead_letters") ?? 0 }

    /// The id of the `count`th letter with a higher id than the first and none over the last; nil when there are fewer.
    func id(of count: Int, above first: Int64, through last: Int64) throws -> Int64? {
        let sql = "SELECT id FROM dead_letters WHERE id > ? AND id <= ? ORDER BY id LIMIT 1 OFFSET ?"
        return try Int64.fetchOne(db, sql: sql, arguments: [first, last, count - 1])
    }

    func delete(_ id: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM dead_letters WHERE id = ?").execute(arguments: [id])
    }

    /// Removes the oldest letters as far as they were stored before a time, so many at most.
    /// - Returns: how many letters and bytes went.
    func removeOldest(storedBefore millis: Int64, limit: Int) throws -> (letters: Int, bytes: Int64) {
        var last: Int64?
        var removed = (letters: 0, bytes: Int64(0))
        let sql = "SELECT id, stored_ms, length(json) FROM dead_letters ORDER BY id LIMIT ?"
        let oldest = try Row.fetchCursor(db, sql: sql, arguments: [limit])
        while let row = try oldest.next(), (row[1] as Int64) < millis {
            last = row[0]
            removed.letters += 1
            removed.bytes += Int64(Self.headByteCount) + (row[2] as Int64)
        }
        if let last { try db.execute(sql: "DELETE FROM dead_letters WHERE id <= ?", arguments: [last]) }
        return removed
    }
}
