import Delivery
import Journal
import RelayModel
import RelayTestKit
import Testing

@Suite("DeliveryMachine: any sequence of outcomes")
struct DeliveryMachineRandomTests {
    /// The upstream's whims: each call is answered by chance, and it remembers what it has taken.
    private struct Whims {
        var random: SeededRandom
        var taken: Set<String> = []

        mutating func answer(_ batch: OutgoingBatch) -> UpstreamOutcome {
            switch Int.random(in: 0..<14, using: &random) {
            case 0: return answered(503)
            case 1: return answered(429, reset: 3)
            case 2: return answered(401)
            case 3, 4: return answered(400)
            case 5: return answered(200, "{}")
            case 6: return .failed(TransportFault.allCases.randomElement(using: &random) ?? .other, retriable: true)
            case 7: return .failed(.tls, retriable: false)
            case 8:
                // Taken, but the answer is lost.
                taken.formUnion(batch.ids)
                return .failed(.reset, retriable: true)
            default:
                let refused = Set(batch.ids.filter { _ in Int.random(in: 0..<10, using: &random) == 0 })
                taken.formUnion(Set(batch.ids).subtracting(refused))
                return ok(batch) { refused.contains($0) ? "refused" : nil }
            }
        }
    }

    @Test("every event ends once: delivered, dead, or in the queue", arguments: 0..<40)
    func conservation(seed: UInt64) throws {
        let rig = MachineRig(destinations: 2, seed: seed) {
            $0.maxBatch = 50
            $0.maxInFlightPerDestination = 3
        }
        var whims = Whims(random: SeededRandom(seed: seed &+ 1000))
        var all: Set<String> = []
        for step in 0..<400 {
            switch Int.random(in: 0..<6, using: &whims.random) {
            case 0:
                let destination = Int.random(in: 0...1, using: &whims.random)
                let ids = names("s\(step)-", Int.random(in: 1...120, using: &whims.random))
                all.formUnion(ids)
                rig.add(ids, to: destination)
                try rig.ready(destination)
            case 1: try rig.pass(Int64.random(in: -500...20_000, using: &whims.random))
            default:
                rig.calls.shuffle(using: &whims.random)
                if !rig.calls.isEmpty { try rig.answer { whims.answer($0) } }
            }
        }
        if seed % 2 == 0 {
            try rig.perform(rig.machine.drainBegan(now: rig.now))
            try rig.answerAll { whims.answer($0) }
        } else {
            try rig.perform(rig.machine.drainExpired(now: rig.now))
            try rig.answerAll { _ in .failed(.cancelled, retriable: true) }
        }
        #expect(rig.machine.isIdle)
        try checkSums(rig, all, whims.taken)
    }

    private func checkSums(_ rig: MachineRig, _ all: Set<String>, _ taken: Set<String>) throws {
        let dead = rig.journal.deadLetters.map(\.eventID)
        let queued = rig.journal.queuedIDs(0) + rig.journal.queuedIDs(1)
        let gone = Set(dead + queued)
        #expect(gone.count == dead.count + queued.count)
        #expect(rig.journal.deliveredCount + gone.count == all.count)
        #expect(all.subtracting(gone).isSubset(of: taken))
        #expect(rig.journal.rows.joined().allSatisfy { !$0.isLeased })
    }

    @Test("with a sane upstream at the end, nothing stays behind", arguments: 0..<10)
    func convergence(seed: UInt64) throws {
        let rig = MachineRig(seed: seed) { $0.maxBatch = 50 }
        var whims = Whims(random: SeededRandom(seed: seed &+ 1000))
        rig.add(names("e", 700))
        try rig.ready()
        for _ in 0..<100 {
            if let wake = rig.wake, wake > rig.now { try rig.pass(wake - rig.now) } else { try rig.pass(100) }
            if !rig.calls.isEmpty { try rig.answer { whims.answer($0) } }
        }
        // Driven by the machine's own wakes: each must be asked for.
        for _ in 0..<2000 where !rig.journal.queuedIDs().isEmpty {
            try rig.answerAll { ok($0) }
            if let wake = rig.wake, wake > rig.now { try rig.pass(wake - rig.now) }
        }
        #expect(rig.journal.queuedIDs().isEmpty && rig.machine.isIdle)
        #expect(rig.journal.deliveredCount + rig.journal.deadLetters.count == 700)
    }
}
