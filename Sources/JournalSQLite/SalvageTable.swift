import Foundation
import GRDB

/// The statements that store what a damaged file has given back; the caller owns the transaction.
struct SalvageTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Where an earlier process came to in a file; nil at its beginning.
    func place(of file: String) throws -> SalvagePlace? {
        let sql = "SELECT last_block, last_letter FROM salvages WHERE file = ?"
        return try Row.fetchOne(db, sql: sql, arguments: [file]).map { row in
            SalvagePlace(lastBlock: row[0], lastLetter: row[1])
        }
    }

    func put(_ file: String, _ place: SalvagePlace, isEnded: Bool) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO salvages (file, last_block, last_letter, is_ended) VALUES (?, ?, ?, ?)",
            arguments: [file, place.lastBlock, place.lastLetter, isEnded])
    }

    /// The row of a destination by its name, made where it is missing.
    func row(of name: String) throws -> Int64? {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO destinations (name) VALUES (?)").execute(arguments: [name])
        return try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM destinations WHERE name = ?"), arguments: [name])
    }

    /// A block in the fresh lane, so that it stands behind no cursor.
    func insert(_ block: SalvagedBlock, id: Int64, destination: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO blocks (id, destination, events, attempts, due_ms, stored_ms, payload)
                VALUES (?, ?, ?, ?, 0, ?, ?)
                """
        ).execute(arguments: [
            id, destination, block.events, block.attempts, block.storedMillis, Data(block.payload),
        ])
    }

    /// A block that nobody can send, for a person to look at.
    func keepDamaged(_ block: SalvagedBlock, id: Int64, foundMillis: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO damaged_blocks (id, destination, events, stored_ms, found_ms, payload)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            id, block.destinationRow, block.events, block.storedMillis, foundMillis, Data(block.payload),
        ])
    }

    func insert(_ letter: StoredDeadLetter, destination: Int64?) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO dead_letters (destination, source, event_name, event_id, event_time, reason, message,
                    attempts, stored_ms, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            destination, letter.source, letter.eventName, letter.eventID, letter.eventTime, letter.reason,
            letter.message, letter.attempts, letter.storedMillis, Data(letter.json),
        ])
    }
}
