import GRDB
import Journal
import Synchronization

// How much may still be stored: by the bound on the journal, and by what the disk has left. Settlements are not asked,
// since they free space.
extension JournalWriter {
    private static let measurePeriod = Duration.seconds(1)

    /// Why these appends cannot be stored now; nil when they can.
    func refusal(of appends: [JournalAppend]) -> JournalRefusal? {
        if appends.isEmpty { return nil }
        if hasFailed { return .failed }
        let wanted = Self.byteCount(of: appends)
        do {
            if mustReplay { try emptyLog() }
            if mustReplay { return .disk }
            askDisk()
            // What is beyond the log's bound counts: a reader that does not end keeps the log from starting anew.
            let logBeyond = max(logBytes - core.bounds.limitBytes, 0)
            if try liveBytes() + logBeyond + wanted > core.settings.maxBytes { return .full }
        } catch {
            note(JournalError(error, operation: "read the size"))
            if isDamaged { return beginFreshFile() ? nil : .failed }
            return .disk
        }
        return headroom.room(available: disk.available) < wanted ? .disk : nil
    }

    /// Once a second: the sizes for the snapshot, the ballast, and whether one event could be stored.
    func measure() {
        guard !hasFailed, lastMeasure.map({ ContinuousClock.now - $0 >= Self.measurePeriod }) ?? true else { return }
        lastMeasure = .now
        askDisk()
        switch headroom.action(available: disk.available) {
        case .nothing: break
        case .release: giveUpBallast()
        case .take: headroom.holdsBallast = core.ballast.take()
        }
        if headroom.room(available: disk.available) <= 0 { startRefusing(.disk) }
        if logBytes > 2 * core.bounds.limitBytes { check?.makeWay() }
        publishSizes()
    }

    /// After a write has met a full disk.
    func makeRoom() {
        if headroom.holdsBallast { giveUpBallast() }
        do {
            try emptyLog()
        } catch {
            note(JournalError(error, operation: "empty the log"))
        }
    }

    /// The log is emptied as often as there is something in it, so that what is deleted becomes free.
    var isShortOfRoom: Bool { headroom.room(available: disk.available) <= 0 }

    private var logBytes: Int64 { DiskSpace.byteCount(ofFile: core.directory.logPath) }

    private func giveUpBallast() {
        core.ballast.release()
        headroom.holdsBallast = false
        observer.faulted("the disk is nearly full: the ballast is given up so that deliveries go on", isFinal: false)
    }

    private func askDisk() {
        let asked = core.settings._testFaults.diskSpace?() ?? DiskSpace(path: core.directory.path)
        disk = asked ?? DiskSpace(total: .max, available: .max)
    }

    private func publishSizes() {
        guard let live = try? liveBytes() else { return }
        let logBytes = logBytes
        let logBeyond = max(logBytes - core.bounds.limitBytes, 0)
        let room = min(core.settings.maxBytes - live - logBeyond, headroom.room(available: disk.available))
        core.snapshot.withLock { snapshot in
            snapshot.liveBytes = live
            snapshot.logBytes = logBytes
            snapshot.headroomBytes = max(room, 0)
        }
        observer.measured()
    }

    /// What events and dead letters take. The keys of repeats do not count: they have a bound of their own.
    private func liveBytes() throws -> Int64 {
        let pages = try core.pool.writeWithoutTransaction { db in try PageCounts(db) }
        return Int64(max(pages.used - repeats.sliceCount, 0) * LogMachine.pageByteCount)
    }

    private static func byteCount(of appends: [JournalAppend]) -> Int64 {
        let letters = appends.lazy.flatMap(\.deadLetters).reduce(0) { $0 + DeadLetterTable.byteCount(of: $1) }
        return appends.lazy.flatMap(\.blocks).reduce(letters) { $0 + Int64($1.block.payload.count) }
    }
}
