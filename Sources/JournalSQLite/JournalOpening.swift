import Foundation
import GRDB
import Journal
import RelayModel

/// What opening a journal gives: on the way a damaged file is set aside, and the ballast is given up for a full disk.
struct JournalOpening {
    let directory: JournalDirectory
    let bounds: StorageBounds
    let ballast: Ballast
    let store: JournalStore
    let recovered: RecoveredState
    let repeats: RepeatIndex
    /// The process before did not come to its end.
    let wasUnclean: Bool
    /// A file was set aside just now; the repeats that were read from it are not stored yet.
    let wasDamaged: Bool

    init(_ settings: JournalSettings, destinations: [String], nowMillis: Int64) throws {
        directory = try JournalDirectory(path: settings.directory, allowsVolatile: settings.allowsVolatile)
        let space = settings._testFaults.diskSpace?() ?? DiskSpace(path: directory.path)
        bounds = StorageBounds(settings, total: space?.total)
        ballast = Ballast(path: directory.ballastPath, byteCount: bounds.ballastBytes)
        wasUnclean = DiskSpace.byteCount(ofFile: directory.logPath) > 0
        if let available = space?.available, !ballast.isHeld || available < bounds.minFreeBytes / 2 {
            ballast.release()
            if available >= bounds.minFreeBytes + bounds.ballastBytes { _ = ballast.take() }
        }
        var setAside: String?
        (store, recovered, setAside) = try Self.open(directory, settings, destinations, ballast, nowMillis)
        var repeats = RepeatIndex(
            windowMillis: settings.repeatWindowMillis, maxKeys: settings.maxRepeatKeys,
            seed: .random(in: .min ... .max))
        if let setAside {
            try? SalvageReader(path: directory.path + "/" + setAside).restoreRepeats(&repeats, nowMillis: nowMillis)
        } else {
            try store.pool.read { db in try RepeatTable(db).restore(into: &repeats, nowMillis: nowMillis) }
        }
        self.repeats = repeats
        wasDamaged = setAside != nil
    }

    private static func open(
        _ directory: JournalDirectory, _ settings: JournalSettings, _ destinations: [String], _ ballast: Ballast,
        _ nowMillis: Int64
    ) throws -> (JournalStore, RecoveredState, setAside: String?) {
        func attempt() throws -> (JournalStore, RecoveredState) {
            let store = try JournalStore.open(directory, settings)
            return (store, try JournalDatabase.recover(store.pool, destinations: destinations))
        }
        do {
            let (store, recovered) = try attempt()
            return (store, recovered, nil)
        } catch {
            let fault = JournalError(error, operation: "open the journal")
            if fault.isFull, ballast.isHeld {
                ballast.release()
                let (store, recovered) = try attempt()
                return (store, recovered, nil)
            }
            guard fault.disposition == .setAside else { throw fault }
            let name = try directory.setAside(atMillis: nowMillis)
            let (store, recovered) = try attempt()
            return (store, recovered, name)
        }
    }
}
