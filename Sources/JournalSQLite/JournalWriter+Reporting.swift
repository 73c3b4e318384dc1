import Journal
import Synchronization

// What the journal says after a commit, in a fixed order: the snapshot, the counts of repeats, the tickets, the settlements,
// the new work.
extension JournalWriter {
    /// The snapshot changes before anyone is told, so that whoever is told finds the new numbers.
    func record(_ effect: CommitEffect, _ now: Int64) {
        core.snapshot.withLock { snapshot in
            for (destination, events) in effect.stored {
                snapshot.queuedEvents[destination] += events
                snapshot.oldestStoredMillis[destination] = min(snapshot.oldestStoredMillis[destination] ?? now, now)
            }
            for (destination, change) in effect.queueChange { snapshot.queuedEvents[destination] += change }
            for (destination, oldest) in effect.oldestStoredMillis { snapshot.oldestStoredMillis[destination] = oldest }
            snapshot.deadLetters += effect.deadLetters - effect.droppedDeadLetters
            snapshot.droppedDeadLetters += effect.droppedDeadLetters
            snapshot.repeatKeys = repeats.count
            snapshot.repeatKeysForgotten = repeats.forgottenEarly
        }
        deadLetterBytes += effect.deadLetterBytes
        core.counters.withLock { counters in
            counters.commits += 1
            counters.rowsWritten += effect.rowsWritten
            counters.eventsStored += effect.stored.values.reduce(0, +)
        }
    }

    func report(_ appends: [JournalAppend], _ settlements: [Settlement], _ effect: CommitEffect) {
        settlements.forEach { machine.apply($0) }
        if !effect.repeats.isEmpty { observer.repeated(effect.repeats) }
        if !appends.isEmpty { observer.appended(appends.map(\.ticket), .stored, repeats: effect.listedRepeats) }
        if !settlements.isEmpty { observer.settled(settlements) }
        let remaining = settlements.filter { !($0.remaining?.block.isEmpty ?? true) }.map(\.destination)
        let ready = Set(effect.stored.keys).union(remaining)
        if !ready.isEmpty { observer.ready(ready.sorted()) }
    }

    func refuse(_ appends: [JournalAppend], _ refusal: JournalRefusal) {
        if appends.isEmpty { return }
        startRefusing(refusal)
        answerRefused(appends)
    }

    /// Refuses appends that do not fit. What is too large for the room that is left says nothing of the next event.
    func turnAway(_ appends: [JournalAppend]) {
        if let refusal = refusal(of: [Self.smallAppend]) { startRefusing(refusal) }
        answerRefused(appends)
    }

    private func answerRefused(_ appends: [JournalAppend]) {
        core.counters.withLock { $0.appendsRefused += appends.count }
        observer.appended(appends.map(\.ticket), .refused, repeats: [:])
    }
}
