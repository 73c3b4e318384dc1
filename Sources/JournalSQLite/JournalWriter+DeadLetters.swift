import GRDB
import Journal
import Synchronization

// The bounds of the dead letters: their size and their age.
extension JournalWriter {
    /// So many leave in one transaction because of their age.
    private static let expiryLimit = 1000
    private static let expiryPeriodMillis: Int64 = 60_000

    /// Removes dead letters that were kept long enough, and counts them as dropped.
    func expireDeadLetters() {
        let now = core.nowMillis()
        let retention = core.settings.deadLetterRetentionMillis
        let isDue = now >= nextExpiryMillis || nextExpiryMillis - now > Self.expiryPeriodMillis
        guard !hasFailed, !mustReplay, retention > 0, isDue else { return }
        nextExpiryMillis = now + Self.expiryPeriodMillis
        guard core.snapshot.withLock({ $0.deadLetters }) > 0 else { return }
        do {
            var removed = (letters: 0, bytes: Int64(0))
            try core.pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    removed = try DeadLetterTable(db)
                        .removeOldest(storedBefore: now - retention, limit: Self.expiryLimit)
                    return .commit
                }
            }
            guard removed.letters > 0 else { return }
            if removed.letters == Self.expiryLimit { nextExpiryMillis = now }
            noteFreedPages()
            log.wrote(byteCount: Int(removed.bytes))
            record(CommitEffect(deadLetterBytes: -removed.bytes, droppedDeadLetters: removed.letters), now)
            observer.measured()
        } catch {
            note(JournalError(error, operation: "remove old dead letters"))
            if isDamaged { _ = beginFreshFile() }
        }
    }

    /// Dead letters leave in the order of their age once they take more than they may, so that what cannot be delivered
    /// never crowds out what can. A tenth of the room is made at once, so that not every commit has to.
    func boundDeadLetters(_ db: Database, _ effect: inout CommitEffect) throws {
        let limit = min(core.settings.maxDeadLetterBytes, core.settings.maxBytes / 4)
        let excess = deadLetterBytes + effect.deadLetterBytes - limit
        guard excess > 0 else { return }
        let removed = try DeadLetterTable(db).removeOldest(bytes: excess + limit / 10)
        effect.droppedDeadLetters = removed.letters
        effect.deadLetterBytes -= removed.bytes
    }
}
