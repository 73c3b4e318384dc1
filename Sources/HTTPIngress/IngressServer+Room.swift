import Reactor

// Who goes when there are too many connections, or when their unfinished requests take up too much.
extension IngressServer {
    /// Over `maxConnections`; if all are busy, the newcomer goes.
    func makeRoom(for newcomer: IngressConnection) {
        if evict(atMost: max(1, limits.maxConnections / 64)) { return }
        counters.connectionRefused()
        newcomer.cut()
    }

    /// - Returns: false if there is none to evict.
    private func evict(atMost count: Int) -> Bool {
        guard !nothingToEvict else { return false }
        let now = LoopInstant.now()
        let candidates = connections.values.compactMap { connection in
            connection.notice(at: now)
            return EvictionCandidate(connection, limits, at: now)
        }
        nothingToEvict = candidates.count <= count
        for candidate in candidates.sorted(by: <).prefix(count) {
            candidate.connection.cut()
            counters.connectionEvicted()
        }
        return !candidates.isEmpty
    }

    /// Over `heldByteCap`. Cuts until an eighth of it is free, so that a flood does not make each read look through all
    /// connections. By bytes and time, a large body that comes swiftly outlasts a small one that stands still. Cutting a
    /// connection whose request is with the handler would free nothing.
    func makeRoomForInput() {
        let now = LoopInstant.now()
        let cost = { (connection: IngressConnection) in
            // One tick more, for what came within the clock's last tick.
            (now.since(connection.phaseStart) + .milliseconds(1)) * connection.heldByteCount
        }
        let holders = connections.values.filter { $0.heldByteCount > 0 && !$0.isCut && $0.phase != .answering }
        for holder in holders.sorted(by: { cost($0) > cost($1) }) {
            guard heldByteCount > heldByteCap - heldByteCap / 8 else { return }
            holder.cut()
            counters.connectionEvicted()
        }
    }
}

/// A connection that may go, and its place among them.
private struct EvictionCandidate: Comparable {
    /// In the order in which they go.
    private enum Rank: Int {
        /// Has had `firstRequestGrace`, and never sent a whole request.
        case neverFinished
        /// Has sent nothing yet.
        case neverBegan
        /// Rests between requests: a client that has been good.
        case idle
        /// Was good, and has not got through the headers of its next request.
        case inHead
    }

    let connection: IngressConnection
    private let rank: Rank
    private let since: LoopInstant

    /// Nil for a busy connection, and one accepted or used just now, whose request may be under way.
    init?(_ connection: IngressConnection, _ limits: IngressLimits, at now: LoopInstant) {
        guard !connection.isCut, now.since(connection.phaseStart) >= limits.sweepPeriod else { return nil }
        let isNew = connection.requestCount == 0
        if isNew, now.since(connection.acceptedAt) >= limits.firstRequestGrace {
            rank = .neverFinished
        } else if connection.phase == .idle {
            rank = isNew ? .neverBegan : .idle
        } else if connection.isWithoutRequest {
            rank = .inHead
        } else {
            return nil
        }
        self.connection = connection
        since = rank == .neverFinished ? connection.acceptedAt : connection.phaseStart
    }

    static func < (one: Self, other: Self) -> Bool {
        one.rank == other.rank ? one.since < other.since : one.rank.rawValue < other.rank.rawValue
    }

    static func == (one: Self, other: Self) -> Bool { one.rank == other.rank && one.since == other.since }
}
