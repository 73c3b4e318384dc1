import GRDB
import Journal
import Synchronization

// Lease requests: the machine chooses among the blocks that the store offers, and only what could be read goes out.
extension JournalWriter {
    /// The most events that one request is answered with.
    private static let maxLeaseEvents = 100_000
    /// When delivery asks again after a passing fault.
    private static let retryMillis: Int64 = 1000

    /// Every request is answered, if only with nothing.
    func answer(_ request: LeaseRequest) {
        var lease = Lease(destination: request.destination, blocks: [], moreIsDue: false, nextDueMillis: nil)
        if let row = core.row(of: request.destination), !hasFailed {
            do {
                lease = try core.pool.writeWithoutTransaction { db in try choose(request, row, db) }
            } catch {
                note(JournalError(error, operation: "lease"))
                if isDamaged { _ = beginFreshFile() }
                if !hasFailed { lease.nextDueMillis = core.nowMillis() + Self.retryMillis }
            }
        }
        observer.leased(lease)
    }

    private func choose(_ request: LeaseRequest, _ row: Int64, _ db: Database) throws -> Lease {
        let table = BlockTable(db)
        let now = core.nowMillis()
        let maxEvents = min(max(request.maxEvents, 1), Self.maxLeaseEvents)
        let lanes = try freshLanes(request, maxEvents: maxEvents, row, now, table)
        let cursors = machine.cursors(of: request.destination)
        let selection = machine.select(
            LeaseRequest(destination: request.destination, maxEvents: maxEvents), nowMillis: now,
            fresh: lanes.fresh, young: lanes.young,
            postponed: try table.postponed(destination: row, after: cursors, nowMillis: now, maxEvents: maxEvents))
        let read = try read(selection.picks, table)
        let nextDue = try table.nextDueMillis(destination: row, after: cursors, nowMillis: now)
        machine.lease(read.picks, to: request.destination)
        moveAside(read.damaged, now, from: request.destination, db)
        return Lease(
            destination: request.destination, blocks: read.blocks,
            moreIsDue: selection.moreIsDue || lanes.mayHoldMore || read.picks.count < selection.picks.count,
            nextDueMillis: [nextDue, selection.nextReturnedDueMillis].compactMap { $0 }.min())
    }

    private struct ReadPicks {
        /// The picks that were read before the lease was large enough, the damaged ones among them.
        var picks: [LeaseCandidate] = []
        var blocks: [LeasedBlock] = []
        var damaged: [LeaseCandidate] = []
    }

    private func read(_ picks: [LeaseCandidate], _ table: BlockTable) throws -> ReadPicks {
        var read = ReadPicks()
        var byteCount = 0
        for var pick in picks where byteCount < core.settings.maxLeaseBytes {
            let stored = try table.read(pick.id)
            if let block = stored?.block {
                pick.byteCount = block.payload.count
                byteCount += block.payload.count
                read.blocks.append(
                    LeasedBlock(
                        id: pick.id, attempts: stored?.attempts ?? 0, storedMillis: pick.storedMillis, block: block))
            } else {
                read.damaged.append(pick)
            }
            read.picks.append(pick)
        }
        return read
    }
}
