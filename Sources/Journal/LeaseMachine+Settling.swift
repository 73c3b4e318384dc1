/// What a settlement does to its block in the store.
public enum BlockChange: Sendable {
    case remove
    /// The whole block stays, for a later attempt.
    case postpone(attempts: Int, dueMillis: Int64)
    /// A part of the block stays.
    case rewrite(EventBlock, attempts: Int, dueMillis: Int64)
}

extension LeaseMachine {
    /// Those settlements that settle a leased block: unknown blocks, wrong destinations and repetitions fall out.
    public func admit(_ settlements: [Settlement]) -> [Settlement] {
        var seen: Set<Int64> = []
        return settlements.filter { settlement in
            guard let row = leasedRow(settlement.blockID) else { return false }
            return row.destination == settlement.destination && seen.insert(settlement.blockID).inserted
        }
    }

    /// What an admitted settlement does to the store.
    public func change(for settlement: Settlement) -> BlockChange {
        guard let remaining = settlement.remaining, !remaining.block.isEmpty else { return .remove }
        let dueMillis = max(remaining.dueMillis, 0)
        if remaining.block.eventCount == leasedRow(settlement.blockID)?.events {
            return .postpone(attempts: remaining.attempts, dueMillis: dueMillis)
        }
        return .rewrite(remaining.block, attempts: remaining.attempts, dueMillis: dueMillis)
    }

    /// How many events the queue holds more after an admitted settlement: zero or negative.
    public func queueChange(of settlement: Settlement) -> Int {
        let before = leasedRow(settlement.blockID)?.events ?? 0
        return (settlement.remaining?.block.eventCount ?? 0) - before
    }

    /// An admitted settlement is committed.
    public mutating func apply(_ settlement: Settlement) {
        if let remaining = settlement.remaining, !remaining.block.isEmpty {
            let dueMillis = max(remaining.dueMillis, 0)
            giveBack(settlement.blockID, events: remaining.block.eventCount, dueMillis: dueMillis)
        } else {
            settle(settlement.blockID)
        }
    }
}
