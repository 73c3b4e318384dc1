import Foundation
import GRDB
import Journal
import JournalSQLite
import Synchronization
import Testing

@Suite("SQLiteJournal and the room on its disk")
struct SQLiteJournalDiskTests {
    /// A disk that has left what a test says.
    private final class Disk: Sendable {
        let left = Atomic<Int64>(1 << 40)

        func leave(_ bytes: Int64) { left.store(bytes, ordering: .sequentiallyConsistent) }
    }

    private func open(_ directory: TemporaryDirectory, _ disk: Disk) throws -> (SQLiteJournal, RecordingObserver) {
        var settings = JournalSettings.sample(directory)
        settings.minFreeBytes = 1 << 20
        settings.ballastBytes = 1 << 20
        settings._testFaults.diskSpace = {
            DiskSpace(total: 1 << 40, available: disk.left.load(ordering: .sequentiallyConsistent))
        }
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        let observer = RecordingObserver()
        journal.start(observer)
        return (journal, observer)
    }

    private func eventually(_ condition: () -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: 10)
        while Date() < end {
            if condition() { return true }
            usleep(5000)
        }
        return false
    }

    @Test("with less left than the least, appends end and deliveries go on; the ballast goes at half, and comes back")
    func neighbour() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let disk = Disk()
        let (journal, observer) = try open(directory, disk)
        defer { journal.close() }
        let ballast = directory.path + "/journal.ballast"
        #expect(journal.append(.sample(1)))
        #expect(try observer.outcomes(of: AppendTicket(loop: 0, request: 1)) == [.stored])
        let size = try FileManager.default.attributesOfItem(atPath: ballast)[.size] as? Int
        #expect(size == 1 << 20)

        disk.leave(1 << 20)
        #expect(eventually { !journal.snapshot.takesAppends })
        #expect(journal.snapshot.refusal == .disk)
        #expect(FileManager.default.fileExists(atPath: ballast))
        #expect(journal.append(.sample(2)))
        #expect(try observer.outcomes(of: AppendTicket(loop: 0, request: 2)) == [.refused])

        disk.leave(1 << 18)
        #expect(eventually { !FileManager.default.fileExists(atPath: ballast) })
        journal.lease(LeaseRequest(destination: 0, maxEvents: 10))
        let blocks = try observer.nextLease().blocks
        journal.settle(blocks.map { $0.delivered() })
        try observer.waitSettled(total: 1)
        #expect(journal.snapshot.queuedEvents == [0])

        disk.leave(1 << 30)
        #expect(eventually { journal.snapshot.takesAppends })
        #expect(eventually { FileManager.default.fileExists(atPath: ballast) })
        #expect(journal.snapshot.refusal == nil)
        #expect(journal.append(.sample(3)))
        #expect(try observer.outcomes(of: AppendTicket(loop: 0, request: 3)) == [.stored])
        #expect(eventually { journal.snapshot.headroomBytes > 0 })
    }

    @Test("under load without a pause the log keeps its bound")
    func logBound() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var settings = JournalSettings.sample(directory)
        settings.maxPendingBytes = 4 << 20
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        let observer = RecordingObserver()
        journal.start(observer)
        defer { journal.close() }
        let payload = String(repeating: "x", count: 100_000)
        var longest = 0
        var request = 0
        for _ in 0..<3000 {
            request += 1
            while !journal.append(.sample(request, id: payload)) { usleep(200) }
            let log = try? FileManager.default.attributesOfItem(atPath: directory.path + "/journal.sqlite-wal")
            longest = max(longest, log?[.size] as? Int ?? 0)
        }
        _ = try observer.outcomes(of: AppendTicket(loop: 0, request: UInt64(request)))
        // 300 MB went through it. A group in flight, and what a copy leaves behind, come on top of the bound.
        #expect(longest > 1 << 20)
        #expect(longest < JournalSettings.walLimitBytes + (16 << 20), "\(longest)")
        #expect(journal.counters.logCopies > 0)
    }
}
