import Dispatch
import Journal
import Synchronization

/// Hears the journal for a thread that waits for its answers.
final class JournalEar: JournalObserver {
    private let heard = DispatchSemaphore(value: 0)
    private let unanswered = Atomic<Int>(0)
    private let lastLease = Mutex<Lease?>(nil)

    /// Waits until so many appends, posted by `post`, are on disk.
    func waitForAppends(_ count: Int, _ post: () -> Void) {
        unanswered.store(count, ordering: .releasing)
        post()
        heard.wait()
    }

    /// Waits for the lease that `ask` asks for.
    func waitForLease(_ ask: () -> Void) -> Lease? {
        ask()
        heard.wait()
        return lastLease.withLock { $0 }
    }

    func appended(_ tickets: [AppendTicket], _ outcome: AppendOutcome, repeats: [AppendTicket: [Int]]) {
        precondition(outcome == .stored, "the journal takes nothing")
        if unanswered.subtract(tickets.count, ordering: .acquiringAndReleasing).newValue == 0 { heard.signal() }
    }

    func leased(_ lease: Lease) {
        lastLease.withLock { $0 = lease }
        heard.signal()
    }

    func repeated(_ counts: [Int: Int]) {}
    func ready(_ destinations: [DestinationIndex]) {}
    func settled(_ settlements: [Settlement]) {}
    func committed(micros: Int64) {}
    func faulted(_ text: String, isFinal: Bool) { fatalError(text) }
    func roomFound() {}
}
