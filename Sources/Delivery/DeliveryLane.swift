import Journal
import RelayModel

/// Everything that delivery holds of one destination. Lanes know nothing of each other, so that one account's trouble
/// cannot touch another's.
///
/// Invariants: each open event of `blocks` is in exactly one of `waiting`, `parked` and the calls in flight; a lane
/// whose gate is shut holds no waiting or parked events, so an upstream that is away costs no memory.
struct DeliveryLane {
    let destination: DestinationIndex
    var settings: DestinationSettings {
        didSet { if settings.rateInForce != oldValue.rateInForce { rate = settings.rateInForce.map(RateBudget.init) } }
    }
    var limits: LaneLimits
    private(set) var blocks: [Int64: BlockLedger] = [:]
    /// Blocks that are complete and not yet reported.
    private var settled: [Settlement] = []
    /// Events without outcome.
    private(set) var heldEvents = 0
    var callsInFlight = 0
    var concurrency: ConcurrencyLimit
    /// Nil where calls are not limited in time.
    var rate: RateBudget?

    var waiting = EntryQueue()
    var waitingByteCount = 0
    /// Parcels that are sent alone, newest last.
    var parked: [Parcel] = []

    var gate = SendGate()
    var breaker: CircuitBreaker
    /// Calls in a row that were answered with 429.
    var rateLimitedInARow = 0

    /// The journal may have due blocks.
    var isReady = false
    /// When a postponed block falls due.
    var nextDueMillis: Int64?
    var isLeaseOutstanding = false
    /// The last lease left due blocks behind.
    var isDeep = false
    /// Until when the waiting events wait for company.
    var lingerUntilMillis: Int64?

    init(destination: DestinationIndex, settings: DestinationSettings, limits: LaneLimits, breaker: BreakerSettings) {
        self.destination = destination
        self.settings = settings
        self.limits = limits
        self.breaker = CircuitBreaker(breaker)
        concurrency = ConcurrencyLimit(initial: limits.initialInFlight, maximum: limits.maxInFlight)
        rate = settings.rateInForce.map(RateBudget.init)
    }

    /// Events per request.
    var batchLimit: Int {
        settings.testMode ? min(limits.maxBatch, PinterestContract.maxTestEventsPerRequest) : limits.maxBatch
    }

    // MARK: Outcomes

    /// Takes over a leased block; its events wait for their first call.
    mutating func take(_ leased: LeasedBlock, now: Int64) {
        guard blocks[leased.id] == nil else { return }
        let ledger = BlockLedger(leased)
        guard !ledger.isComplete else { return settled.append(ledger.settlement(destination: destination)) }
        if waiting.isEmpty { lingerUntilMillis = now + limits.lingerMillis }
        waiting.append(block: leased.id, eventCount: ledger.openCount)
        waitingByteCount += leased.block.payload.count
        heldEvents += ledger.openCount
        blocks[leased.id] = ledger
    }

    mutating func deliver(_ entry: BatchEntry) {
        blocks[entry.blockID]?.deliver(entry.index)
        closeIfComplete(entry.blockID)
    }

    mutating func bury(_ entry: BatchEntry, _ reason: DeadReason, message: String, consumesAttempt: Bool = true) {
        guard let ledger = blocks[entry.blockID] else { return }
        let stored = ledger.entries[entry.index]
        let json = ledger.json(entry.index)
        let text = EncodedEvent(json)
        blocks[entry.blockID]?.bury(
            DeadLetter(
                destination: destination, source: "",
                eventName: stored.name?.apiName.description ?? DeadLetter.masked(text.eventName),
                eventID: DeadLetter.masked(text.eventID), eventTime: stored.eventTime, reason: reason,
                message: message, attempts: ledger.leased.attempts + (consumesAttempt ? 1 : 0), json: Array(json)))
        closeIfComplete(entry.blockID)
    }

    /// Leaves events in the queue, to be leased again from `dueMillis` on.
    mutating func keep(_ entries: some Sequence<BatchEntry>, consumesAttempt: Bool, dueMillis: Int64) {
        for entry in entries {
            blocks[entry.blockID]?.keep(entry.index, consumesAttempt: consumesAttempt, dueMillis: dueMillis)
            closeIfComplete(entry.blockID)
        }
    }

    /// Gives back what is not on its way: the journal keeps it safer, and the memory is free.
    mutating func release(dueMillis: Int64) {
        waitingByteCount = 0
        lingerUntilMillis = nil
        let unsent = waiting.removeAll()
        if !unsent.isEmpty { keep(unsent, consumesAttempt: false, dueMillis: dueMillis) }
        let cut = parked
        parked = []
        for parcel in cut { keep(parcel.entries, consumesAttempt: false, dueMillis: dueMillis) }
    }

    /// Gives back the parcels that still have to wait.
    mutating func releaseParked(dueAfter now: Int64) {
        let later = parked.filter { $0.dueMillis > now }
        parked.removeAll { $0.dueMillis > now }
        for parcel in later { keep(parcel.entries, consumesAttempt: true, dueMillis: parcel.dueMillis) }
    }

    /// The settlements that are due to the journal; they are handed out once.
    mutating func takeSettled() -> [Settlement] {
        defer { settled = [] }
        return settled
    }

    private mutating func closeIfComplete(_ blockID: Int64) {
        heldEvents -= 1
        guard let ledger = blocks[blockID], ledger.isComplete else { return }
        let settlement = ledger.settlement(destination: destination)
        if let remaining = settlement.remaining { noteDue(remaining.dueMillis) }
        settled.append(settlement)
        blocks[blockID] = nil
    }

    /// A block is in the queue again: not before its settlement, since until then no lease can find it.
    private mutating func noteDue(_ dueMillis: Int64) {
        if dueMillis == 0 { isReady = true } else { nextDueMillis = min(nextDueMillis ?? dueMillis, dueMillis) }
    }
}

/// The limits that hold for every lane alike.
struct LaneLimits {
    var maxBatch: Int
    let maxBodyByteCount: Int
    let maxInFlight: Int
    let initialInFlight: Int
    var lingerMillis: Int64

    init(_ settings: DeliverySettings) {
        maxBatch = max(1, min(settings.maxBatch, PinterestContract.maxEventsPerRequest))
        maxBodyByteCount = settings.maxBodyByteCount
        maxInFlight = max(1, settings.maxInFlightPerDestination)
        initialInFlight = settings.initialInFlight
        lingerMillis = max(0, settings.lingerMillis)
    }
}
