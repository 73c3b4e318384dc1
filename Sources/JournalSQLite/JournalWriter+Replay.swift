import GRDB
package import Journal
import RelayModel
import Synchronization

/// A ``ReplayOrder`` with whom to tell of its end, on the journal's thread.
package struct ReplayRequest: Sendable {
    package let order: ReplayOrder
    package let whenDone: @Sendable (Result<ReplayResult, JournalError>) -> Void
}

// Dead letters that are sent again: they leave their table and enter the queue in one transaction, so that an event is at
// every moment in exactly one place, however the process ends.
extension JournalWriter {
    /// So many letters, and about so many bytes, move in one transaction.
    private static let maxReplayLetters = 1000
    private static let maxReplayBytes = 8 << 20
    /// So many are looked at: senders wait for their answers meanwhile.
    private static let maxReplayLooks = 10_000
    private static let noRoom = JournalError.store(
        operation: "replay dead letters", code: ResultCode.SQLITE_FULL.rawValue)

    func replay(_ request: ReplayRequest) {
        guard !hasFailed else {
            let fault = core.counters.withLock { $0.lastFault }
            return request.whenDone(.failure(fault ?? .store(operation: "replay", code: 0)))
        }
        do {
            request.whenDone(.success(try replay(request.order)))
        } catch {
            let fault = JournalError(error, operation: "replay dead letters")
            if fault != Self.noRoom { note(fault) }
            if isDamaged { _ = beginFreshFile() }
            request.whenDone(.failure(fault))
        }
    }

    private func replay(_ order: ReplayOrder) throws -> ReplayResult {
        var plan = try core.pool.read { db in try planned(order, DeadLetterTable(db)) }
        let rows = plan.packer.rows
        guard !order.isDryRun, !rows.isEmpty else { return plan.result }
        // A journal that is full has room for what it holds already; a disk that is full has none for the moving.
        let refusal = refusal(of: [
            JournalAppend(ticket: AppendTicket(loop: 0, request: 0), blocks: rows, deadLetters: [])
        ])
        guard refusal == nil || refusal == .full else { throw Self.noRoom }
        let now = core.nowMillis()
        try core.pool.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                try move(plan, now, db)
                try core.settings._testFaults.beforeCommit(db)
                return .commit
            }
        }
        nextBlockID += Int64(rows.count)
        noteFreedPages()
        plan.effect.rowsWritten = rows.count
        record(plan.effect, now)
        observer.replayed(plan.result.replayed)
        observer.ready(plan.result.replayed.keys.sorted())
        return plan.result
    }

    private func move(_ plan: ReplayPlan, _ now: Int64, _ db: Database) throws {
        for (offset, row) in plan.packer.rows.enumerated() {
            guard let destination = core.row(of: row.destination) else { continue }
            let id = nextBlockID + Int64(offset)
            try BlockTable(db).insert(row.block, id: id, destination: destination, storedMillis: now)
            log.wrote(byteCount: 2 * row.block.payload.count)
        }
        for id in plan.moved { try DeadLetterTable(db).delete(id) }
    }

    private struct ReplayPlan {
        var result = ReplayResult()
        var packer = BlockPacker()
        var moved: [Int64] = []
        var effect = CommitEffect()
    }

    private func planned(_ order: ReplayOrder, _ table: DeadLetterTable) throws -> ReplayPlan {
        var plan = ReplayPlan()
        plan.result.throughID = try order.throughID ?? table.lastID()
        let limit = min(max(order.limit, 1), Self.maxReplayLetters)
        let (first, last) = (order.afterID, plan.result.throughID)
        let end = order.filter.id == nil ? try table.id(of: Self.maxReplayLooks, above: first, through: last) : nil
        let letters = try table.find(order.filter, .oldestFirst(above: first, through: end ?? last), limit: limit)
        var bytes = 0
        for letter in letters {
            guard bytes < Self.maxReplayBytes else { return plan }
            bytes += letter.json.count
            add(letter, order, to: &plan)
            plan.result.nextAfterID = letter.id
        }
        if letters.count < limit { plan.result.nextAfterID = end }
        return plan
    }

    private func add(_ letter: StoredDeadLetter, _ order: ReplayOrder, to plan: inout ReplayPlan) {
        let destination = letter.destination.flatMap { core.index(ofDestination: $0) }
        let refusal = ReplayRefusal(
            reason: letter.reason, eventTime: letter.eventTime, hasEvent: !letter.json.isEmpty,
            isKnownDestination: destination != nil, oldestEventTime: order.oldestEventTime)
        guard refusal == nil, let destination else {
            plan.result.refused[refusal ?? .unknownDestination, default: 0] += 1
            return
        }
        var block = EventBlock()
        let name = StandardEvent.allCases.first { $0.apiName.description == letter.eventName }
        block.append(
            nameCode: name?.rawValue ?? EventBlock.advertiserDefinedCode, eventTime: letter.eventTime,
            json: letter.json)
        plan.packer.add(block, to: destination)
        plan.moved.append(letter.id)
        plan.result.replayed[destination, default: 0] += 1
        plan.effect.stored[destination, default: 0] += 1
        plan.effect.deadLetters -= 1
        plan.effect.deadLetterBytes -= Int64(DeadLetterTable.headByteCount + letter.json.count)
    }
}
