import Foundation
import Glibc
import Synchronization

/// The journal's directory: made, checked and locked for one process. The lock goes with the last
/// reference, or before.
final class JournalDirectory: Sendable {
    let path: String
    private let lock: Mutex<Int32?>

    var databasePath: String { path + "/" + Self.databaseName }
    var logPath: String { databasePath + "-wal" }
    var ballastPath: String { path + "/journal.ballast" }
    static let databaseName = "journal.sqlite"

    /// Makes the directory where it is missing, refuses unsuitable file systems, and takes the lock.
    init(path: String, allowsVolatile: Bool) throws(JournalError) {
        self.path = path
        try Self.make(path)
        try Self.checkFileSystem(path, allowsVolatile: allowsVolatile)
        lock = Mutex(try Self.takeLock(path))
    }

    deinit { unlock() }

    /// Lets another process have the directory.
    func unlock() {
        lock.withLock { descriptor in
            if let held = descriptor { close(held) }
            descriptor = nil
        }
    }

    /// Makes the names of the files in the directory, and its own, durable.
    func synchronise() throws(JournalError) {
        for directory in [path, path + "/.."] { try Self.synchronise(directory) }
    }

    private static func synchronise(_ directory: String) throws(JournalError) {
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .directory(path: directory, operation: "open", errno: errno) }
        let (result, code) = (fsync(descriptor), errno)
        close(descriptor)
        guard result == 0 else { throw .directory(path: directory, operation: "fsync", errno: code) }
    }

    /// Each directory that is made is synced in its parent: a power cut must not take it away with all that it holds.
    private static func make(_ path: String) throws(JournalError) {
        var parent = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            let holder = parent.isEmpty ? "." : parent
            parent += component + "/"
            let (result, code) = (unsafe mkdir(parent, 0o700), errno)
            if result == 0 {
                try synchronise(holder)
                continue
            }
            if code == EEXIST { continue }
            var found = stat()
            if unsafe stat(parent, &found) == 0 { continue }
            throw .directory(path: parent, operation: "mkdir", errno: code)
        }
    }

    private static func checkFileSystem(_ path: String, allowsVolatile: Bool) throws(JournalError) {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else {
            throw .directory(path: path, operation: "stat", errno: errno)
        }
        if !allowsVolatile, let kind = FileSystemKind.unsuitable(device: UInt64(found.st_dev)) {
            throw .unsuitableFileSystem(path: path, kind: kind)
        }
    }

    /// `flock` goes with the process, however it ends, so a stale lock cannot stand.
    private static func takeLock(_ path: String) throws(JournalError) -> Int32 {
        let descriptor = unsafe open(path + "/journal.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .directory(path: path, operation: "open the lock", errno: errno) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        let code = errno
        close(descriptor)
        throw code == EWOULDBLOCK ? .alreadyOpen(path: path) : .directory(path: path, operation: "flock", errno: code)
    }
}
