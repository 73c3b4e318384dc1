import Foundation
import Journal
import JournalSQLite
import RelayModel
import Testing

/// Random operations against a simple model in memory. A failure prints the seed, and the shortest list of operations
/// that was found to fail as well; `JOURNAL_MODEL_SEEDS=1000-2000` runs those seeds instead of the short form.
@Suite("Every journal engine agrees with a simple model")
struct EventJournalModelTests {
    private static let seeds: ClosedRange<UInt64> = {
        let words = ProcessInfo.processInfo.environment["JOURNAL_MODEL_SEEDS"]?.split(separator: "-") ?? []
        let bounds = words.compactMap { UInt64($0) }
        return bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]...bounds[1] : 1...8
    }()

    @Test("after random operations every event has ended once", arguments: JournalEngine.allCases, seeds)
    func randomOperations(engine: JournalEngine, seed: UInt64) throws {
        let operations = ModelOperation.random(count: 250, seed: seed)
        guard let fault = ModelRun.fault(engine, operations) else { return }
        let shortest = ModelOperation.shrink(operations) { ModelRun.fault(engine, $0) != nil }
        let again = ModelRun.fault(engine, shortest) ?? fault
        Issue.record("seed \(seed): \(again)\n\(shortest.map { "\($0)" }.joined(separator: "\n"))")
    }

    @Test("a failing list of operations is shrunk to what is needed")
    func shrinking() {
        let operations = ModelOperation.random(count: 200, seed: 5)
        func fails(_ list: [ModelOperation]) -> Bool {
            list.contains { if case .crash = $0 { true } else { false } }
                && list.contains { if case .clock = $0 { true } else { false } }
        }
        #expect(fails(operations))
        #expect(ModelOperation.shrink(operations, fails).count == 2)
    }
}

/// What can be done to a journal. Numbers choose among what there is when the operation comes, so that a list from which
/// some were taken out still means something.
private enum ModelOperation: Sendable {
    case append(destination: Int, events: Int)
    /// Some events that were appended before come again, with a new one.
    case repeated(destination: Int, choice: UInt64)
    case bury(destination: Int)
    case lease(destination: Int, maxEvents: Int)
    case settle(destination: Int, choice: UInt64)
    case clock(millis: Int64)
    case reopen
    /// The files as they are, without a word to the journal.
    case crash
    /// Fills the journal to its bound, and delivers until it takes events again.
    case fill(destination: Int)

    static func random(count: Int, seed: UInt64) -> [ModelOperation] {
        var random = SeededGenerator(state: seed)
        return (0..<count).map { _ in
            let destination = Int.random(in: 0...1, using: &random)
            return switch Int.random(in: 0..<40, using: &random) {
            case 0..<12: .append(destination: destination, events: .random(in: 1...5, using: &random))
            case 12..<15: .repeated(destination: destination, choice: random.next())
            case 15: .bury(destination: destination)
            case 16..<25: .lease(destination: destination, maxEvents: .random(in: 1...12, using: &random))
            case 25..<35: .settle(destination: destination, choice: random.next())
            case 35..<37: .clock(millis: .random(in: -500...3000, using: &random))
            case 37: .reopen
            case 38: .crash
            default: .fill(destination: destination)
            }
        }
    }

    /// Takes out ever smaller pieces while the rest still fails.
    static func shrink(_ operations: [ModelOperation], _ fails: ([ModelOperation]) -> Bool) -> [ModelOperation] {
        var shortest = operations
        var piece = operations.count / 2
        while piece >= 1 {
            var at = 0
            while at < shortest.count {
                var shorter = shortest
                shorter.removeSubrange(at..<min(at + piece, shortest.count))
                if fails(shorter) { shortest = shorter } else { at += piece }
            }
            piece /= 2
        }
        return shortest
    }
}

/// What a journal must hold.
private struct JournalModel {
    /// The ids that are queued, by destination.
    var queued: [Set<String>] = [[], []]
    var dead = 0
    var appended: [[String]] = [[], []]
}

private struct Disagreement: Error, CustomStringConvertible {
    var description: String
}

private final class ModelRun {
    private static let maxBytes: Int64 = 400_000

    private var directory = TemporaryDirectory()
    private let engine: JournalEngine
    private let clock = TestClock()
    private var journal: any StartableJournal
    private var observer = RecordingObserver()
    private var model = JournalModel()
    private var held: [DestinationIndex: [LeasedBlock]] = [:]
    private var lastID = 0
    private var lastTicket: UInt64 = 0

    /// - Returns: what does not agree; nil when all does.
    static func fault(_ engine: JournalEngine, _ operations: [ModelOperation]) -> String? {
        do {
            let run = try ModelRun(engine)
            defer { run.journal.close() }
            for (step, operation) in operations.enumerated() {
                do {
                    try run.perform(operation)
                    try run.compare()
                } catch {
                    return "step \(step), \(operation): \(error)"
                }
            }
            try run.drain()
            return nil
        } catch {
            return "\(error)"
        }
    }

    private init(_ engine: JournalEngine) throws {
        self.engine = engine
        journal = try engine.open(
            directory.path, destinations: ["shop", "outlet"], clock: clock, maxBytes: Self.maxBytes)
        journal.start(observer)
    }

    private func perform(_ operation: ModelOperation) throws {
        switch operation {
        case .append(let destination, let events): try append(newIDs(events), to: destination)
        case .repeated(let destination, let choice): try appendRepeats(destination, choice)
        case .bury(let destination): try bury(destination)
        case .lease(let destination, let maxEvents): try lease(from: destination, maxEvents)
        case .settle(let destination, let choice): try settle(destination, choice)
        case .clock(let millis): clock.advance(millis)
        case .reopen: try reopen(from: nil)
        case .crash: try reopen(from: try directory.copy())
        case .fill(let destination): try fill(destination)
        }
    }

    private func compare() throws {
        let snapshot = journal.snapshot
        try expect(snapshot.queuedEvents == model.queued.map(\.count), "queued \(snapshot.queuedEvents)")
        try expect(snapshot.deadLetters == model.dead, "dead \(snapshot.deadLetters) for \(model.dead)")
    }

    private func expect(_ holds: Bool, _ text: @autoclosure () -> String) throws {
        if !holds { throw Disagreement(description: text()) }
    }

    private func newIDs(_ count: Int) -> [String] {
        lastID += count
        return (lastID - count..<lastID).map { "\($0)" }
    }

    /// - Parameter fresh: those of the ids that the journal does not hold; all when nil.
    @discardableResult
    private func append(
        _ ids: [String], to destination: DestinationIndex, fresh: [String]? = nil, padding: Int = 0,
        maySucceed: Bool? = true
    ) throws -> Bool {
        var block = EventBlock()
        for id in ids {
            block.append(nameCode: 0, eventTime: 0, json: Array(id.utf8) + [UInt8](repeating: 0x20, count: padding))
        }
        let keys = ids.map { id in
            RepeatKeys(message: (UInt64(id) ?? 0) * 2 + UInt64(destination) + 1)
        }
        let outcome = try send(
            [DestinationBlock(destination: destination, block: block, keys: keys)], dead: [])
        if maySucceed == true { try expect(outcome == .stored, "\(outcome)") }
        guard outcome == .stored else { return false }
        model.queued[destination].formUnion(fresh ?? ids)
        model.appended[destination] += fresh ?? ids
        return true
    }

    private func send(_ blocks: [DestinationBlock], dead: [DeadLetter]) throws -> AppendOutcome {
        lastTicket += 1
        let ticket = AppendTicket(loop: 0, request: lastTicket)
        guard journal.append(JournalAppend(ticket: ticket, blocks: blocks, deadLetters: dead)) else { return .refused }
        let outcomes = try observer.outcomes(of: ticket)
        try expect(outcomes.count == 1, "answered \(outcomes.count) times")
        return outcomes[0]
    }

    private func appendRepeats(_ destination: DestinationIndex, _ choice: UInt64) throws {
        var random = SeededGenerator(state: choice)
        let old = Array(Set((0..<3).compactMap { _ in model.appended[destination].randomElement(using: &random) }))
        let new = newIDs(1)
        try append((old + new).shuffled(using: &random), to: destination, fresh: new)
    }

    private func bury(_ destination: DestinationIndex) throws {
        let letter = DeadLetter.sample(newIDs(1)[0], destination: destination)
        try expect(try send([], dead: [letter]) == .stored, "a dead letter is refused")
        model.dead += 1
    }

    private func lease(from destination: DestinationIndex, _ maxEvents: Int) throws {
        journal.lease(LeaseRequest(destination: destination, maxEvents: maxEvents))
        let lease = try observer.nextLease()
        let ids = lease.blocks.flatMap(\.block.trimmedIDs)
        let out = Set((held[destination] ?? []).flatMap(\.block.trimmedIDs))
        try expect(out.isDisjoint(with: ids), "leased twice: \(out.intersection(ids))")
        try expect(model.queued[destination].isSuperset(of: ids), "leased and not queued: \(ids)")
        held[destination, default: []] += lease.blocks
    }

    private func settle(_ destination: DestinationIndex, _ choice: UInt64) throws {
        var random = SeededGenerator(state: choice)
        let blocks = (held[destination] ?? []).shuffled(using: &random)
        let count = Int.random(in: 0...blocks.count, using: &random)
        held[destination] = Array(blocks.dropFirst(count))
        try commit(blocks.prefix(count).map { settlement(of: $0, destination, &random) })
    }

    /// Some events stay, some are delivered, some are dead.
    private func settlement(
        of block: LeasedBlock, _ destination: DestinationIndex, _ random: inout SeededGenerator
    ) -> Settlement {
        let ids = block.block.trimmedIDs
        let kept = ids.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        let gone = ids.filter { !kept.contains($0) }
        let isDueAtOnce = Bool.random(using: &random)
        let due = isDueAtOnce ? 0 : clock.millis + Int64.random(in: -1000...4000, using: &random)
        var settlement = block.remaining(kept, dueMillis: due, attempts: block.attempts + 1, destination)
        let deadCount = Int.random(in: 0...gone.count, using: &random)
        settlement.deadLetters = gone.prefix(deadCount).map { .sample($0, destination: destination) }
        settlement.delivered = [0: gone.count - deadCount]
        model.queued[destination].subtract(gone)
        model.dead += deadCount
        return settlement
    }

    private func commit(_ settlements: [Settlement]) throws {
        if settlements.isEmpty { return }
        let total = observer.settledTotal + settlements.count
        journal.settle(settlements)
        try observer.waitSettled(total: total)
    }

    private func deliver(_ destination: DestinationIndex) throws {
        let blocks = held.removeValue(forKey: destination) ?? []
        model.queued[destination].subtract(blocks.flatMap(\.block.trimmedIDs))
        try commit(blocks.map { $0.delivered(destination) })
    }

    private func fill(_ destination: DestinationIndex) throws {
        // Where a large one is too much, a small one may fit.
        for padding in [40_000, 2000] {
            var isRefused = false
            for _ in 0..<50 where !isRefused {
                isRefused = try !append(newIDs(1), to: destination, padding: padding, maySucceed: nil)
            }
            try expect(isRefused, "no bound")
        }
        try expect(!journal.snapshot.takesAppends, "full, and says that it takes events")
        for _ in 0..<2000 where !model.queued[destination].isEmpty {
            clock.advance(10_000)
            try lease(from: destination, 50)
            try deliver(destination)
        }
        let end = Date(timeIntervalSinceNow: 10)
        while !journal.snapshot.takesAppends, Date() < end { usleep(500) }
        try expect(journal.snapshot.takesAppends, "empty, and takes nothing")
    }

    /// Closes and opens, or leaves the running journal and goes on with a copy of its files.
    private func reopen(from copy: TemporaryDirectory?) throws {
        journal.close()
        if let copy { directory = copy }
        journal = try engine.open(
            directory.path, destinations: ["shop", "outlet"], clock: clock, maxBytes: Self.maxBytes)
        try expect(
            journal.snapshot.recoveredEvents == model.queued.map(\.count),
            "recovered \(journal.snapshot.recoveredEvents) for \(model.queued.map(\.count))")
        observer = RecordingObserver()
        journal.start(observer)
        held = [:]
    }

    /// Leases and delivers until nothing is left, whatever was postponed.
    private func drain() throws {
        for destination in 0...1 {
            try deliver(destination)
            for _ in 0..<2000 where !model.queued[destination].isEmpty {
                clock.advance(10_000)
                try lease(from: destination, 50)
                try deliver(destination)
            }
        }
        try expect(model.queued == [[], []], "never leased: \(model.queued)")
        try compare()
        try expect(journal.snapshot.oldestStoredMillis == [nil, nil], "an age of nothing")
    }
}

extension EventBlock {
    fileprivate var trimmedIDs: [String] { ids.map { String($0.prefix { $0 != " " }) } }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
