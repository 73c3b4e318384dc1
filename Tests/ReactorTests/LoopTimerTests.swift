import Reactor
import Testing

@Suite("LoopTimer")
struct LoopTimerTests {
    @Test("a one-shot timer fires once, not before its time")
    func oneShot() throws {
        let loop = try EventLoop(name: "test")
        let start = LoopInstant.now()
        let fired = Seen<Duration>()
        let timer = LoopTimer(on: loop) { fired.append(LoopInstant.now().since(start)) }
        let ending = LoopTimer(on: loop) { loop.stop() }
        timer.schedule(after: .milliseconds(30))
        ending.schedule(after: .milliseconds(120))
        loop.run()
        #expect(fired.count == 1)
        #expect(fired.all[0] >= .milliseconds(20))
    }

    @Test("a repeating timer goes on until it is cancelled, also from within its action")
    func repeating() throws {
        let loop = try EventLoop(name: "test")
        let fired = Seen<Int>()
        let box = TimerBox()
        box.timer = LoopTimer(on: loop) { [unowned box] in
            fired.append(1)
            if fired.count == 3 { box.timer?.cancel() }
        }
        let ending = LoopTimer(on: loop) { loop.stop() }
        box.timer?.schedule(every: .milliseconds(5))
        ending.schedule(after: .milliseconds(100))
        loop.run()
        #expect(fired.count == 3)
    }

    @Test("a dropped timer does not fire, and may drop itself")
    func dropped() throws {
        let loop = try EventLoop(name: "test")
        let fired = Seen<Int>()
        let box = TimerBox()
        box.timer = LoopTimer(on: loop) { [unowned box] in
            fired.append(1)
            box.timer = nil
        }
        var other: LoopTimer? = LoopTimer(on: loop) { fired.append(2) }
        let ending = LoopTimer(on: loop) { loop.stop() }
        box.timer?.schedule(every: .milliseconds(5))
        other?.schedule(after: .milliseconds(5))
        other = nil
        ending.schedule(after: .milliseconds(60))
        loop.run()
        #expect(fired.all == [1])
    }

    @Test("scheduling again replaces what was scheduled")
    func rescheduled() throws {
        let loop = try EventLoop(name: "test")
        let fired = Seen<Int>()
        let timer = LoopTimer(on: loop) { fired.append(1) }
        let ending = LoopTimer(on: loop) { loop.stop() }
        timer.schedule(after: .milliseconds(5))
        timer.schedule(after: .seconds(60))
        ending.schedule(after: .milliseconds(60))
        loop.run()
        #expect(fired.count == 0)
    }

    private final class TimerBox {
        var timer: LoopTimer?
    }
}
