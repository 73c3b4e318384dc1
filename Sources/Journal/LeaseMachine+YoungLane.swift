// The young lane: blocks that were stored lately, while the fresh lane begins with a backlog.

/// What of the fresh lane stands where, for the driver that reads it.
public enum YoungLane: Sendable, Equatable {
    /// The fresh lane is read from its cursor; there is no other.
    case none
    /// The young lane goes on behind this id.
    case after(Int64)
    /// The young lane is to begin anew: the driver looks for the last block that was stored at this time or before,
    /// and tells by ``LeaseMachine/beginYoungLane(of:after:)``.
    case search(storedMillis: Int64)
}

extension LeaseMachine {
    /// More stretches than these are never begun: a machine that falls behind all the time hands on what it can.
    static let maxIslands = 1024

    /// Where the young lane of a destination is.
    /// - Parameters:
    ///   - head: the first block behind the fresh cursor; nil when there is none.
    ///   - next: the first block behind the young lane's last (``youngEnd(of:)``); nil when there is none.
    public func youngLane(
        of destination: DestinationIndex, head: LeaseCandidate?, next: LeaseCandidate?, nowMillis: Int64
    ) -> YoungLane {
        guard youngMillis > 0, destinations.indices.contains(destination), let head, !isYoung(head, nowMillis) else {
            return .none
        }
        // A quarter of the age is left, so that the lane does not fall behind at once.
        let search = YoungLane.search(storedMillis: nowMillis - youngMillis / 4 * 3)
        guard let end = youngEnd(of: destination) else { return search }
        guard let next, !isYoung(next, nowMillis), destinations[destination].islands.count < Self.maxIslands else {
            return .after(end)
        }
        // It has fallen behind: what it did not reach is backlog now.
        return search
    }

    /// The last block of the young lane; nil when there is none.
    public func youngEnd(of destination: DestinationIndex) -> Int64? {
        destinations.indices.contains(destination) ? destinations[destination].islands.last?.end : nil
    }

    /// What follows this id is handed out before what stands between it and the fresh cursor.
    public mutating func beginYoungLane(of destination: DestinationIndex, after id: Int64) {
        guard destinations.indices.contains(destination), id >= destinations[destination].cursors.freshID,
            id >= destinations[destination].islands.last?.end ?? 0
        else { return }
        if let last = destinations[destination].islands.last, last.start == last.end {
            destinations[destination].islands.removeLast()
        }
        destinations[destination].islands.append(Island(start: id, end: id))
        destinations[destination].boundFreshLane()
    }

    /// All fresh blocks before the first island were handed out: the fresh lane goes on behind it.
    /// - Returns: false when there is no island.
    public mutating func passIsland(of destination: DestinationIndex) -> Bool {
        guard destinations.indices.contains(destination), let island = destinations[destination].islands.first else {
            return false
        }
        destinations[destination].islands.removeFirst()
        destinations[destination].cursors.freshID = max(destinations[destination].cursors.freshID, island.end)
        destinations[destination].boundFreshLane()
        return true
    }
}

/// Fresh blocks that were handed out before their turn: those behind `start`, up to `end`.
struct Island: Sendable, Equatable {
    var start: Int64
    var end: Int64
}

/// Keeps the shares of young and old events: three to one while there are both.
struct LeaseShare: Sendable {
    private static let youngPart = 3
    /// What one side can be owed, in young events: a lull of one side must not stop the other for long.
    private static let limit = 4000
    private var balance = 0

    /// The old side comes next.
    var owesOld: Bool { balance > 0 }

    mutating func count(_ pick: LeaseCandidate) {
        let change = pick.isYoung ? pick.events : -Self.youngPart * pick.events
        balance = min(max(balance + change, -Self.limit), Self.limit)
    }
}

/// One destination's cursors, and the blocks that were given back behind them, oldest first.
struct DestinationState: Sendable {
    var cursors = LaneCursors()
    var returned: [LeaseCandidate] = []
    /// Ahead of the fresh cursor, by id.
    var islands: [Island] = []
    var share = LeaseShare()

    mutating func boundFreshLane() { cursors.freshEndID = islands.first?.start ?? .max }

    mutating func advance(past pick: LeaseCandidate) {
        if isBehindCursor(pick) {
            returned.removeAll { $0.id == pick.id }
        } else if pick.dueMillis == 0 {
            if let last = islands.indices.last, pick.id > islands[last].start {
                islands[last].end = pick.id
            } else {
                cursors.freshID = pick.id
            }
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
        guard candidate.dueMillis == 0 else {
            return DueKey(dueMillis: candidate.dueMillis, id: candidate.id) <= cursors.postponed
        }
        return candidate.id <= cursors.freshID || islands.contains { $0.start < candidate.id && candidate.id <= $0.end }
    }
}
