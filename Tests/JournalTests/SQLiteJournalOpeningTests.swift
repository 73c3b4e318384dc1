import Foundation
import GRDB
import Journal
import JournalSQLite
import Testing

@Suite("Opening a SQLiteJournal")
struct SQLiteJournalOpeningTests {
    @Test("a missing directory is made, for the relay's user alone")
    func directory() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.path + "/deep/down"
        _ = try SQLiteJournal(
            settings: JournalSettings(directory: path, allowsVolatile: true), destinations: ["shop"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test("a directory that cannot be made is an error with the next step")
    func impossibleDirectory() throws {
        let error = #expect(throws: JournalError.self) {
            try SQLiteJournal(
                settings: JournalSettings(directory: "/dev/null/journal", allowsVolatile: true), destinations: [])
        }
        guard case .directory(_, _, let number) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(number == ENOTDIR)
        #expect("\(error as Any)".contains("set journal.path"))
    }

    @Test(
        "a directory in memory is refused unless it is allowed",
        .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm"), "there is no /dev/shm"))
    func volatileDirectory() throws {
        let path = "/dev/shm/journal-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: JournalError.self) {
            try SQLiteJournal(settings: JournalSettings(directory: path), destinations: [])
        }
        #expect(error == .unsuitableFileSystem(path: path, kind: "tmpfs"))
        #expect("\(error as Any)".contains("PINRELAY_ALLOW_VOLATILE_JOURNAL"))
        _ = try SQLiteJournal(settings: JournalSettings(directory: path, allowsVolatile: true), destinations: [])
    }

    @Test("the kind of a file system is found by its device, whatever the optional fields")
    func mounts() {
        let mounts = """
            22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw
            28 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            40 28 0:300 / /run rw shared:1 master:2 - tmpfs tmpfs rw
            41 28 9:9 / /broken rw
            """
        #expect(FileSystemKind.kind(device: 0x15, mounts: mounts) == "proc")
        #expect(FileSystemKind.kind(device: 254 << 8, mounts: mounts) == "ext4")
        #expect(FileSystemKind.kind(device: 1 << 20 | 0x2c, mounts: mounts) == "tmpfs")
        #expect(FileSystemKind.kind(device: 9 << 8 | 9, mounts: mounts) == nil)
        #expect(FileSystemKind.kind(device: 7, mounts: mounts) == nil)
    }

    @Test("a second opener is refused until the first has closed")
    func lock() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let first = try SQLiteJournal(settings: .sample(directory), destinations: ["shop"])
        first.start(RecordingObserver())
        #expect(throws: JournalError.alreadyOpen(path: directory.path)) {
            try SQLiteJournal(settings: .sample(directory), destinations: ["shop"])
        }
        first.close()
        _ = try SQLiteJournal(settings: .sample(directory), destinations: ["shop"])
    }

    @Test(
        "settings out of range are refused",
        arguments: [("path", "", 1, 1), ("max_bytes", "/tmp/x", 0, 1), ("max_pending", "/tmp/x", 1, 0)])
    func settings(name: String, directory: String, maxBytes: Int64, maxPending: Int) {
        let settings = JournalSettings(directory: directory, maxBytes: maxBytes, maxPendingAppends: maxPending)
        #expect(throws: JournalError.setting(name: name)) { try SQLiteJournal(settings: settings, destinations: []) }
    }

    @Test("the queue follows a destination's name, not its place")
    func renumbered() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let harness = try JournalHarness(.sqlite, destinations: ["shop", "outlet"], directory: directory)
        try harness.append(["a"], to: 0)
        try harness.append(["b", "c"], to: 1)
        harness.journal.close()
        let journal = try SQLiteJournal(settings: .sample(directory), destinations: ["new", "outlet"])
        #expect(journal.snapshot.queuedEvents == [0, 2])
        #expect(journal.stranded == ["shop": 1])
    }

    @Test("what was answered as stored is there after a crash")
    func crash() throws {
        let harness = try JournalHarness(.sqlite)
        for id in ["a", "b"] { #expect(try harness.append([id]) == .stored) }
        let lease = try harness.lease(1)
        try harness.settle(lease.blocks.map { $0.delivered() })
        let left = try harness.directory.copy()
        defer { left.remove() }
        let journal = try SQLiteJournal(settings: .sample(left), destinations: ["shop"])
        #expect(journal.snapshot.recoveredEvents == [1])
        let observer = RecordingObserver()
        journal.start(observer)
        defer { journal.close() }
        journal.lease(LeaseRequest(destination: 0, maxEvents: 10))
        #expect(try observer.nextLease().ids == ["b"])
    }
}

extension TemporaryDirectory {
    /// Changes the database from outside, as an operator or a fault would.
    func edit(_ change: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: path + "/journal.sqlite")
        try queue.write(change)
        try queue.close()
    }
}
