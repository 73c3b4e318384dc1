import GRDB
import Journal
import RelayModel
import Synchronization

/// What a committed transaction changed, for the snapshot.
struct CommitEffect {
    var rowsWritten = 0
    var deadLetters = 0
    var deadLetterBytes: Int64 = 0
    var droppedDeadLetters = 0
    /// Events that came and went, by destination.
    var stored: [DestinationIndex: Int] = [:]
    var queueChange: [DestinationIndex: Int] = [:]
    /// The age of the queue where blocks have left it.
    var oldestStoredMillis: [DestinationIndex: Int64?] = [:]
    /// Events that were not stored, since the store has them, by source.
    var repeats: [Int: Int] = [:]
    /// Which they were, for the appends that ask.
    var listedRepeats: [AppendTicket: [Int]] = [:]
}

extension JournalWriter {
    /// Commits all of a group at once; where that fails, its settlements alone, since those free space.
    func commit(_ group: WriterMailbox.Group) {
        let settlements = admitted(group.settlements)
        let refusal = refusal(of: group.appends)
        let appends = refusal == nil ? group.appends : []
        if refusal != nil { turnAway(group.appends) }
        if appends.isEmpty && settlements.isEmpty { return }
        if attempt(appends, settlements) { return }
        if isDamaged { return commitAnew(appends) }
        refuse(appends, hasFailed ? .failed : .disk)
        if hasFailed || settlements.isEmpty { return }
        if appends.isEmpty || !attempt([], settlements) { unsettled = settlements }
    }

    /// The file is damaged: the appends go into a fresh one. What was leased stands in the old one, and is looked for
    /// there; so its settlements are void.
    private func commitAnew(_ appends: [JournalAppend]) {
        guard beginFreshFile(), !appends.isEmpty else { return refuse(appends, .failed) }
        if !attempt(appends, []) { refuse(appends, hasFailed ? .failed : .disk) }
    }

    private func admitted(_ settlements: [Settlement]) -> [Settlement] {
        guard !hasFailed else { return [] }
        let admitted = machine.admit(unsettled + settlements)
        let ignored = unsettled.count + settlements.count - admitted.count
        if ignored > 0 { core.counters.withLock { $0.settlementsIgnored += ignored } }
        unsettled = []
        return admitted
    }

    /// - Returns: false when nothing was changed, for a fault that is noted.
    private func attempt(_ appends: [JournalAppend], _ settlements: [Settlement]) -> Bool {
        let now = core.nowMillis()
        let admitted = admit(appends, now)
        let start = ContinuousClock.now
        do {
            let effect = try write(admitted, settlements, now)
            observer.committed(micros: Int64((ContinuousClock.now - start) / .microseconds(1)))
            nextBlockID += Int64(admitted.rows.count)
            deletedBelow = repeats.firstSliceID
            if effect.droppedDeadLetters > 0 { noteFreedPages() }
            record(effect, now)
            report(appends, settlements, effect)
            return true
        } catch {
            repeats.revert(to: admitted.mark)
            let fault = JournalError(error, operation: "commit")
            note(fault)
            if fault.isFull { makeRoom() }
            return false
        }
    }

    private func write(
        _ admitted: AdmittedAppends, _ settlements: [Settlement], _ now: Int64
    ) throws -> CommitEffect {
        var effect = CommitEffect(repeats: admitted.repeats, listedRepeats: admitted.listed)
        if !settlements.isEmpty { CrashPoint.beforeDelete.pass() }
        CrashPoint.beforeWrite.pass()
        let diesUnsynced = CrashPoint.beforeSync.isReached
        try core.pool.writeWithoutTransaction { db in
            if diesUnsynced { try db.execute(sql: "PRAGMA synchronous = OFF") }
            try db.inTransaction(.immediate) {
                try insert(admitted.rows, now, db, &effect)
                try insert(admitted.deadLetters, now, db, &effect)
                try storeKeys(since: admitted.mark, db)
                try settle(settlements, now, db, &effect)
                try boundDeadLetters(db, &effect)
                try core.settings._testFaults.beforeCommit(db)
                return .commit
            }
        }
        if diesUnsynced { CrashPoint.die() }
        CrashPoint.beforeAnswer.pass()
        return effect
    }

    private func insert(
        _ rows: [DestinationBlock], _ now: Int64, _ db: Database, _ effect: inout CommitEffect
    ) throws {
        let table = BlockTable(db)
        for (offset, row) in rows.enumerated() {
            guard let destination = core.row(of: row.destination) else { continue }
            let id = nextBlockID + Int64(offset)
            try table.insert(row.block, id: id, destination: destination, storedMillis: now)
            effect.stored[row.destination, default: 0] += row.block.eventCount
            log.wrote(byteCount: row.block.payload.count)
        }
        effect.rowsWritten = rows.count
    }

    func insert(
        _ deadLetters: [DeadLetter], _ now: Int64, _ db: Database, _ effect: inout CommitEffect
    ) throws {
        let table = DeadLetterTable(db)
        for letter in deadLetters {
            try table.insert(letter, destination: core.row(of: letter.destination), storedMillis: now)
            log.wrote(byteCount: letter.json.count)
            effect.deadLetterBytes += DeadLetterTable.byteCount(of: letter)
        }
        effect.deadLetters += deadLetters.count
    }

    private func settle(
        _ settlements: [Settlement], _ now: Int64, _ db: Database, _ effect: inout CommitEffect
    ) throws {
        let table = BlockTable(db)
        for settlement in settlements {
            try change(settlement, table)
            try insert(settlement.deadLetters, now, db, &effect)
            effect.queueChange[settlement.destination, default: 0] += machine.queueChange(of: settlement)
        }
        for destination in effect.queueChange.keys {
            guard let row = core.row(of: destination) else { continue }
            effect.oldestStoredMillis.updateValue(try table.oldestStoredMillis(destination: row), forKey: destination)
        }
    }

    private func change(_ settlement: Settlement, _ table: BlockTable) throws {
        // Deleted bytes are overwritten (`secure_delete`), so they pass through the log as well.
        let leasedBytes = machine.leasedRow(settlement.blockID)?.byteCount ?? 0
        switch machine.change(for: settlement) {
        case .remove:
            try table.delete(settlement.blockID)
            log.wrote(byteCount: leasedBytes)
            noteFreedPages()
        case .postpone(let attempts, let dueMillis):
            try table.postpone(settlement.blockID, attempts: attempts, dueMillis: dueMillis)
            log.wrote(byteCount: 0)
        case .rewrite(let block, let attempts, let dueMillis):
            try table.rewrite(settlement.blockID, block: block, attempts: attempts, dueMillis: dueMillis)
            log.wrote(byteCount: leasedBytes + block.payload.count)
        }
    }
}
