import GRDB
import Journal

/// What the store offers to a lease request.
struct LeaseLanes {
    var fresh: [LeaseCandidate]
    var young: [LeaseCandidate] = []
    /// Fresh blocks may stand where neither list has looked.
    var mayHoldMore = false
}

// The fresh lane and, where it begins with a backlog, the young one; see `LeaseMachine`.
extension JournalWriter {
    func freshLanes(_ request: LeaseRequest, maxEvents: Int, _ row: Int64, _ now: Int64, _ table: BlockTable) throws
        -> LeaseLanes
    {
        let destination = request.destination
        var lanes = LeaseLanes(fresh: try fresh(destination, maxEvents: maxEvents, row, table))
        while lanes.fresh.isEmpty, machine.passIsland(of: destination) {
            lanes.fresh = try fresh(destination, maxEvents: maxEvents, row, table)
        }
        let next = try machine.youngEnd(of: destination).flatMap { end in
            try table.fresh(destination: row, after: end, through: .max, maxEvents: 0).first
        }
        switch machine.youngLane(of: destination, head: lanes.fresh.first, next: next, nowMillis: now) {
        case .none: return lanes
        case .after: break
        case .search(let storedMillis):
            let start = max(
                machine.cursors(of: destination).freshID, machine.youngEnd(of: destination) ?? 0)
            let last = try table.lastFresh(destination: row, after: start, storedThrough: storedMillis)
            machine.beginYoungLane(of: destination, after: last ?? start)
            lanes.fresh = try fresh(destination, maxEvents: maxEvents, row, table)
        }
        guard let end = machine.youngEnd(of: destination) else { return lanes }
        lanes.young = try table.fresh(destination: row, after: end, through: .max, maxEvents: maxEvents)
        lanes.mayHoldMore = true
        return lanes
    }

    private func fresh(
        _ destination: DestinationIndex, maxEvents: Int, _ row: Int64, _ table: BlockTable
    ) throws -> [LeaseCandidate] {
        let cursors = machine.cursors(of: destination)
        return try table.fresh(
            destination: row, after: cursors.freshID, through: cursors.freshEndID, maxEvents: maxEvents)
    }
}

extension BlockTable {
    /// The last fresh block behind an id that was stored at a time or before; nil when there is none. Blocks are stored
    /// in the order of their ids, so a few looks are enough.
    func lastFresh(destination: Int64, after id: Int64, storedThrough millis: Int64) throws -> Int64? {
        var last: Int64?
        var low = id
        var high = try Int64.fetchOne(db.cachedStatement(sql: BlockQueries.lastFresh), arguments: [destination]) ?? id
        while low < high {
            let middle = low + (high - low - 1) / 2
            let found = try fresh(destination: destination, after: middle, through: .max, maxEvents: 0).first
            if let found, found.storedMillis <= millis {
                last = found.id
                low = found.id
            } else {
                high = middle
            }
        }
        return last
    }
}
