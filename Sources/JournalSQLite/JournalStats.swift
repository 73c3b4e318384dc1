/// What stands in a journal's files, for people and programs.
public struct JournalStats: Sendable, Equatable, Encodable {
    public struct Queue: Sendable, Equatable, Encodable {
        /// The configured name; `#` and a number where the file has none.
        public var destination: String
        public var events: Int
        /// Rows in the file: the events of one commit stand in one.
        public var blocks: Int
        /// Milliseconds since 1970; nil for an empty queue.
        public var oldestStoredMillis: Int64?
        /// When the next postponed block falls due, milliseconds since 1970; nil when none is postponed.
        public var nextDueMillis: Int64?
    }

    public var directory: String
    /// The last migration of the file.
    public var schema = ""
    public var queues: [Queue] = []
    /// Dead letters by their reason.
    public var deadLetters: [String: Int] = [:]
    /// What their events take.
    public var deadLetterBytes: Int64 = 0
    /// Keys of events that are remembered to know repeats by.
    public var repeatKeys = 0
    /// Blocks that could not be read, kept for a person to look at.
    public var damagedBlocks = 0
    public var fileBytes: Int64 = 0
    public var logBytes: Int64 = 0
    public var ballastBytes: Int64 = 0
    public var diskAvailableBytes: Int64 = 0
    /// Files that were found damaged and set aside.
    public var damagedFiles: [String] = []

    init(directory: String) { self.directory = directory }
}

/// A queued event as it stands in the file.
public struct QueuedEvent: Sendable, Equatable {
    public var destination: String
    public var blockID: Int64
    public var attempts: Int
    /// Milliseconds since 1970.
    public var storedMillis: Int64
    /// Milliseconds since 1970; 0 when it was never postponed.
    public var dueMillis: Int64
    /// As it will be sent. It may hold the client's address and user agent in clear.
    public var json: [UInt8]
}
