import Glibc
import Reactor
import Testing

@Suite("WorkerThread and ProcessSignals")
struct ThreadAndSignalTests {
    @Test("a worker blocks every signal; one sent to it waits until it is asked for")
    func signals() throws {
        let seen = Seen<ProcessSignal?>()
        let thread = try WorkerThread(name: "a name that is longer than the kernel takes") {
            seen.append(ProcessSignals.wait(for: .zero))
            pthread_kill(pthread_self(), SIGHUP)
            seen.append(ProcessSignals.wait(for: .seconds(1)))
            pthread_kill(pthread_self(), SIGTERM)
            seen.append(ProcessSignals.wait(for: .seconds(1)))
        }
        thread.join()
        #expect(seen.all == [nil, .hangUp, .terminate])
    }

    @Test("a signal that is blocked is a value")
    func blocking() async {
        await #expect(processExitsWith: .exitCode(7)) {
            ProcessSignals.block()
            pthread_kill(pthread_self(), SIGTERM)
            if ProcessSignals.wait(for: .seconds(1)) == .terminate { exit(7) }
        }
    }

    @Test("a write to a closed socket is an error, not a signal, once a loop exists")
    func brokenPipe() async {
        await #expect(processExitsWith: .exitCode(7)) {
            _ = try EventLoop(name: "test")
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            close(ends[0])
            var byte: UInt8 = 0
            if write(ends[1], &byte, 1) == -1 && errno == EPIPE { exit(7) }
        }
    }

    @Test("a thread that is dropped without being joined stops the program")
    func joinIsEnforced() async {
        await #expect(processExitsWith: .failure) {
            _ = try WorkerThread(name: "forgotten") {}
        }
    }
}
