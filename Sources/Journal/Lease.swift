/// A request for due blocks of one destination.
public struct LeaseRequest: Hashable, Sendable {
    public var destination: DestinationIndex
    /// Blocks are handed out until their events reach this number; at least one block is, if any is due.
    public var maxEvents: Int

    public init(destination: DestinationIndex, maxEvents: Int) {
        self.destination = destination
        self.maxEvents = maxEvents
    }
}

/// Blocks handed to delivery until they are settled.
public struct Lease: Sendable {
    public var destination: DestinationIndex
    public var blocks: [LeasedBlock]
    /// True when more blocks were due than the request took.
    public var moreIsDue: Bool
    /// When the next postponed block falls due, milliseconds since 1970; nil when none waits.
    public var nextDueMillis: Int64?

    public init(destination: DestinationIndex, blocks: [LeasedBlock], moreIsDue: Bool, nextDueMillis: Int64?) {
        self.destination = destination
        self.blocks = blocks
        self.moreIsDue = moreIsDue
        self.nextDueMillis = nextDueMillis
    }
}

public struct LeasedBlock: Sendable {
    /// The row's id in the journal.
    public var id: Int64
    /// How many deliveries of these events were tried before.
    public var attempts: Int
    /// When the events were stored, milliseconds since 1970.
    public var storedMillis: Int64
    public var block: EventBlock

    public init(id: Int64, attempts: Int, storedMillis: Int64, block: EventBlock) {
        self.id = id
        self.attempts = attempts
        self.storedMillis = storedMillis
        self.block = block
    }
}

/// What became of one leased block. Its events are delivered, dead, or still remaining: the three add up to the block.
public struct Settlement: Sendable {
    public var blockID: Int64
    public var destination: DestinationIndex
    /// Delivered events by name code (``EventBlock/Entry/nameCode``).
    public var delivered: [UInt8: Int]
    public var deadLetters: [DeadLetter]
    /// The events that stay queued; nil when none does.
    public var remaining: Remainder?

    public init(blockID: Int64, destination: DestinationIndex) {
        self.blockID = blockID
        self.destination = destination
        self.delivered = [:]
        self.deadLetters = []
        self.remaining = nil
    }

    /// Events that stay in the queue, with the time before which they are not leased again.
    public struct Remainder: Sendable {
        public var block: EventBlock
        public var attempts: Int
        /// Milliseconds since 1970; 0 means at once.
        public var dueMillis: Int64

        public init(block: EventBlock, attempts: Int, dueMillis: Int64) {
            self.block = block
            self.attempts = attempts
            self.dueMillis = dueMillis
        }
    }
}
