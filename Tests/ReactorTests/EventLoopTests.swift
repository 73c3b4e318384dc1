import Reactor
import Testing

@Suite("EventLoop")
struct EventLoopTests {
    @Test("stop before run makes run return at once")
    func stopBeforeRun() throws {
        let loop = try EventLoop(name: "test")
        loop.stop()
        loop.run()
    }

    @Test("a loop without any event goes on until it is stopped from another thread")
    func stopFromOutside() throws {
        let loop = try EventLoop(name: "test")
        let turned = Seen<Bool>()
        let stopper = try WorkerThread(name: "stopper") {
            while turned.count == 0 {}
            loop.stop()
        }
        loop.post { turned.append(true) }
        loop.run()
        stopper.join()
        #expect(turned.count == 1)
    }

    @Test("posted work runs on the loop, in order, and what came too late can be run after it")
    func posting() throws {
        let loop = try EventLoop(name: "test")
        let seen = Seen<Int>()
        loop.post { seen.append(1) }
        loop.post {
            seen.append(loop.isOnLoop ? 2 : -2)
            loop.stop()
        }
        let thread = try WorkerThread(name: "loop") { loop.run() }
        thread.join()
        loop.post { seen.append(3) }
        loop.runPosted()
        #expect(seen.all == [1, 2, 3])
    }

    @Test("a full control queue refuses")
    func fullControlQueue() throws {
        let loop = try EventLoop(name: "test", controlCapacity: 1)
        #expect(loop.post {})
        #expect(!loop.post {})
        loop.runPosted()
    }

    @Test("only the loop's thread is on the loop while it runs")
    func threadRule() throws {
        let loop = try EventLoop(name: "test")
        #expect(loop.isOnLoop)
        let started = Seen<Bool>()
        loop.post { started.append(true) }
        let thread = try WorkerThread(name: "loop") { loop.run() }
        while started.count == 0 {}
        #expect(!loop.isOnLoop)
        loop.stop()
        thread.join()
        #expect(loop.isOnLoop)
    }

    @Test("touching a running loop's timer from another thread stops the program")
    func threadRuleIsEnforced() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(name: "test")
            let timer = LoopBound(LoopTimer(on: loop) {}, on: loop)
            let started = Seen<Bool>()
            loop.post { started.append(true) }
            let thread = try WorkerThread(name: "loop") { loop.run() }
            while started.count == 0 {}
            timer.value.cancel()
            thread.join()
        }
    }
}
