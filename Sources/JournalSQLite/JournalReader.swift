import Foundation
import GRDB
import Journal

/// Reads a journal's files, of a stopped relay or beside a running one: without its lock, and without a change to them.
///
/// Queues are read piece by piece, since a running relay's log cannot start anew while somebody reads; ``verify(full:)``
/// alone reads for as long as it takes.
public final class JournalReader {
    private static let pieceRows = 256

    private let directory: String
    private let queue: DatabaseQueue

    /// - Throws: also where there is no journal, or one of a newer version.
    public init(directory: String) throws(JournalError) {
        self.directory = directory
        let path = directory + "/" + JournalDirectory.databaseName
        guard FileManager.default.fileExists(atPath: path) else { throw .noJournal(path: directory) }
        var configuration = Configuration()
        configuration.label = "journal.reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let isNewer = try queue.read(JournalSchema.migrator.hasBeenSuperseded)
            if isNewer { throw JournalError.newerSchema(path: directory) }
        } catch {
            throw JournalError(error, operation: "open the journal")
        }
    }

    /// What stands in the journal.
    public func stats() throws(JournalError) -> JournalStats {
        try read("read the journal") { db in
            var stats = JournalStats(directory: self.directory)
            stats.schema = try String.fetchOne(db, sql: "SELECT max(identifier) FROM grdb_migrations") ?? ""
            stats.queues = try Self.queues(db)
            let reasons = try Row.fetchCursor(db, sql: "SELECT reason, count(*) FROM dead_letters GROUP BY reason")
            while let row = try reasons.next() { stats.deadLetters[row[0] ?? ""] = row[1] ?? 0 }
            let length = "SELECT ifnull(sum(length(json)), 0) FROM dead_letters"
            stats.deadLetterBytes = try Int64.fetchOne(db, sql: length) ?? 0
            stats.repeatKeys = try Self.count("SELECT ifnull(sum(length(keys)) / 8, 0) FROM repeat_slices", db)
            stats.damagedBlocks = try Self.count("SELECT count(*) FROM damaged_blocks", db)
            let path = self.directory + "/" + JournalDirectory.databaseName
            stats.fileBytes = DiskSpace.byteCount(ofFile: path)
            stats.logBytes = DiskSpace.byteCount(ofFile: path + "-wal")
            stats.ballastBytes = DiskSpace.byteCount(ofFile: self.directory + "/journal.ballast")
            stats.diskAvailableBytes = DiskSpace(path: self.directory)?.available ?? 0
            stats.damagedFiles = JournalDirectory.filesSetAside(in: self.directory)
            return stats
        }
    }

    /// Whether the file is what it should be: SQLite's structures, the counts, and every block's layout.
    /// - Parameter full: indexes are compared with their tables too, which takes longer.
    /// - Returns: a sentence for each fault.
    public func verify(full: Bool) throws(JournalError) -> [String] {
        do {
            var faults: [String] = try queue.read { db in
                let check = full ? "PRAGMA integrity_check" : "PRAGMA quick_check"
                let found = try String.fetchAll(db, sql: check).filter { $0 != "ok" }
                return try found.isEmpty ? Self.countFaults(db) : found
            }
            if faults.isEmpty { try forEachBlock { block in faults += block.faults } }
            return faults
        } catch {
            let fault = JournalError(error, operation: "read the journal")
            if fault.disposition == .setAside { return ["\(fault)"] }
            throw fault
        }
    }

    /// Every queued event, oldest first.
    public func queuedEvents(_ body: (QueuedEvent) throws -> Void) throws {
        try forEachBlock { stored in
            guard let block = stored.block else { return }
            for entry in block.entries {
                try body(
                    QueuedEvent(
                        destination: stored.destination, blockID: stored.id, attempts: stored.attempts,
                        storedMillis: stored.storedMillis, dueMillis: stored.dueMillis,
                        json: Array(block.payload[entry.json])))
            }
        }
    }

    /// Every dead letter, newest first.
    public func deadLetters(_ body: (StoredDeadLetter) throws -> Void) throws {
        var last = Int64.max
        while true {
            let piece = try queue.read { db in try DeadLetterTable(db).list(limit: Self.pieceRows, olderThan: last) }
            guard let oldest = piece.last else { return }
            last = oldest.id
            try piece.forEach(body)
        }
    }

    private func forEachBlock(_ body: (ReadBlock) throws -> Void) throws {
        var last = Int64.min
        while true {
            let piece = try queue.read { db in try Self.blocks(after: last, db) }
            guard let newest = piece.last else { return }
            last = newest.id
            try piece.forEach(body)
        }
    }

    private func read<Value>(_ operation: String, _ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try queue.read(body) } catch { throw JournalError(error, operation: operation) }
    }

    private static func blocks(after id: Int64, _ db: Database) throws -> [ReadBlock] {
        let sql = """
            SELECT blocks.id, ifnull(name, '#' || destination), attempts, stored_ms, due_ms, events, payload
            FROM blocks NOT INDEXED LEFT JOIN destinations ON destinations.id = blocks.destination
            WHERE blocks.id > ? ORDER BY blocks.id LIMIT \(pieceRows)
            """
        return try Row.fetchCursor(db, sql: sql, arguments: [id]).map { row in
            let payload: Data = row[6] ?? Data()
            return ReadBlock(
                id: row[0], destination: row[1] ?? "", attempts: row[2] ?? 0, storedMillis: row[3] ?? 0,
                dueMillis: row[4] ?? 0, block: EventBlock(payload: [UInt8](payload), eventCount: row[5] ?? 0))
        }.reduce(into: []) { $0.append($1) }
    }

    private static func queues(_ db: Database) throws -> [JournalStats.Queue] {
        let counts = try Row.fetchAll(
            db, sql: "SELECT destination, sum(events), count(*) FROM blocks INDEXED BY blocks_in_lease_order GROUP BY 1"
        )
        return try counts.map { row in
            let id: Int64 = row[0] ?? 0
            let name = try String.fetchOne(db, sql: "SELECT name FROM destinations WHERE id = ?", arguments: [id])
            return JournalStats.Queue(
                destination: name ?? "#\(id)", events: row[1] ?? 0, blocks: row[2] ?? 0,
                oldestStoredMillis: try BlockTable(db).oldestStoredMillis(destination: id),
                nextDueMillis: try BlockTable(db).nextDueMillis(
                    destination: id, after: LaneCursors(), nowMillis: 0))
        }
    }

    private static func count(_ sql: String, _ db: Database) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }

    /// The counts that a start relies on, against what is there; an older version's file has none.
    private static func countFaults(_ db: Database) throws -> [String] {
        guard try db.tableExists("queue_totals") else { return [] }
        var faults: [String] = []
        let differing = try count(
            """
            SELECT count(*) FROM (SELECT destination, events, blocks FROM queue_totals WHERE blocks <> 0 EXCEPT
                SELECT destination, sum(events), count(*) FROM blocks GROUP BY destination)
            """, db)
        let missing = try count(
            "SELECT count(*) FROM blocks WHERE destination NOT IN (SELECT destination FROM queue_totals)", db)
        if differing + missing > 0 { faults.append("the counts of queued events do not agree with the queue") }
        let letters = try count("SELECT count(*) FROM dead_letters", db)
        if try DeadLetterTable(db).totals().letters != letters {
            faults.append("the count of dead letters does not agree with their number")
        }
        return faults
    }
}

/// A block as it stands in the file.
private struct ReadBlock {
    var id: Int64
    var destination: String
    var attempts: Int
    var storedMillis: Int64
    var dueMillis: Int64
    /// Nil when the payload is damaged.
    var block: EventBlock?

    var faults: [String] {
        guard let block else { return ["block \(id) cannot be read: its events will become dead letters"] }
        let isJSON = block.entries.allSatisfy { entry in
            let json = block.payload[entry.json]
            return json.first == UInt8(ascii: "{") && json.last == UInt8(ascii: "}")
        }
        return isJSON ? [] : ["block \(id) holds something that is no event"]
    }
}
