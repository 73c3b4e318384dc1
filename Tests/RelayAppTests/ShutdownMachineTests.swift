import Testing

@testable import RelayApp

@Suite("ShutdownMachine")
struct ShutdownMachineTests {
    private var machine = ShutdownMachine(preStopMillis: 5_000, deadlineMillis: 25_000)

    @Test("the relay turns unready at once and goes on serving for the time before the stop")
    mutating func announces() {
        #expect(machine.handle(.terminationRequested, nowMillis: 1_000) == [.announceUnready])
        #expect(machine.handle(.timePassed, nowMillis: 5_999) == [])
        #expect(machine.handle(.timePassed, nowMillis: 6_000) == [.drainIngress, .drainDelivery])
    }

    @Test(
        "after a failure of the journal the refusals go out, and it ends, whatever delivery does",
        arguments: [0, 5_000])
    mutating func journalFailed(afterMillis: Int64) {
        if afterMillis > 0 { _ = machine.handle(.terminationRequested, nowMillis: 0) }
        #expect(
            machine.handle(.journalFailed, nowMillis: afterMillis) == [.announceUnready, .drainIngress])
        #expect(machine.handle(.journalFailed, nowMillis: afterMillis + 1) == [])
        #expect(machine.handle(.timePassed, nowMillis: afterMillis + 1_999) == [])
        var late = machine
        #expect(late.handle(.timePassed, nowMillis: afterMillis + 2_000) == [.stop(cutShort: true)])
        #expect(machine.handle(.ingressDrained, nowMillis: afterMillis + 100) == [.stop(cutShort: false)])
    }

    @Test("it stops when ingress and delivery are both done, in either order", arguments: [true, false])
    mutating func stopsWhenDone(ingressFirst: Bool) {
        _ = machine.handle(.terminationRequested, nowMillis: 0)
        _ = machine.handle(.timePassed, nowMillis: 5_000)
        #expect(machine.handle(ingressFirst ? .ingressDrained : .deliveryDrained, nowMillis: 5_100) == [])
        let last = machine.handle(ingressFirst ? .deliveryDrained : .ingressDrained, nowMillis: 5_200)
        #expect(last == [.stop(cutShort: false)])
        #expect(machine.state == .ended)
    }

    @Test("the deadline counts from the end of the time before the stop, and cuts short")
    mutating func deadline() {
        _ = machine.handle(.terminationRequested, nowMillis: 0)
        _ = machine.handle(.timePassed, nowMillis: 5_000)
        _ = machine.handle(.ingressDrained, nowMillis: 6_000)
        #expect(machine.handle(.timePassed, nowMillis: 29_999) == [])
        #expect(machine.handle(.timePassed, nowMillis: 30_000) == [.stop(cutShort: true)])
    }

    @Test("a second request to end cuts short at once", arguments: [0, 5_000])
    mutating func second(afterMillis: Int64) {
        _ = machine.handle(.terminationRequested, nowMillis: 0)
        _ = machine.handle(.timePassed, nowMillis: afterMillis)
        #expect(machine.handle(.terminationRequested, nowMillis: afterMillis + 1) == [.stop(cutShort: true)])
    }

    @Test("without a time before the stop it closes at once")
    func noPreStop() {
        var machine = ShutdownMachine(preStopMillis: 0, deadlineMillis: 1_000)
        let actions = machine.handle(.terminationRequested, nowMillis: 7)
        #expect(actions == [.announceUnready, .drainIngress, .drainDelivery])
        #expect(machine.handle(.timePassed, nowMillis: 1_006) == [])
        #expect(machine.handle(.timePassed, nowMillis: 1_007) == [.stop(cutShort: true)])
    }

    @Test("whatever comes after the end changes nothing")
    mutating func ended() {
        _ = machine.handle(.terminationRequested, nowMillis: 0)
        _ = machine.handle(.terminationRequested, nowMillis: 1)
        #expect(machine.handle(.ingressDrained, nowMillis: 2) == [])
        #expect(machine.handle(.terminationRequested, nowMillis: 3) == [])
        #expect(machine.state == .ended)
    }
}
