import GRDB
import Journal

// The bound of the dead letters.
extension JournalWriter {
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
