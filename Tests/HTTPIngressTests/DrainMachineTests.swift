import Testing

@testable import HTTPIngress

@Suite("DrainMachine")
struct DrainMachineTests {
    private let none = DrainLoad(openConnections: 0, heldReplies: 0)
    private let some = DrainLoad(openConnections: 3, heldReplies: 2)

    @Test("once the end is announced replies end their connections, and all is still served")
    func announced() {
        var machine = DrainMachine()
        #expect(machine.receive(.endAnnounced) == [])
        #expect(machine.closesConnections)
        #expect(machine.isListening)
        #expect(!machine.closesIdle)
        #expect(machine.receive(.drainRequested) == [.armDeadline, .acceptLastConnections])
    }

    @Test("the queue is emptied before the listener closes, and only then idle connections go")
    func order() {
        var machine = DrainMachine()
        #expect(machine.isListening && !machine.closesConnections)
        #expect(machine.receive(.drainRequested) == [.armDeadline, .acceptLastConnections])
        #expect(machine.isListening && machine.closesConnections && !machine.closesIdle)
        #expect(machine.receive(.lastConnectionsAccepted) == [.closeListeners])
        #expect(!machine.isListening && machine.closesIdle)
    }

    @Test("the server is freed only when nothing is in flight or held")
    func waits() {
        var machine = finishing()
        #expect(machine.receive(.loadChanged(some)) == [])
        #expect(machine.receive(.loadChanged(DrainLoad(openConnections: 0, heldReplies: 1))) == [])
        #expect(machine.receive(.loadChanged(DrainLoad(openConnections: 1, heldReplies: 0))) == [])
        let outcome = DrainOutcome(cutConnections: 0, heldReplies: 0)
        #expect(machine.receive(.loadChanged(none)) == [.freeServer, .report(outcome)])
        #expect(outcome.isClean)
        #expect(machine.state == .drained)
    }

    @Test("at the deadline what is left is cut, and the server freed once it has gone")
    func deadline() {
        var machine = finishing()
        #expect(machine.receive(.deadlinePassed(some)) == [.cutConnections, .armGrace])
        #expect(machine.receive(.loadChanged(some)) == [])
        let outcome = DrainOutcome(cutConnections: 3, heldReplies: 0)
        #expect(machine.receive(.loadChanged(none)) == [.freeServer, .report(outcome)])
        #expect(!outcome.isClean)
    }

    @Test("replies still held after the grace keep the server from being freed")
    func grace() {
        var machine = finishing()
        _ = machine.receive(.deadlinePassed(some))
        let outcome = DrainOutcome(cutConnections: 3, heldReplies: 2)
        #expect(machine.receive(.graceElapsed(some)) == [.report(outcome)])
        #expect(machine.receive(.loadChanged(none)) == [])
    }

    @Test("a deadline with nothing left, or before the last accept, ends cleanly")
    func deadlineWithoutLoad() {
        var machine = finishing()
        #expect(machine.receive(.deadlinePassed(none)).contains(.freeServer))
        var early = DrainMachine()
        _ = early.receive(.drainRequested)
        #expect(early.receive(.deadlinePassed(some)) == [.closeListeners, .cutConnections, .armGrace])
    }

    @Test("inputs that do not belong to a state do nothing")
    func stray() {
        var machine = DrainMachine()
        for input: DrainMachine.Input in [
            .lastConnectionsAccepted, .loadChanged(none), .deadlinePassed(none), .graceElapsed(none),
        ] {
            #expect(machine.receive(input) == [])
        }
        #expect(machine.state == .serving)
        _ = machine.receive(.drainRequested)
        #expect(machine.receive(.drainRequested) == [])
        #expect(machine.receive(.loadChanged(none)) == [])
    }

    private func finishing() -> DrainMachine {
        var machine = DrainMachine()
        _ = machine.receive(.drainRequested)
        _ = machine.receive(.lastConnectionsAccepted)
        return machine
    }
}
