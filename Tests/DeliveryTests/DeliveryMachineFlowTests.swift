import Delivery
import Journal
import RelayModel
import RelayTestKit
import Testing

@Suite("DeliveryMachine: batches")
struct DeliveryMachineFlowTests {
    @Test("events of a shallow queue wait a second for company, then go together")
    func linger() throws {
        let rig = MachineRig()
        rig.add(["a"])
        try rig.ready()
        #expect(rig.calls.isEmpty)
        #expect(rig.wake == MachineRig.start + 1000)
        try rig.pass(400)
        rig.add(["b", "c"])
        try rig.ready()
        try rig.pass(599)
        #expect(rig.calls.isEmpty)
        try rig.pass(1)
        #expect(rig.calls.map(\.ids) == [["a", "b", "c"]])
        try rig.answerAll { ok($0) }
        #expect(rig.journal.deliveredCount == 3 && rig.machine.isIdle)
    }

    @Test("a steady trickle does not put the call off")
    func trickle() throws {
        let rig = MachineRig()
        for index in 0..<20 {
            rig.add(["e\(index)"])
            try rig.ready()
            try rig.pass(100)
        }
        #expect(rig.callCount >= 1)
        #expect(rig.calls[0].ids == names("e", 10))
    }

    @Test("a batch that waits for a late lease goes as soon as the lease is there")
    func lateLease() throws {
        let rig = MachineRig()
        rig.add(["a"])
        try rig.ready()
        rig.holdsLeases = true
        rig.add(["b"])
        try rig.ready()
        try rig.pass(1000)
        #expect(rig.leaseRequests.count == 1 && rig.calls.isEmpty)
        try rig.ready()
        try rig.answerLeases()
        #expect(rig.calls.map(\.ids) == [["a", "b"]])
    }

    @Test("a thousand events go at once")
    func full() throws {
        let rig = MachineRig()
        for part in 0..<10 { rig.add(names("p\(part)-", 100)) }
        try rig.ready()
        #expect(rig.calls.map(\.entries.count) == [1000])
    }

    @Test("a deep queue flows without lingering, in calls of a thousand, four at a time")
    func deep() throws {
        let rig = MachineRig()
        for part in 0..<100 { rig.add(names("p\(part)-", 100)) }
        try rig.ready()
        #expect(rig.calls.map(\.entries.count) == [1000, 1000, 1000, 1000])
        var sizes: [Int] = []
        try rig.answerAll {
            sizes.append($0.entries.count)
            return ok($0)
        }
        #expect(sizes == Array(repeating: 1000, count: 10))
        #expect(rig.journal.deliveredCount == 10_000 && rig.machine.isIdle)
    }

    @Test("what is leased is bounded by the calls that can be under way and one batch")
    func window() throws {
        let rig = MachineRig { $0.maxInFlightPerDestination = 2 }
        for part in 0..<100 { rig.add(names("p\(part)-", 100)) }
        try rig.ready()
        #expect(rig.machine.status(0)?.heldEvents == 3000)
        #expect(rig.machine.status(0)?.callsInFlight == 2)
    }

    @Test("a block larger than a batch is cut, and settled once when all of it is done")
    func largeBlock() throws {
        let rig = MachineRig()
        rig.add(names("e", 2500))
        try rig.ready()
        try rig.pass(1000)
        #expect(rig.calls.map(\.entries.count) == [1000, 1000, 500])
        try rig.answer { ok($0) }
        try rig.answer { ok($0) }
        #expect(rig.journal.settlements.isEmpty)
        try rig.answer { ok($0) }
        #expect(rig.journal.settlements.count == 1)
        #expect(rig.journal.settlements[0].delivered == [5: 2500])
    }

    @Test("several blocks share a batch, and each is settled for itself")
    func severalBlocks() throws {
        let rig = MachineRig()
        rig.add(["a", "b"])
        rig.add(["c"])
        try rig.ready()
        try rig.pass(1000)
        #expect(rig.calls.map { $0.entries.map(\.blockID) } == [[1, 1, 2]])
        #expect(rig.calls.map { $0.entries.map(\.index) } == [[0, 1, 0]])
        try rig.answerAll { ok($0) }
        #expect(rig.journal.settlements.map(\.blockID) == [1, 2])
    }

    @Test("bodies are capped in bytes, and one larger event goes alone")
    func byteCap() throws {
        let rig = MachineRig { $0.maxBodyByteCount = 200 }
        rig.add(["a", "b", "c", String(repeating: "x", count: 500), "d"])
        try rig.ready()
        try rig.pass(1000)
        #expect(rig.calls.map { $0.ids.map(\.count) } == [[1, 1, 1], [500], [1]])
    }

    @Test("test mode sends twenty events at most, and says so in the URL")
    func testMode() throws {
        let rig = MachineRig(testMode: true)
        rig.add(names("e", 45))
        try rig.ready()
        for _ in 0..<11 { try rig.pass(100) }
        #expect(rig.calls.map(\.entries.count) == [20, 20, 5])
        #expect(rig.calls.allSatisfy { $0.call.url.hasSuffix("/events?test=true") })
    }

    @Test("an event over seven days old is buried, not sent")
    func tooOld() throws {
        let rig = MachineRig()
        let limit = MachineRig.start / 1000 - 7 * 24 * 3600
        rig.add(["old"], time: limit - 1)
        rig.add(["new"], time: limit + 5)
        try rig.ready()
        try rig.pass(1000)
        #expect(rig.calls.map(\.ids) == [["new"]])
        let letter = try #require(rig.journal.deadLetters.first)
        #expect(letter.reason == .tooOld && letter.eventID == "old" && letter.eventName == "checkout")
        #expect(letter.json == encoded("old") && letter.attempts == 0 && letter.destination == 0)
    }

    @Test("times at the ends of the range do no harm", arguments: [Int64.min, 0, Int64.max])
    func absurdTimes(time: Int64) throws {
        let rig = MachineRig()
        rig.add(["a"], time: time)
        try rig.ready()
        try rig.pass(1000)
        try rig.answerAll { ok($0) }
        #expect(rig.journal.queuedIDs().isEmpty && rig.machine.isIdle)
    }

    @Test("events over an hour old are sent, and counted as late once, when they are delivered")
    func late() throws {
        let rig = MachineRig()
        rig.add(["late"], time: MachineRig.start / 1000 - 3700)
        rig.add(["fresh"])
        try rig.ready()
        try rig.pass(1000)
        #expect(rig.calls[0].ids == ["late", "fresh"])
        try rig.answerAll { _ in answered(503) }
        #expect(!rig.facts.contains(.deliveredLate(destination: 0, events: 1)))
        try rig.pass(60_000)
        try rig.pass(1000)
        try rig.answerAll { ok($0) }
        #expect(rig.facts.filter { $0 == .deliveredLate(destination: 0, events: 1) }.count == 1)
    }

    @Test("an empty lease, an empty block and an unknown destination or call change nothing")
    func nothing() throws {
        let rig = MachineRig()
        try rig.ready()
        try rig.ready(9)
        try rig.perform(rig.machine.responded(77, answered(200), now: rig.now))
        rig.journal.append(EventBlock(), to: 0)
        try rig.ready()
        #expect(rig.machine.isIdle && rig.callCount == 0)
        #expect(rig.journal.queuedIDs().isEmpty && rig.journal.settlements.count == 1)
    }

    @Test("one destination's silence does not hold up another's flow")
    func fairness() throws {
        let rig = MachineRig(destinations: 2)
        for destination in 0...1 {
            for part in 0..<60 { rig.add(names("d\(destination)-\(part)-", 100), to: destination) }
            try rig.ready(destination)
        }
        // Destination 0 never answers.
        while let place = rig.calls.firstIndex(where: { $0.destination == 1 }) {
            let call = rig.calls.remove(at: place)
            try rig.perform(rig.machine.responded(call.id, ok(call), now: rig.now))
        }
        #expect(rig.journal.deliveredCount == 6000)
        #expect(rig.journal.queuedIDs(1).isEmpty && rig.machine.status(0)?.callsInFlight == 4)
    }

    @Test("a clock that is set back makes no wait longer")
    func clockStep() throws {
        let rig = MachineRig()
        rig.add(["a"])
        try rig.ready()
        try rig.pass(-3_600_000)
        #expect(rig.calls.isEmpty)
        try rig.pass(1000)
        #expect(rig.calls.map(\.ids) == [["a"]])
    }

    @Test("a drain sends what is leased at once and leases nothing more")
    func drain() throws {
        let rig = MachineRig()
        rig.add(["a"])
        try rig.ready()
        rig.add(["b"])
        try rig.perform(rig.machine.drainBegan(now: rig.now))
        try rig.ready()
        #expect(rig.calls.map(\.ids) == [["a"]] && !rig.machine.isIdle)
        try rig.answerAll { ok($0) }
        #expect(rig.machine.isIdle && rig.journal.queuedIDs() == ["b"])
    }

    @Test("a lease that arrives in a drain goes back untouched")
    func lateLeaseInDrain() throws {
        let rig = MachineRig()
        rig.holdsLeases = true
        rig.add(["a"])
        try rig.ready()
        try rig.perform(rig.machine.drainBegan(now: rig.now))
        try rig.answerLeases()
        #expect(rig.machine.isIdle && rig.callCount == 0)
        #expect(rig.journal.rows[0].map(\.attempts) == [0] && rig.journal.queuedIDs() == ["a"])
    }

    @Test("when a drain runs out of time everything goes back, and an ended call costs no attempt")
    func expiredDrain() throws {
        let rig = MachineRig { $0.maxInFlightPerDestination = 1 }
        rig.add(names("e", 1500))
        try rig.ready()
        try rig.perform(rig.machine.drainBegan(now: rig.now))
        try rig.perform(rig.machine.drainExpired(now: rig.now))
        #expect(rig.calls.count == 1)
        try rig.answerAll { _ in .failed(.cancelled, retriable: true) }
        #expect(rig.machine.isIdle)
        #expect(rig.journal.queuedIDs() == names("e", 1500) && rig.journal.rows[0][0].attempts == 0)
    }
}
