import GRDB

/// Why the journal cannot be opened or used. The text says what to do next; it holds no event.
public enum JournalError: Error, Sendable, Equatable {
    /// A system call on the journal's directory failed.
    case directory(path: String, operation: String, errno: Int32)
    /// The directory would not outlive the machine or the container, or cannot hold a database.
    case unsuitableFileSystem(path: String, kind: String)
    /// Another process has the journal open.
    case alreadyOpen(path: String)
    /// There is none in the directory.
    case noJournal(path: String)
    /// The journal was written by a newer version.
    case newerSchema(path: String)
    /// SQLite did not take a setting that durability depends on.
    case notDurable(setting: String, value: String)
    /// A setting is out of range.
    case setting(name: String)
    /// SQLite failed; `code` is its extended result code.
    case store(operation: String, code: Int32)

    /// How a fault of the store is to be met.
    public enum Disposition: Sendable, Equatable {
        /// What failed was undone; the same may succeed later.
        case retry
        /// The file is damaged: it is set aside, and a fresh one takes its place.
        case setAside
        /// The store can no longer be trusted; nothing more is written before a new start.
        case giveUp
    }

    /// Retry, or not.
    public var disposition: Disposition {
        guard case .store(_, let code) = self else { return .giveUp }
        if Self.unreadable.contains(ResultCode(rawValue: code)) { return .setAside }
        // The log's index could not grow: the disk is full.
        if ResultCode(rawValue: code) == .SQLITE_IOERR_SHMSIZE { return .retry }
        switch ResultCode(rawValue: code).primaryResultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return .setAside
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_INTERNAL:
            return .giveUp
        default:
            return .retry
        }
    }

    /// The disk does not give back what was written.
    private static let unreadable: [ResultCode] = [
        .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_DATA, .SQLITE_IOERR_CORRUPTFS,
    ]

    /// The disk, or the bound on the file, leaves no room.
    var isFull: Bool {
        guard case .store(_, let code) = self else { return false }
        let result = ResultCode(rawValue: code)
        return result.primaryResultCode == .SQLITE_FULL || result == .SQLITE_IOERR_SHMSIZE
    }

    init(_ error: any Error, operation: String) {
        if let known = error as? JournalError {
            self = known
        } else {
            let code = (error as? DatabaseError)?.extendedResultCode ?? .SQLITE_INTERNAL
            self = .store(operation: operation, code: code.rawValue)
        }
    }
}

extension JournalError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .directory(let path, let operation, let errno):
            "the journal's directory \(path) cannot be used (\(operation): errno \(errno)); "
                + "give the relay's user write access to it, or set journal.path to another"
        case .unsuitableFileSystem(let path, let kind):
            "the journal's directory \(path) is on \(kind), where acknowledged events would not be safe; "
                + "mount a volume of a local disk there, or for a trial set PINRELAY_ALLOW_VOLATILE_JOURNAL=true"
        case .alreadyOpen(let path):
            "another process has the journal in \(path) open; stop it, or give each relay a directory of its own"
        case .noJournal(let path):
            "there is no journal in \(path); name its directory with --directory, or the relay's configuration"
        case .newerSchema(let path):
            "the journal in \(path) was written by a newer version; run that version, or set journal.path to another"
        case .notDurable(let setting, let value):
            "SQLite runs with \(setting)=\(value), which would lose acknowledged events; check the SQLite library"
        case .setting(let name):
            "journal.\(name) is out of range; give a positive number"
        case .store(let operation, let code):
            "SQLite failed to \(operation) (code \(code): \(ResultCode(rawValue: code))); "
                + nextStep
        }
    }

    private var nextStep: String {
        switch disposition {
        case .retry: "it is tried again"
        case .setAside: "the relay sets such a file aside and queues again what can be read"
        case .giveUp: "check the disk, then start the relay anew"
        }
    }
}
