import Foundation
import GRDB
import Journal
import RelayModel

/// The statements on `dead_letters`; the caller owns the transaction.
struct DeadLetterTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// - Parameter destination: the row id of the letter's destination.
    func insert(_ letter: DeadLetter, destination: Int64?, storedMillis: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO dead_letters (destination, source, event_name, event_id, event_time, reason, message,
                    attempts, stored_ms, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            destination, letter.source, letter.eventName, letter.eventID, letter.eventTime, letter.reason.rawValue,
            letter.message, letter.attempts, storedMillis, Data(letter.json),
        ])
    }

    /// What a letter without its JSON takes, about: its texts are bounded. Part of a released migration.
    static let headByteCount = 256

    /// About what a letter takes in the file.
    static func byteCount(of letter: DeadLetter) -> Int64 { Int64(headByteCount + letter.json.count) }

    /// How many letters there are, and about what they take in the file.
    func totals() throws -> (letters: Int, bytes: Int64) {
        let row = try Row.fetchOne(db, sql: "SELECT letters, bytes FROM dead_letter_totals")
        return (row?[0] ?? 0, row?[1] ?? 0)
    }

    /// Removes the oldest letters until at least `bytes` are gone.
    /// - Returns: how many letters and bytes went.
    func removeOldest(bytes: Int64) throws -> (letters: Int, bytes: Int64) {
        var last: Int64?
        var removed = (letters: 0, bytes: Int64(0))
        let oldest = try Row.fetchCursor(db, sql: "SELECT id, length(json) FROM dead_letters ORDER BY id")
        while removed.bytes < bytes, let row = try oldest.next() {
            last = row[0]
            removed.letters += 1
            removed.bytes += Int64(Self.headByteCount) + (row[1] as Int64)
        }
        if let last { try db.execute(sql: "DELETE FROM dead_letters WHERE id <= ?", arguments: [last]) }
        return removed
    }

    /// The newest letters first.
    func list(limit: Int, olderThan id: Int64) throws -> [StoredDeadLetter] {
        let sql = """
            SELECT letter.id, name, source, event_name, event_id, event_time, reason, message, attempts, stored_ms, json
            FROM dead_letters AS letter LEFT JOIN destinations ON destinations.id = letter.destination
            WHERE letter.id < ? ORDER BY letter.id DESC LIMIT ?
            """
        return try Row.fetchAll(db, sql: sql, arguments: [id, max(limit, 0)]).map(Self.letter)
    }

    static func letter(_ row: Row) -> StoredDeadLetter {
        StoredDeadLetter(
            id: row[0], destination: row[1], source: row[2], eventName: row[3], eventID: row[4], eventTime: row[5],
            reason: row[6], message: row[7], attempts: row[8], storedMillis: row[9], json: [UInt8](row[10] as Data))
    }
}
