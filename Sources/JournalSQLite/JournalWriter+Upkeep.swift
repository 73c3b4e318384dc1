import GRDB
import Journal
import Synchronization

extension JournalWriter {
    /// The file is shrunk when it has no more used pages than these, 32 MiB, so that it takes no longer than a few
    /// commits, and many free ones.
    private static let shrinkUsedPages = 8192

    /// Keeps the log short, and shrinks the file after a backlog is gone and nothing waits. Runs after the tickets are
    /// answered.
    func tidy() {
        do {
            try copyLog()
            if hasFreedPages, core.mailbox.isIdle { try shrink() }
        } catch {
            note(JournalError(error, operation: "tidy up"))
        }
    }

    private func copyLog() throws {
        if let ended = core.logCopier.takeEnded() {
            log.copyEnded(remainingFrames: try? ended.get())
            core.counters.withLock { $0.logCopies += 1 }
            _ = try ended.get()
        }
        switch log.next() {
        case .nothing: break
        case .copyBeside: core.logCopier.copyBeside { [mailbox = core.mailbox] in mailbox.poke() }
        case .copyHere: log.copyEnded(remainingFrames: try core.logCopier.copyHere())
        }
    }

    private func shrink() throws {
        hasFreedPages = false
        try core.pool.writeWithoutTransaction { db in
            let pages = try PageCounts(db)
            guard pages.free >= core.settings.shrinkFreePages, pages.used <= Self.shrinkUsedPages else { return }
            try db.execute(sql: "VACUUM")
            log.wrote(byteCount: pages.used * LogMachine.pageByteCount)
        }
    }

    /// Whether the live data leaves room for these appends. The keys of repeats do not count: they have a bound of their
    /// own. Settlements are not asked: they free space.
    func hasRoom(for appends: [JournalAppend]) -> Bool {
        if appends.isEmpty { return true }
        if hasFailed { return false }
        let wanted = appends.lazy.flatMap(\.blocks).reduce(0) { $0 + $1.block.payload.count }
        do {
            let pages = try core.pool.writeWithoutTransaction { db in try PageCounts(db) }
            let eventPages = max(pages.used - repeats.sliceCount, 0)
            return Int64(eventPages * LogMachine.pageByteCount + wanted) <= core.settings.maxBytes
        } catch {
            note(JournalError(error, operation: "read the size"))
            return false
        }
    }

    /// Blocks that cannot be read are kept for a person to look at, and count as queued no more.
    func moveAside(_ damaged: [LeaseCandidate], _ now: Int64, from destination: DestinationIndex, _ db: Database) {
        if damaged.isEmpty { return }
        do {
            try db.inTransaction(.immediate) {
                for block in damaged { try BlockTable(db).moveAside(block.id, foundMillis: now) }
                return .commit
            }
        } catch {
            return note(JournalError(error, operation: "move damaged blocks aside"))
        }
        let events = damaged.reduce(0) { $0 + $1.events }
        damaged.forEach { machine.settle($0.id) }
        core.snapshot.withLock { snapshot in
            snapshot.queuedEvents[destination] -= events
            snapshot.damagedEvents += events
        }
    }
}

/// The pages of the database, those still in the log included.
private struct PageCounts {
    let used: Int
    let free: Int

    init(_ db: Database) throws {
        let all = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA page_count")) ?? 0
        free = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA freelist_count")) ?? 0
        used = all - free
    }
}
