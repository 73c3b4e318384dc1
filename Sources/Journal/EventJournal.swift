// The journal: the place between the answer to a sender and the delivery to the upstream.
//
// What it is: the protocol that every journal engine keeps, and the records that pass through it. This module is pure:
// no C, no clock, no I/O; the engines (`JournalSQLite`) conform.
//
// Invariants, the same for every engine:
// - An append's ticket is reported `stored` only after its records are on disk and synced.
// - Appends, settlements and the dead letters that come with them change the store in the same transactions, so that an
//   event is at every moment in exactly one place.
// - A block that is leased is not leased again until it is settled or the process starts anew.
// - Of events with equal keys (`RepeatKeys`) within the window one is stored; the keys are stored with it, in the same
//   transaction, so that a repeat is known after a new start and a refused append leaves nothing behind.
// - Nothing here can hold personal text in clear: records are built from `ConversionEvent`, dead letters from names,
//   ids and reasons, already masked.

/// A durable queue of encoded events, one per destination.
///
/// All functions may be called from any thread and return at once; the engine works on its own thread and reports
/// through the observer, on that thread.
public protocol EventJournal: AnyObject, Sendable {
    /// Takes records for the next commit.
    /// - Returns: false when the mailbox is full or the journal takes nothing any more; nothing was taken then.
    func append(_ append: JournalAppend) -> Bool

    /// Asks for blocks that are due; the answer comes through ``JournalObserver/leased(_:)``, empty when none is.
    func lease(_ request: LeaseRequest)

    /// Reports what became of leased blocks.
    func settle(_ settlements: [Settlement])

    /// What stands in the journal now, as of the last commit.
    var snapshot: JournalSnapshot { get }

    /// Commits what was taken, answers its tickets, and ends the engine's thread. Later appends are refused.
    func close()
}

/// Who hears of the journal's work. Called on the journal's thread: implementations post and return.
public protocol JournalObserver: AnyObject, Sendable {
    /// So many events of these sources (``JournalAppend/source``) were repeats and are not stored; their appends count as
    /// stored, and are reported after this.
    func repeated(_ counts: [Int: Int])
    /// The appends with these tickets ended alike. `tickets` is never empty.
    /// - Parameter repeats: which events were repeats, for those of the appends that ask (``JournalAppend/listsRepeats``)
    ///   and had any: the events' places in the append, counted over its blocks in order, rising.
    func appended(_ tickets: [AppendTicket], _ outcome: AppendOutcome, repeats: [AppendTicket: [Int]])
    /// New or postponed work stands ready in these destinations; after a start, recovered work.
    func ready(_ destinations: [DestinationIndex])
    func leased(_ lease: Lease)
    /// These settlements are committed. Those of blocks that were not leased are ignored and never reported.
    func settled(_ settlements: [Settlement])
    /// A commit with its sync took so long, in microseconds.
    func committed(micros: Int64)
    /// The store failed. `text` names the fault and the next step, without an event's content; `isFinal` when nothing is
    /// taken any more before a new start.
    func faulted(_ text: String, isFinal: Bool)
    /// After a time of refusals, appends are taken again.
    func roomFound()
    /// So many dead letters of these destinations are queued again.
    func replayed(_ counts: [DestinationIndex: Int])
    /// Sizes in the snapshot may have changed without a commit; at most once a second.
    func measured()
    /// The engine's thread has turned; at least once a second while nothing keeps it.
    func turned()
    /// Something was found in a damaged file that was set aside, or all of it was looked through.
    func salvaged(_ progress: SalvageProgress)
}

extension JournalObserver {
    public func replayed(_ counts: [DestinationIndex: Int]) {}
    public func measured() {}
    public func turned() {}
    public func salvaged(_ progress: SalvageProgress) {}
}

/// What a damaged file has given back.
public struct SalvageProgress: Sendable, Equatable {
    /// The file's name within the journal's directory.
    public var file: String
    /// Events that are queued again.
    public var queuedAgain = 0
    /// Those of them that were in no count since the start.
    public var newlyFound = 0
    /// Events that stood in the file and cannot be read: dead letters now, by destination. Known only for a file that was
    /// in use when the damage was found.
    public var lost: [DestinationIndex: Int] = [:]
    /// The whole file was looked through.
    public var isEnded = false

    public init(file: String) { self.file = file }
}

/// A destination by its place in the settings.
public typealias DestinationIndex = Int

/// Names a parked request: which loop, and which request on it.
public struct AppendTicket: Hashable, Sendable {
    public let loop: Int
    public let request: UInt64

    public init(loop: Int, request: UInt64) {
        self.loop = loop
        self.request = request
    }
}

public enum AppendOutcome: Hashable, Sendable {
    /// On disk and synced, save the repeats of events that are.
    case stored
    /// Not stored: the store failed or is full. The sender must be told so.
    case refused
}

/// Records of one request: they are stored all or not at all.
public struct JournalAppend: Sendable {
    public var ticket: AppendTicket
    public var blocks: [DestinationBlock]
    public var deadLetters: [DeadLetter]
    /// The configured source by its index: whose repeats are counted.
    public var source: Int
    /// The sender wants to know which of the events were repeats; the journal tells with the ticket's answer.
    public var listsRepeats: Bool

    public init(
        ticket: AppendTicket, blocks: [DestinationBlock], deadLetters: [DeadLetter], source: Int = 0,
        listsRepeats: Bool = false
    ) {
        self.ticket = ticket
        self.blocks = blocks
        self.deadLetters = deadLetters
        self.source = source
        self.listsRepeats = listsRepeats
    }
}

public struct DestinationBlock: Sendable {
    public var destination: DestinationIndex
    public var block: EventBlock
    /// The keys of the block's events, in the same order; an event without any is never a repeat.
    public var keys: [RepeatKeys]

    public init(destination: DestinationIndex, block: EventBlock, keys: [RepeatKeys] = []) {
        self.destination = destination
        self.block = block
        self.keys = keys
    }
}
