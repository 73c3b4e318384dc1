import GRDB
import Synchronization

/// Copies the write-ahead log into the database on a connection of its own: beside the commits, or waited for.
final class LogCopier: Sendable {
    private let queue: DatabaseQueue
    private let ended = Mutex<Result<Int, JournalError>?>(nil)

    init(path: String, settings: JournalSettings) throws {
        var configuration = Configuration()
        configuration.label = "journal.log"
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(settings.busyTimeoutSeconds)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Begins a copy; `onEnd` is called on another thread when its result can be taken.
    func copyBeside(onEnd: @escaping @Sendable () -> Void) {
        queue.asyncWriteWithoutTransaction { [self] db in
            let result = Result { try Self.copy(db) }.mapError { JournalError($0, operation: "copy the log") }
            ended.withLock { $0 = result }
            onEnd()
        }
    }

    /// Copies now, after a copy that may be running, whose result is dropped unless it failed.
    /// - Returns: the frames left over.
    func copyHere() throws -> Int {
        let frames = try queue.writeWithoutTransaction(Self.copy)
        if case .failure(let fault) = takeEnded() { throw fault }
        return frames
    }

    /// The frames left over by the copy that has ended since it was last asked; nil when none has.
    func takeEnded() -> Result<Int, JournalError>? {
        ended.withLock { result in
            defer { result = nil }
            return result
        }
    }

    func close() throws { try queue.close() }

    private static func copy(_ db: Database) throws -> Int {
        if CrashPoint.inCheckpoint.isReached { CrashPoint.dieSoon() }
        let frames = try db.checkpoint(.passive)
        return frames.walFrameCount - frames.checkpointedFrameCount
    }
}
