import GRDB
import Journal
import RelayModel
import Synchronization

// What keeps the files small: copying and emptying the write-ahead log, shrinking the database.
extension JournalWriter {
    /// The file is shrunk when it has no more used pages than these, 32 MiB, so that it takes no longer than a few
    /// commits, and many free ones.
    private static let shrinkUsedPages = 8192

    /// Keeps the log short, and shrinks the file after a backlog is gone and nothing waits. Runs after the tickets are
    /// answered.
    /// - Parameter isQuiet: nothing has come for a while.
    func tidy(isQuiet: Bool) {
        do {
            let isQuietEnough = isQuiet && logHoldsDeleted && check?.holdsLog != true
            if isQuietEnough || isShortOfRoom && log.pendingFrames > 0 { try emptyLog() }
            try copyLog()
            if hasFreedPages, core.mailbox.isIdle { try shrink() }
        } catch {
            note(JournalError(error, operation: "tidy up"))
            if isDamaged { _ = beginFreshFile() }
        }
    }

    /// Events or dead letters have left the file.
    func noteFreedPages() {
        hasFreedPages = true
        logHoldsDeleted = true
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

    /// A client's address and user agent leave the database with its delivery; in a quiet hour they leave the log too.
    func emptyLog() throws {
        // Somebody may be reading it, and a full disk may have no room for it yet: it is tried again.
        guard try JournalDatabase.emptyLog(core.pool) else { return }
        logHoldsDeleted = false
        mustReplay = false
        log.copyEnded(remainingFrames: 0)
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

    /// Blocks that cannot be read are kept for a person to look at; each of their events becomes a dead letter.
    func moveAside(_ damaged: [LeaseCandidate], _ now: Int64, from destination: DestinationIndex, _ db: Database) {
        if damaged.isEmpty { return }
        let settlements = damaged.map { settlement(ofDamaged: $0, destination) }
        var effect = CommitEffect()
        do {
            try db.inTransaction(.immediate) {
                for (block, settlement) in zip(damaged, settlements) {
                    try BlockTable(db).moveAside(block.id, foundMillis: now)
                    try insert(settlement.deadLetters, now, db, &effect)
                }
                return .commit
            }
        } catch {
            return note(JournalError(error, operation: "move damaged blocks aside"))
        }
        damaged.forEach { machine.settle($0.id) }
        effect.queueChange[destination] = -damaged.reduce(0) { $0 + $1.events }
        record(effect, now)
        observer.faulted("\(damaged.count) blocks could not be read and were moved aside", isFinal: false)
        observer.settled(settlements)
    }

    private func settlement(ofDamaged block: LeaseCandidate, _ destination: DestinationIndex) -> Settlement {
        var settlement = Settlement(blockID: block.id, destination: destination)
        let letter = DeadLetter(
            destination: destination, source: "", eventName: "", eventID: "", eventTime: 0, reason: .damaged,
            message: "block \(block.id)", attempts: 0, json: [])
        settlement.deadLetters = Array(repeating: letter, count: block.events)
        return settlement
    }
}

/// The pages of the database, those still in the log included.
struct PageCounts {
    let used: Int
    let free: Int

    init(_ db: Database) throws {
        let all = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA page_count")) ?? 0
        free = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA freelist_count")) ?? 0
        used = all - free
    }
}
