import Journal
import RelayModel
import Testing

@Suite("LeaseMachine")
struct LeaseMachineTests {
    private func fresh(_ id: Int64, stored: Int64 = 100, events: Int = 1) -> LeaseCandidate {
        LeaseCandidate(id: id, storedMillis: stored, dueMillis: 0, events: events)
    }

    private func postponed(_ id: Int64, due: Int64) -> LeaseCandidate {
        LeaseCandidate(id: id, storedMillis: 1, dueMillis: due, events: 1)
    }

    private func request(_ maxEvents: Int) -> LeaseRequest { LeaseRequest(destination: 0, maxEvents: maxEvents) }

    @Test("the lanes are merged, oldest due first")
    func merging() {
        let selection = LeaseMachine(destinationCount: 1).select(
            request(10), nowMillis: 500, fresh: [fresh(1, stored: 100), fresh(4, stored: 300)],
            postponed: [postponed(2, due: 200), postponed(3, due: 400)])
        #expect(selection.picks.map(\.id) == [1, 2, 4, 3])
        #expect(!selection.moreIsDue)
    }

    @Test("a selection ends when its events reach the number, and leaves the machine as it was")
    func limit() {
        let machine = LeaseMachine(destinationCount: 1)
        let lane = [fresh(1, events: 2), fresh(2, events: 2), fresh(3)]
        let selection = machine.select(request(3), nowMillis: 500, fresh: lane, postponed: [])
        #expect(selection.picks.map(\.id) == [1, 2])
        #expect(selection.moreIsDue)
        #expect(machine.leasedCount == 0)
        #expect(machine.cursors(of: 0) == LaneCursors())
    }

    @Test("a lease moves the cursor of each lane")
    func cursors() {
        var machine = LeaseMachine(destinationCount: 2)
        machine.lease([fresh(5), postponed(2, due: 70)], to: 0)
        #expect(machine.cursors(of: 0).freshID == 5)
        #expect(machine.cursors(of: 0).postponed == DueKey(dueMillis: 70, id: 2))
        #expect(machine.cursors(of: 1) == LaneCursors())
        #expect(machine.leasedRow(5)?.events == 1)
    }

    @Test("what is given back behind the cursor is selected again, and only once")
    func givenBack() {
        var machine = LeaseMachine(destinationCount: 1)
        machine.lease([fresh(1, events: 3), fresh(2)], to: 0)
        machine.giveBack(1, events: 2, dueMillis: 0)
        let again = machine.select(request(10), nowMillis: 500, fresh: [], postponed: [])
        #expect(again.picks.map(\.events) == [2])
        machine.lease(again.picks, to: 0)
        #expect(machine.select(request(10), nowMillis: 500, fresh: [], postponed: []).picks.isEmpty)
        #expect(machine.cursors(of: 0).freshID == 2)
    }

    @Test("what is given back for a time before the cursor waits for it")
    func givenBackBehindDueCursor() {
        var machine = LeaseMachine(destinationCount: 1)
        machine.lease([fresh(1), postponed(2, due: 900)], to: 0)
        machine.giveBack(1, events: 1, dueMillis: 800)
        let early = machine.select(request(10), nowMillis: 700, fresh: [], postponed: [])
        #expect(early.picks.isEmpty)
        #expect(early.nextReturnedDueMillis == 800)
        #expect(machine.select(request(10), nowMillis: 800, fresh: [], postponed: []).picks.map(\.id) == [1])
    }

    @Test("what is given back for a time ahead of the cursor is left to the store")
    func givenBackAhead() {
        var machine = LeaseMachine(destinationCount: 1)
        machine.lease([fresh(1)], to: 0)
        machine.giveBack(1, events: 1, dueMillis: 600)
        #expect(machine.select(request(10), nowMillis: 700, fresh: [], postponed: []).picks.isEmpty)
        #expect(machine.leasedCount == 0)
    }

    @Test("only first settlements of leased blocks of the right destination are admitted")
    func admission() {
        var machine = LeaseMachine(destinationCount: 2)
        machine.lease([fresh(1), fresh(2)], to: 0)
        let settlements = [(1, 0), (1, 0), (2, 1), (3, 0)].map { Settlement(blockID: $0.0, destination: $0.1) }
        #expect(machine.admit(settlements).map(\.blockID) == [1])
    }

    @Test("a settlement removes, postpones or rewrites its block")
    func changes() {
        var machine = LeaseMachine(destinationCount: 1)
        machine.lease([fresh(1, events: 2)], to: 0)
        var settlement = Settlement(blockID: 1, destination: 0)
        guard case .remove = machine.change(for: settlement) else { return #expect(Bool(false), "no removal") }
        #expect(machine.queueChange(of: settlement) == -2)

        settlement.remaining = .init(block: EventBlock(ids: ["a", "b"]), attempts: 4, dueMillis: -5)
        guard case .postpone(4, 0) = machine.change(for: settlement) else { return #expect(Bool(false), "no delay") }
        #expect(machine.queueChange(of: settlement) == 0)

        settlement.remaining?.block = EventBlock(ids: ["b"])
        guard case .rewrite(let block, 4, 0) = machine.change(for: settlement) else {
            return #expect(Bool(false), "no rewriting")
        }
        #expect(block.ids == ["b"])
        #expect(machine.queueChange(of: settlement) == -1)

        settlement.remaining?.block = EventBlock()
        guard case .remove = machine.change(for: settlement) else { return #expect(Bool(false), "no removal") }
    }

    @Test("a destination that does not exist gets nothing")
    func unknownDestination() {
        var machine = LeaseMachine(destinationCount: 1)
        let request = LeaseRequest(destination: 7, maxEvents: 1)
        #expect(machine.select(request, nowMillis: 0, fresh: [fresh(1)], postponed: []) == LeaseSelection())
        machine.lease([fresh(1)], to: 7)
        #expect(machine.leasedCount == 0)
    }
}
