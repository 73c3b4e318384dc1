import Journal

/// Keeps account of one leased block until each of its events has an outcome.
///
/// Invariant: delivered + dead + kept + open = the block's events; an event gets its outcome once.
struct BlockLedger {
    let leased: LeasedBlock
    let entries: [EventBlock.Entry]
    /// Events without outcome.
    private(set) var openCount: Int
    private var delivered: [UInt8: Int] = [:]
    private var deadLetters: [DeadLetter] = []
    /// Indices of the events that stay queued.
    private var kept: [Int] = []
    private var keptAttempts: Int
    private var keptDueMillis: Int64 = 0

    init(_ leased: LeasedBlock) {
        self.leased = leased
        entries = leased.block.entries
        openCount = entries.count
        keptAttempts = leased.attempts
    }

    var isComplete: Bool { openCount == 0 }

    mutating func deliver(_ index: Int) {
        openCount -= 1
        delivered[entries[index].nameCode, default: 0] += 1
    }

    mutating func bury(_ letter: DeadLetter) {
        openCount -= 1
        deadLetters.append(letter)
    }

    /// Leaves an event in the queue. One block has one count of attempts and one time: the largest of its events.
    mutating func keep(_ index: Int, consumesAttempt: Bool, dueMillis: Int64) {
        openCount -= 1
        kept.append(index)
        if consumesAttempt { keptAttempts = leased.attempts + 1 }
        keptDueMillis = max(keptDueMillis, dueMillis)
    }

    /// The JSON of one event.
    func json(_ index: Int) -> ArraySlice<UInt8> { leased.block.payload[entries[index].json] }

    /// What became of the block, once it is complete.
    func settlement(destination: DestinationIndex) -> Settlement {
        var settlement = Settlement(blockID: leased.id, destination: destination)
        settlement.delivered = delivered
        settlement.deadLetters = deadLetters
        if !kept.isEmpty {
            settlement.remaining = Settlement.Remainder(
                block: keptBlock, attempts: keptAttempts, dueMillis: keptDueMillis)
        }
        return settlement
    }

    private var keptBlock: EventBlock {
        guard kept.count < entries.count else { return leased.block }
        var block = EventBlock()
        for index in kept.sorted() {
            block.append(nameCode: entries[index].nameCode, eventTime: entries[index].eventTime, json: json(index))
        }
        return block
    }
}
