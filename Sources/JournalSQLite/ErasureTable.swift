import GRDB

/// Overwrites free pages: a row of zeros takes them from the list of free pages, and its deletion gives them back.
struct ErasureTable {
    /// What an overflow page holds of a row.
    private static let pageContentBytes = LogMachine.pageByteCount - 4
    /// A row's first bytes stay on the leaf of the table, at least 489 of them with the row's head, so that the rest
    /// fills whole pages.
    private static let leafBytes = 512
    /// A row takes no more pages than these, 1 MiB, so that no commit waits long.
    private static let rowPages = 256

    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Each row is a transaction of its own: a page that is taken and freed in one is not written at all.
    /// - Returns: the pages that passed through the log.
    func overwriteFreePages() throws -> Int {
        var overwritten = 0
        while case let pages = min(try PageCounts(db).free, Self.rowPages), pages > 0 {
            try db.cachedStatement(sql: "INSERT INTO erasures (zeros) VALUES (zeroblob(?))")
                .execute(arguments: [pages * Self.pageContentBytes + Self.leafBytes])
            overwritten += pages
        }
        try db.cachedStatement(sql: "DELETE FROM erasures").execute()
        return overwritten
    }

    func overwriteEach(_ isOn: Bool) throws {
        try db.execute(sql: "PRAGMA secure_delete = \(isOn ? "ON" : "FAST")")
    }
}
