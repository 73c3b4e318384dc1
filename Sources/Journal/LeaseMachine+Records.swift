/// A block as the lease order sees it: no payload.
public struct LeaseCandidate: Sendable, Equatable {
    public var id: Int64
    /// When its events were stored, milliseconds since 1970.
    public var storedMillis: Int64
    /// When it may be leased again, milliseconds since 1970; 0 for a fresh block.
    public var dueMillis: Int64
    public var events: Int
    /// The payload's size, once it has been read; a driver's own affair.
    public var byteCount = 0
    /// It was selected as one that was stored lately.
    var isYoung = false

    public init(id: Int64, storedMillis: Int64, dueMillis: Int64, events: Int) {
        self.id = id
        self.storedMillis = storedMillis
        self.dueMillis = dueMillis
        self.events = events
    }

    /// Older due first; a fresh block is due since it was stored.
    func precedes(_ other: LeaseCandidate) -> Bool {
        (orderMillis, id) < (other.orderMillis, other.id)
    }

    private var orderMillis: Int64 { dueMillis == 0 ? storedMillis : dueMillis }
}

/// The place of a postponed block in its lane.
public struct DueKey: Sendable, Equatable, Comparable {
    public var dueMillis: Int64
    public var id: Int64

    public init(dueMillis: Int64, id: Int64) {
        self.dueMillis = dueMillis
        self.id = id
    }

    public static func < (left: DueKey, right: DueKey) -> Bool {
        (left.dueMillis, left.id) < (right.dueMillis, right.id)
    }
}

/// The last block handed out of each lane.
public struct LaneCursors: Sendable, Equatable {
    public var freshID: Int64 = 0
    /// The fresh lane ends with this id for now: what follows was handed out before it.
    public var freshEndID = Int64.max
    public var postponed = DueKey(dueMillis: 0, id: 0)

    public init() {}
}

/// What a lease request gets.
public struct LeaseSelection: Sendable, Equatable {
    public var picks: [LeaseCandidate] = []
    /// True when more blocks were due than were picked.
    public var moreIsDue = false
    /// When the next block that was given back falls due; nil when none waits. The driver knows of the lanes' own.
    public var nextReturnedDueMillis: Int64?

    public init() {}
}

/// What the machine knows of a leased block.
public struct LeasedRow: Sendable, Equatable {
    public var destination: DestinationIndex
    public var events: Int
    public var storedMillis: Int64
    /// As the driver gave it with the candidate.
    public var byteCount: Int

    init(_ candidate: LeaseCandidate, destination: DestinationIndex) {
        self.destination = destination
        events = candidate.events
        storedMillis = candidate.storedMillis
        byteCount = candidate.byteCount
    }
}
