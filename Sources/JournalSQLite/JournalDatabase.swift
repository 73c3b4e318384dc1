import GRDB

/// Opens the database with the settings that durability depends on, and asserts them.
enum JournalDatabase {
    /// The writer's page cache; a commit's dirty pages beyond it reach the log early, which is harmless.
    private static let cacheKiB = 8192

    static func open(_ path: String, settings: JournalSettings) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration(settings))
        try pool.writeWithoutTransaction { db in
            // DatabasePool sets NORMAL when it turns the write-ahead log on: a commit would not be synced.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try assertDurable(db)
            if !settings._testFaults.writerSQL.isEmpty { try db.execute(sql: settings._testFaults.writerSQL) }
        }
        return pool
    }

    /// Brings the schema up to date; refuses one that is newer.
    static func migrate(_ pool: DatabasePool, path: String) throws {
        let migrator = JournalSchema.migrator
        if try pool.read(migrator.hasBeenSuperseded) { throw JournalError.newerSchema(path: path) }
        try migrator.migrate(pool)
    }

    static func assertDurable(_ db: Database) throws {
        for (setting, wanted) in [("synchronous", "2"), ("journal_mode", "wal")] {
            let value = try String.fetchOne(db, sql: "PRAGMA \(setting)") ?? ""
            guard value == wanted else { throw JournalError.notDurable(setting: setting, value: value) }
        }
    }

    private static func configuration(_ settings: JournalSettings) -> Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(settings.busyTimeoutSeconds)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            if !db.configuration.readonly { try prepareWriter(db) }
        }
        return configuration
    }

    /// `secure_delete`: a client's address must be gone from the file with its delivery. `page_size` is without effect
    /// on an existing file. There is no `auto_vacuum`: its incremental form searches the whole list of free pages for
    /// each page that it frees.
    private static func prepareWriter(_ db: Database) throws {
        try db.execute(
            sql: """
                PRAGMA page_size = \(LogMachine.pageByteCount);
                PRAGMA secure_delete = ON;
                PRAGMA cache_size = -\(cacheKiB);
                PRAGMA wal_autocheckpoint = 0;
                PRAGMA journal_size_limit = \(JournalSettings.walLimitBytes);
                """)
    }
}
