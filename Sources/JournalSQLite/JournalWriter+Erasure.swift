import GRDB
import Journal

// Deleted bytes leave the disk; see `ErasureMachine`.
extension JournalWriter {
    /// Before settlements free pages: how they are to be freed. A fault is noted; the settlements go on.
    func chooseErasure(before settlements: [Settlement]) {
        if settlements.isEmpty { return }
        let freed = settlements.reduce(0) { sum, settlement in
            sum + 1 + (machine.leasedRow(settlement.blockID)?.byteCount ?? 0) / LogMachine.pageByteCount
        }
        do {
            try core.pool.writeWithoutTransaction { db in
                let action = erasure.willFree(makes: try PageCounts(db).free + freed)
                if action == .overwriteEach, erasure.holdsDeleted { try overwriteFreePages(db) }
                if action != .nothing { try ErasureTable(db).overwriteEach(action == .overwriteEach) }
            }
        } catch {
            note(JournalError(error, operation: "choose how pages are freed"))
        }
    }

    /// Events or dead letters have left the file.
    func noteFreedPages() {
        hasFreedPages = true
        logHoldsDeleted = true
        erasure.freed()
    }

    /// In a quiet second, and once a minute.
    func eraseDeleted(isQuiet: Bool) throws {
        guard erasure.isDue(isQuiet: isQuiet, freePages: freePages, now: .now) else { return }
        try core.pool.writeWithoutTransaction { db in try overwriteFreePages(db) }
    }

    func overwriteFreePages(_ db: Database) throws {
        let pages = try ErasureTable(db).overwriteFreePages()
        erasure.erased(now: .now)
        log.wrote(byteCount: pages * LogMachine.pageByteCount)
        // What was deleted still stands in the log.
        logHoldsDeleted = true
    }

    /// Of the file that has just been opened.
    func openErasure() {
        let pages = try? core.pool.read { db in try PageCounts(db).free }
        erasure = ErasureMachine(freePages: pages ?? 0, now: .now)
    }
}
