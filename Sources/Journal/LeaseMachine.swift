// Which blocks are leased, and which come next.
//
// The store orders the blocks of a destination in two lanes: fresh ones (due at once, by id) and postponed ones (by due
// time, then id). A cursor per lane marks what was handed out; so neither the backlog nor the leased blocks are read
// again. A block that stays in the store behind its lane's cursor after a settlement is remembered here instead.
//
// Invariants: a leased block is in no later selection until it is settled or given back; picks of a lane are always a
// prefix of its candidates; what is remembered here never exceeds what was leased. Nothing of this is stored: a new
// start frees all blocks.

/// The state behind leasing: pure, told by its driver what the store holds and what happened.
public struct LeaseMachine: Sendable {
    private var destinations: [DestinationState]
    private var leased: [Int64: LeasedRow] = [:]

    public init(destinationCount: Int) {
        destinations = Array(repeating: DestinationState(), count: destinationCount)
    }

    /// The number of blocks that are out.
    public var leasedCount: Int { leased.count }

    /// What is known of a leased block; nil when it is not leased.
    public func leasedRow(_ id: Int64) -> LeasedRow? { leased[id] }

    /// Where the driver continues to read the lanes of a destination.
    public func cursors(of destination: DestinationIndex) -> LaneCursors {
        destinations.indices.contains(destination) ? destinations[destination].cursors : LaneCursors()
    }

    /// Chooses what a request gets, oldest due first. Nothing is leased by it: see ``lease(_:to:)``.
    ///
    /// - Parameters:
    ///   - fresh: the next blocks behind the fresh cursor, by id; one more than the request can take, if there are.
    ///   - postponed: the next due blocks behind the postponed cursor, by due time and id; one more likewise.
    public func select(
        _ request: LeaseRequest, nowMillis: Int64, fresh: [LeaseCandidate], postponed: [LeaseCandidate]
    ) -> LeaseSelection {
        guard destinations.indices.contains(request.destination) else { return LeaseSelection() }
        let returned = destinations[request.destination].returned
        var lanes = [fresh[...], postponed[...], returned.filter { $0.dueMillis <= nowMillis }[...]]
        var selection = LeaseSelection()
        var events = 0
        while events < max(request.maxEvents, 1), let lane = Self.oldestLane(lanes) {
            let pick = lanes[lane].removeFirst()
            selection.picks.append(pick)
            events += pick.events
        }
        selection.moreIsDue = lanes.contains { !$0.isEmpty }
        selection.nextReturnedDueMillis = returned.map(\.dueMillis).filter { $0 > nowMillis }.min()
        return selection
    }

    /// Marks the first picks of a selection as leased.
    public mutating func lease(_ picks: some Sequence<LeaseCandidate>, to destination: DestinationIndex) {
        guard destinations.indices.contains(destination) else { return }
        for pick in picks {
            leased[pick.id] = LeasedRow(pick, destination: destination)
            destinations[destination].advance(past: pick)
        }
    }

    /// A leased block has left the store.
    public mutating func settle(_ id: Int64) {
        leased[id] = nil
    }

    /// A leased block stays in the store with these events, due at that time (0: at once).
    public mutating func giveBack(_ id: Int64, events: Int, dueMillis: Int64) {
        guard let row = leased.removeValue(forKey: id) else { return }
        let candidate = LeaseCandidate(
            id: id, storedMillis: row.storedMillis, dueMillis: dueMillis, events: events)
        destinations[row.destination].giveBack(candidate)
    }

    private static func oldestLane(_ lanes: [ArraySlice<LeaseCandidate>]) -> Int? {
        lanes.indices.filter { !lanes[$0].isEmpty }.min { left, right in
            guard let first = lanes[left].first, let second = lanes[right].first else { return false }
            return first.precedes(second)
        }
    }
}

/// One destination's cursors, and the blocks that were given back behind them, oldest first.
private struct DestinationState: Sendable {
    var cursors = LaneCursors()
    var returned: [LeaseCandidate] = []

    mutating func advance(past pick: LeaseCandidate) {
        if isBehindCursor(pick) {
            returned.removeAll { $0.id == pick.id }
        } else if pick.dueMillis == 0 {
            cursors.freshID = pick.id
        } else {
            cursors.postponed = DueKey(dueMillis: pick.dueMillis, id: pick.id)
        }
    }

    mutating func giveBack(_ candidate: LeaseCandidate) {
        guard isBehindCursor(candidate) else { return }
        let place = returned.firstIndex { candidate.precedes($0) } ?? returned.endIndex
        returned.insert(candidate, at: place)
    }

    private func isBehindCursor(_ candidate: LeaseCandidate) -> Bool {
        candidate.dueMillis == 0
            ? candidate.id <= cursors.freshID
            : DueKey(dueMillis: candidate.dueMillis, id: candidate.id) <= cursors.postponed
    }
}
