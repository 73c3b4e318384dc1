import Foundation
import GRDB
import Journal

/// Reads what can be read of a damaged file, row by row, over what cannot. Changes nothing in it.
final class SalvageReader {
    private static let denseIDs: Int64 = 4096
    /// No row has a higher id.
    private static let lastID = Int64.max / 4

    private let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.label = "journal.salvage"
        configuration.readonly = true
        configuration.foreignKeysEnabled = false
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The next block behind this id; nil behind the last one that can be read.
    func block(after id: Int64) -> SalvagedBlock? {
        // The casts: a damaged row may hold another type than its column's.
        let sql = """
            SELECT id, ifnull(CAST(destination AS INTEGER), 0), ifnull(CAST(events AS INTEGER), 0),
                ifnull(CAST(attempts AS INTEGER), 0), ifnull(CAST(stored_ms AS INTEGER), 0),
                ifnull(CAST(payload AS BLOB), x'')
            FROM blocks NOT INDEXED WHERE id >= ? ORDER BY id LIMIT 1
            """
        return next(after: id) { id in
            try self.queue.read { db in
                try Row.fetchOne(db, sql: sql, arguments: [id]).map { row in
                    SalvagedBlock(
                        id: row[0], destinationRow: row[1], events: row[2], attempts: row[3], storedMillis: row[4],
                        payload: [UInt8](row[5] as Data))
                }
            }
        }
    }

    /// The next dead letter behind this id.
    func letter(after id: Int64) -> StoredDeadLetter? {
        let sql = """
            SELECT id, CAST(destination AS TEXT), ifnull(CAST(source AS TEXT), ''),
                ifnull(CAST(event_name AS TEXT), ''), ifnull(CAST(event_id AS TEXT), ''),
                ifnull(CAST(event_time AS INTEGER), 0), ifnull(CAST(reason AS TEXT), ''),
                ifnull(CAST(message AS TEXT), ''), ifnull(CAST(attempts AS INTEGER), 0),
                ifnull(CAST(stored_ms AS INTEGER), 0), ifnull(CAST(json AS BLOB), x'')
            FROM dead_letters NOT INDEXED WHERE id >= ? ORDER BY id LIMIT 1
            """
        return next(after: id) { id in
            try self.queue.read { db in
                try Row.fetchOne(db, sql: sql, arguments: [id]).map(DeadLetterTable.letter)
            }
        }
    }

    /// The destinations' names by their row ids; empty when they cannot be read.
    func destinationNames() -> [Int64: String] {
        let rows = try? queue.read { db in try Row.fetchAll(db, sql: "SELECT id, name FROM destinations") }
        return (rows ?? []).reduce(into: [:]) { names, row in
            if case .string(let name) = (row[1] as DatabaseValue).storage { names[row[0] ?? 0] = name }
        }
    }

    func restoreRepeats(_ index: inout RepeatIndex, nowMillis: Int64) throws {
        try queue.read { db in try RepeatTable(db).restore(into: &index, nowMillis: nowMillis) }
    }

    /// What `read`, asked from an id on, finds behind `id`. Where it fails, it is asked further and further on until it
    /// does not, and then back to the first place where it does not.
    private func next<Value>(after id: Int64, _ read: (Int64) throws -> Value?) -> Value? {
        guard id < Self.lastID else { return nil }
        var bad = id + 1
        if let found = attempt(bad, read) { return found }
        var step: Int64 = 1
        while bad < Self.lastID {
            let probe = bad + min(step, Self.lastID - bad)
            if attempt(probe, read) != nil { return firstReadable(bad, probe, read) }
            bad = probe
            // Ids are dense: the first some thousand are tried one by one, so that no good row between bad ones is missed.
            if bad - id > Self.denseIDs { step = min(2 * step, Self.lastID) }
        }
        return nil
    }

    private func firstReadable<Value>(_ bad: Int64, _ good: Int64, _ read: (Int64) throws -> Value?) -> Value? {
        var (bad, good) = (bad, good)
        while good - bad > 1 {
            let middle = bad + (good - bad) / 2
            if attempt(middle, read) == nil { bad = middle } else { good = middle }
        }
        return attempt(good, read) ?? nil
    }

    /// - Returns: nil when nothing can be read there; a nil in it when nothing stands there.
    private func attempt<Value>(_ id: Int64, _ read: (Int64) throws -> Value?) -> Value?? {
        do { return .some(try read(id)) } catch { return nil }
    }
}

/// A block as it stood in a damaged file.
package struct SalvagedBlock: Sendable {
    var id: Int64
    var destinationRow: Int64
    var events: Int
    var attempts: Int
    var storedMillis: Int64
    var payload: [UInt8]
}
