import Journal
import RelayModel
import Testing

/// Random operations against a simple model. What a failure prints holds the seed, which repeats it.
@Suite("Every journal engine agrees with a simple model")
struct EventJournalModelTests {
    @Test(
        "after random operations every event has ended once", arguments: JournalEngine.allCases,
        1...6 as ClosedRange<UInt64>)
    func randomOperations(engine: JournalEngine, seed: UInt64) throws {
        let run = ModelRun(try JournalHarness(engine), seed: seed)
        for step in 0..<300 {
            try run.step()
            #expect(run.harness.snapshot.queuedEvents == run.model.queued.map(\.count), "seed \(seed), step \(step)")
            #expect(run.harness.snapshot.deadLetters == run.model.dead, "seed \(seed), step \(step)")
        }
        try run.drain()
        #expect(run.model.queued == [[], []], "seed \(seed)")
        #expect(run.harness.snapshot.queuedEvents == [0, 0], "seed \(seed)")
        #expect(run.harness.snapshot.oldestStoredMillis == [nil, nil], "seed \(seed)")
    }
}

/// What a journal must hold: the ids that are queued, by destination.
private struct JournalModel {
    var queued: [Set<String>] = [[], []]
    var dead = 0
}

private final class ModelRun {
    let harness: JournalHarness
    var model = JournalModel()
    private let seed: UInt64
    private var random: SeededGenerator
    private var held: [DestinationIndex: [LeasedBlock]] = [:]
    private var lastID = 0

    init(_ harness: JournalHarness, seed: UInt64) {
        self.harness = harness
        self.seed = seed
        random = SeededGenerator(state: seed)
    }

    func step() throws {
        let destination = Int.random(in: 0...1, using: &random)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<7: try append(to: destination)
        case 7..<12: try lease(from: destination, Int.random(in: 1...12, using: &random))
        case 12..<18: try settle(destination)
        case 18: harness.clock.advance(Int64.random(in: -500...3000, using: &random))
        default: try reopen()
        }
    }

    /// Leases and delivers until nothing is left, whatever was postponed.
    func drain() throws {
        for destination in 0...1 {
            try deliver(held.removeValue(forKey: destination) ?? [], destination)
            for _ in 0..<2000 where !model.queued[destination].isEmpty {
                harness.clock.advance(10_000)
                try lease(from: destination, 50)
                try deliver(held.removeValue(forKey: destination) ?? [], destination)
            }
        }
    }

    private func append(to destination: DestinationIndex) throws {
        let ids = (0..<Int.random(in: 1...5, using: &random)).map { "\(lastID + $0)" }
        lastID += ids.count
        #expect(try harness.append(ids, to: destination) == .stored, "seed \(seed)")
        model.queued[destination].formUnion(ids)
    }

    private func lease(from destination: DestinationIndex, _ maxEvents: Int) throws {
        let lease = try harness.lease(maxEvents, from: destination)
        let out = Set((held[destination] ?? []).flatMap(\.block.ids))
        #expect(out.isDisjoint(with: lease.ids), "leased twice: seed \(seed)")
        #expect(model.queued[destination].isSuperset(of: lease.ids), "not queued: seed \(seed)")
        held[destination, default: []] += lease.blocks
    }

    private func settle(_ destination: DestinationIndex) throws {
        let blocks = (held[destination] ?? []).shuffled(using: &random)
        let count = Int.random(in: 0...blocks.count, using: &random)
        held[destination] = Array(blocks.dropFirst(count))
        let settlements = blocks.prefix(count).map { settlement(of: $0, destination) }
        if !settlements.isEmpty { try harness.settle(settlements) }
    }

    private func settlement(of block: LeasedBlock, _ destination: DestinationIndex) -> Settlement {
        let ids = block.block.ids
        let kept = ids.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        let gone = ids.filter { !kept.contains($0) }
        let due = [0, harness.clock.millis + Int64.random(in: -1000...4000, using: &random)].randomElement(
            using: &random)
        var settlement = block.remaining(kept, dueMillis: due ?? 0, attempts: block.attempts + 1, destination)
        let deadCount = Int.random(in: 0...gone.count, using: &random)
        settlement.deadLetters = gone.prefix(deadCount).map { .sample($0, destination: destination) }
        settlement.delivered = [0: gone.count - deadCount]
        model.queued[destination].subtract(gone)
        model.dead += deadCount
        return settlement
    }

    private func deliver(_ blocks: [LeasedBlock], _ destination: DestinationIndex) throws {
        if blocks.isEmpty { return }
        try harness.settle(blocks.map { $0.delivered(destination) })
        model.queued[destination].subtract(blocks.flatMap(\.block.ids))
    }

    private func reopen() throws {
        try harness.reopen()
        held = [:]
    }
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
