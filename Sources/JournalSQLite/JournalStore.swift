import Foundation
import GRDB
import Journal

/// The open database: the writer's pool, and the connection that copies its log. Replaced as a whole when the file is
/// found damaged.
struct JournalStore: Sendable {
    let pool: DatabasePool
    let logCopier: LogCopier
    /// The log was not emptied at its end, and not yet since.
    let mustReplay: Bool

    /// Opens or creates the file, and brings its tables up to date.
    static func open(_ directory: JournalDirectory, _ settings: JournalSettings) throws -> JournalStore {
        let path = directory.databasePath
        let wasUnclean = DiskSpace.byteCount(ofFile: directory.logPath) > 0
        let pool = try JournalDatabase.open(path, settings: settings)
        try JournalDatabase.migrate(pool, path: directory.path)
        try directory.synchronise()
        let mustReplay = try wasUnclean && !JournalDatabase.emptyLog(pool)
        return JournalStore(
            pool: pool, logCopier: try LogCopier(path: path, settings: settings), mustReplay: mustReplay)
    }

    /// Closes what can be closed: before the file gets another name, since SQLite removes the log by its name.
    func close() {
        try? logCopier.close()
        try? pool.close()
    }
}

extension JournalDatabase {
    /// Copies the whole log into the database and cuts it to nothing.
    ///
    /// After an unclean end this comes before anything is appended: the log may hold frames of a failed sync, which the
    /// system shows and the disk does not have. What is written behind them would be lost with them.
    /// - Returns: false when somebody reads the log, or the disk has no room for it now.
    static func emptyLog(_ pool: DatabasePool) throws -> Bool {
        do {
            try pool.writeWithoutTransaction { db in
                // A reader may take long, and senders wait for this thread: it is tried again later.
                let patience = try Int.fetchOne(db, sql: "PRAGMA busy_timeout") ?? 0
                try db.execute(sql: "PRAGMA busy_timeout = 0")
                defer { try? db.execute(sql: "PRAGMA busy_timeout = \(patience)") }
                _ = try db.checkpoint(.truncate)
            }
            return true
        } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_FULL].contains(error.resultCode) {
            return false
        }
    }

    /// Gives destinations the row ids that they had in the file before.
    static func adopt(_ names: [String], rows: [Int64], _ pool: DatabasePool) throws {
        try pool.write { db in
            for (name, row) in zip(names, rows) {
                try db.execute(sql: "INSERT INTO destinations (id, name) VALUES (?, ?)", arguments: [row, name])
            }
        }
    }
}

// Damaged files.
extension JournalDirectory {
    private static let damagedPrefix = "journal.damaged-"
    private static let damagedSuffix = ".sqlite"

    /// Gives the database and its log another name, with the time in it.
    /// - Returns: the database's new name.
    func setAside(atMillis: Int64) throws(JournalError) -> String {
        let stamp = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: Double(atMillis / 1000)))
            .filter { $0.isLetter || $0.isNumber }
        var name = Self.damagedPrefix + stamp + Self.damagedSuffix
        var copies = 1
        while FileManager.default.fileExists(atPath: path + "/" + name) {
            copies += 1
            name = "\(Self.damagedPrefix)\(stamp)-\(copies)\(Self.damagedSuffix)"
        }
        try moveAside(to: name)
        return name
    }

    /// Ends what a crash has cut off: a log that has its new name, and a database that has not. Before the database is
    /// opened, which without its log is another.
    func finishSettingAside() throws(JournalError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for log in names where log.hasPrefix(Self.damagedPrefix) && log.hasSuffix(Self.damagedSuffix + "-wal") {
            let name = String(log.dropLast(4))
            if !names.contains(name), names.contains(Self.databaseName) { try moveAside(to: name) }
        }
    }

    /// The log goes first: a fresh database must never find it.
    private func moveAside(to name: String) throws(JournalError) {
        for suffix in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: databasePath + suffix) {
            let isEmpty = DiskSpace.byteCount(ofFile: databasePath + suffix) == 0
            do {
                // An empty log, or index of a log, has nothing to keep.
                if isEmpty && !suffix.isEmpty || suffix == "-shm" {
                    try FileManager.default.removeItem(atPath: databasePath + suffix)
                    continue
                }
                try FileManager.default.moveItem(atPath: databasePath + suffix, toPath: "\(path)/\(name)\(suffix)")
            } catch {
                throw .directory(path: path, operation: "set the damaged file aside", errno: 0)
            }
        }
        try synchronise()
    }

    /// The files that were set aside, oldest first.
    var filesSetAside: [String] { Self.filesSetAside(in: path) }

    static func filesSetAside(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasPrefix(damagedPrefix) && $0.hasSuffix(damagedSuffix) }.sorted()
    }
}
