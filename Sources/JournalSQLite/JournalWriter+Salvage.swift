import Foundation
import GRDB
import Journal
import RelayModel
import Synchronization

/// A file that is being looked through.
struct SalvageRun {
    var salvager: Salvager
    /// Events that stood in the file and were not found yet, by destination; nil when that was never known.
    var missing: [Int]?
    /// What was read and could not be stored yet.
    var waiting: SalvageChunk?
}

// A damaged file: set aside, a fresh one in its place, and what can be read of the old one queued again, beside the
// appends. How far that is stands in the fresh file, in the same transactions; so it goes on after a restart.
extension JournalWriter {
    /// More than so many in one process are no accident: the disk or the memory fails.
    private static let maxFreshFiles = 3
    /// Each lost event is counted; so many of a file are listed.
    private static let maxLostLetters = 1000

    /// - Returns: false when that is not possible; all writing has ended then.
    func beginFreshFile() -> Bool {
        isDamaged = false
        freshFiles += 1
        stopCheck()
        do {
            guard freshFiles <= Self.maxFreshFiles else { throw DatabaseError(resultCode: .SQLITE_IOERR) }
            let file = try core.replaceStore()
            startOver()
            try storeKeys()
            observer.faulted(
                "the journal's file was damaged and is set aside as \(file); what can be read is queued again",
                isFinal: false)
            beginSalvage(of: file, missing: core.snapshot.withLock { $0.queuedEvents })
            return true
        } catch {
            fail()
            let fault = JournalError(error, operation: "begin a fresh file")
            core.counters.withLock { $0.lastFault = fault }
            observer.faulted("\(fault)", isFinal: true)
            return false
        }
    }

    /// The leases, the log and the dead letters were the old file's.
    private func startOver() {
        machine = core.newLeaseMachine()
        unsettled = []
        log = LogMachine(copyFrames: core.bounds.copyFrames, limitFrames: core.bounds.limitFrames)
        deadLetterBytes = 0
        mustReplay = false
        hasFreedPages = false
        logHoldsDeleted = false
        core.snapshot.withLock { snapshot in
            snapshot.deadLetters = 0
            snapshot.filesSetAside = core.directory.filesSetAside.count
        }
    }

    /// The keys of a fresh file, once.
    func storeAllKeys() {
        do { try storeKeys() } catch { note(JournalError(error, operation: "store the keys of repeats")) }
    }

    private func storeKeys() throws {
        try core.pool.write { db in
            for slice in repeats.storedSlices { try RepeatTable(db).put(slice) }
        }
        deletedBelow = repeats.firstSliceID
        log.wrote(byteCount: repeats.count * 8)
    }

    // MARK: The check after an unclean end

    func startCheck() {
        check = IntegrityCheck(
            path: core.directory.databasePath, after: core.settings.checkDelay,
            onDamage: { [mailbox = core.mailbox] in mailbox.post(.damaged) })
    }

    private func stopCheck() {
        check?.stop()
        check = nil
    }

    // MARK: What is found

    func take(_ notice: JournalNotice) {
        guard !hasFailed else { return }
        switch notice {
        case .damaged: if check != nil { _ = beginFreshFile() }
        case .salvaged(let chunk): if chunk.file == salvage?.salvager.file { salvage?.waiting = chunk }
        }
    }

    /// Files that an earlier process did not come to the end of.
    func findUnsalvaged() {
        let ended = try? core.pool.read { db in
            try String.fetchSet(db, sql: "SELECT file FROM salvages WHERE is_ended")
        }
        salvageQueue = core.directory.filesSetAside.filter { !(ended ?? []).contains($0) }
    }

    private func beginSalvage(of file: String, missing: [Int]?) {
        // A file whose own salvage a second damage has interrupted is looked through again from its beginning: the
        // place stood in the file that is set aside now, with all that was found.
        if let running = salvage {
            running.salvager.stop()
            salvageQueue.append(running.salvager.file)
        }
        let place = try? core.pool.read { db in try SalvageTable(db).place(of: file) }
        let salvager = Salvager(directory: core.directory.path, file: file, mailbox: core.mailbox)
        salvage = SalvageRun(salvager: salvager, missing: missing)
        salvager.start(after: place ?? SalvagePlace())
    }

    /// Stores what was read, as far as there is room for it.
    func continueSalvage() {
        guard !hasFailed else { return }
        if salvage == nil, !salvageQueue.isEmpty { beginSalvage(of: salvageQueue.removeFirst(), missing: nil) }
        guard let chunk = salvage?.waiting, refusal(of: [Self.append(standingFor: chunk)]) == nil else { return }
        do {
            let effect = try store(chunk)
            record(effect.commit, core.nowMillis())
            nextBlockID += Int64(chunk.blocks.count)
            finish(chunk, effect)
        } catch {
            note(JournalError(error, operation: "store what was salvaged"))
            if isDamaged { _ = beginFreshFile() }
        }
    }

    private static func append(standingFor chunk: SalvageChunk) -> JournalAppend {
        var block = EventBlock()
        let bytes = chunk.blocks.reduce(0) { $0 + $1.payload.count } + chunk.letters.reduce(0) { $0 + $1.json.count }
        block.append(nameCode: 0, eventTime: 0, json: [UInt8](repeating: 0, count: bytes))
        return JournalAppend(
            ticket: AppendTicket(loop: 0, request: 0), blocks: [DestinationBlock(destination: 0, block: block)],
            deadLetters: [])
    }

    private struct SalvageEffect {
        var commit = CommitEffect()
        var queuedAgain: [DestinationIndex: Int] = [:]
        var lost: [DestinationIndex: Int] = [:]
    }

    private func store(_ chunk: SalvageChunk) throws -> SalvageEffect {
        guard let run = salvage else { return SalvageEffect() }
        var effect = SalvageEffect()
        let now = core.nowMillis()
        try core.pool.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                let table = SalvageTable(db)
                for (offset, block) in chunk.blocks.enumerated() {
                    let id = nextBlockID + Int64(offset)
                    guard let row = try row(of: block.destinationRow, chunk, table), block.isWhole else {
                        try table.keepDamaged(block, id: id, foundMillis: now)
                        continue
                    }
                    try table.insert(block, id: id, destination: row)
                    log.wrote(byteCount: block.payload.count)
                    if let index = core.destinationRows.firstIndex(of: row) {
                        effect.queuedAgain[index, default: 0] += block.events
                    }
                }
                for letter in chunk.letters {
                    let row = try letter.destination.flatMap { Int64($0) }.flatMap {
                        try self.row(of: $0, chunk, table)
                    }
                    try table.insert(letter, destination: row)
                    effect.commit.deadLetters += 1
                    effect.commit.deadLetterBytes += Int64(letter.json.count + DeadLetterTable.headByteCount)
                }
                if chunk.isLast, let missing = run.missing {
                    try buryLost(missing, run.salvager.file, effect.queuedAgain, db, &effect)
                }
                try table.put(run.salvager.file, chunk.place, isEnded: chunk.isLast)
                return .commit
            }
        }
        // Events of a file that was in use when its damage was found are in the count already.
        if run.missing == nil { effect.commit.stored = effect.queuedAgain }
        for (index, count) in effect.lost { effect.commit.queueChange[index] = -count }
        return effect
    }

    private func buryLost(
        _ missing: [Int], _ file: String, _ found: [DestinationIndex: Int], _ db: Database,
        _ effect: inout SalvageEffect
    ) throws {
        var listed = 0
        for (index, count) in missing.enumerated() where count > found[index, default: 0] {
            let lost = count - found[index, default: 0]
            effect.lost[index] = lost
            let letter = DeadLetter(
                destination: index, source: "", eventName: "", eventID: "", eventTime: 0, reason: .damaged,
                message: "lost in \(file)", attempts: 0, json: [])
            let letters = Array(repeating: letter, count: min(lost, Self.maxLostLetters - listed))
            listed += letters.count
            try insert(letters, core.nowMillis(), db, &effect.commit)
        }
    }

    /// The row here of a destination there: by its name; where no name can be read, by its number in a file that was in
    /// use, or as the only one.
    private func row(of row: Int64, _ chunk: SalvageChunk, _ table: SalvageTable) throws -> Int64? {
        if let name = chunk.names[row] { return try table.row(of: name) }
        if salvage?.missing != nil, core.destinationRows.contains(row) { return row }
        return core.destinationRows.count == 1 ? core.destinationRows[0] : nil
    }

    private func finish(_ chunk: SalvageChunk, _ effect: SalvageEffect) {
        guard let run = salvage else { return }
        var progress = SalvageProgress(file: run.salvager.file)
        progress.queuedAgain = effect.queuedAgain.values.reduce(0, +)
        progress.newlyFound = run.missing == nil ? progress.queuedAgain : 0
        progress.lost = effect.lost
        progress.isEnded = chunk.isLast
        for (index, count) in effect.queuedAgain { salvage?.missing?[index] -= count }
        salvage?.waiting = nil
        if chunk.isLast { salvage = nil }
        run.salvager.taken()
        observer.salvaged(progress)
        if !effect.queuedAgain.isEmpty { observer.ready(effect.queuedAgain.keys.sorted()) }
    }
}

extension SalvagedBlock {
    /// Whether the payload is what the row says.
    var isWhole: Bool { EventBlock(payload: payload, eventCount: events) != nil }
}
