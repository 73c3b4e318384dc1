// Which blocks are leased, and which come next.
//
// The store orders the blocks of a destination in two lanes: fresh ones (due at once, by id) and postponed ones (by due
// time, then id). A cursor per lane marks what was handed out; so neither the backlog nor the leased blocks are read
// again. A block that stays in the store behind its lane's cursor after a settlement is remembered here instead.
//
// An event that reaches the upstream an hour after its time counts as offline there. So blocks that were stored lately
// go before a backlog, which gets every fourth event. Where the fresh lane begins with a backlog, young blocks are
// handed out from a place further on; such a stretch is an `Island`, and the backlog's cursor jumps over it later.
//
// Invariants: a leased block is in no later selection until it is settled or given back; picks of a lane are always a
// prefix of its candidates; what is remembered here never exceeds what was leased, and at most 1024
// islands. Nothing of this is stored: a new start frees all blocks.

/// The state behind leasing: pure, told by its driver what the store holds and what happened.
public struct LeaseMachine: Sendable {
    var destinations: [DestinationState]
    private var leased: [Int64: LeasedRow] = [:]
    /// How long after its storing a block is young; 0 hands out the oldest first.
    public let youngMillis: Int64

    public init(destinationCount: Int, youngMillis: Int64 = 0) {
        destinations = Array(repeating: DestinationState(), count: destinationCount)
        self.youngMillis = youngMillis
    }

    /// The number of blocks that are out.
    public var leasedCount: Int { leased.count }

    /// What is known of a leased block; nil when it is not leased.
    public func leasedRow(_ id: Int64) -> LeasedRow? { leased[id] }

    /// Where the driver continues to read the lanes of a destination.
    public func cursors(of destination: DestinationIndex) -> LaneCursors {
        destinations.indices.contains(destination) ? destinations[destination].cursors : LaneCursors()
    }

    /// Chooses what a request gets: of the young and of the old blocks by their shares, among each the oldest due
    /// first. Nothing is leased by it: see ``lease(_:to:)``.
    ///
    /// - Parameters:
    ///   - fresh: the next blocks behind the fresh cursor, by id; one more than the request can take, if there are.
    ///   - young: the next blocks of the young lane (``YoungLane``) likewise, where there is one.
    ///   - postponed: the next due blocks behind the postponed cursor, by due time and id; one more likewise.
    public func select(
        _ request: LeaseRequest, nowMillis: Int64, fresh: [LeaseCandidate], young: [LeaseCandidate] = [],
        postponed: [LeaseCandidate]
    ) -> LeaseSelection {
        guard destinations.indices.contains(request.destination) else { return LeaseSelection() }
        let returned = destinations[request.destination].returned
        var lanes = [fresh[...], young[...], postponed[...], returned.filter { $0.dueMillis <= nowMillis }[...]]
        var selection = LeaseSelection()
        var share = destinations[request.destination].share
        var events = 0
        while events < max(request.maxEvents, 1), let lane = nextLane(lanes, share, nowMillis) {
            var pick = lanes[lane].removeFirst()
            pick.isYoung = isYoung(pick, nowMillis)
            share.count(pick)
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
            destinations[destination].share.count(pick)
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

    /// The lane whose first block comes next.
    private func nextLane(_ lanes: [ArraySlice<LeaseCandidate>], _ share: LeaseShare, _ nowMillis: Int64) -> Int? {
        var young: Int?
        var old: Int?
        for lane in lanes.indices {
            guard let head = lanes[lane].first else { continue }
            if isYoung(head, nowMillis) {
                if let best = young, let first = lanes[best].first, first.precedes(head) { continue }
                young = lane
            } else {
                if let best = old, let first = lanes[best].first, first.precedes(head) { continue }
                old = lane
            }
        }
        return share.owesOld ? old ?? young : young ?? old
    }

    /// Without an age there is but one side.
    func isYoung(_ block: LeaseCandidate, _ nowMillis: Int64) -> Bool {
        youngMillis > 0 && block.storedMillis > nowMillis - youngMillis
    }
}
