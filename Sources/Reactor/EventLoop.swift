import CLibevent
import Synchronization

/// One libevent loop: one `event_base`, run by one thread.
///
/// What it may touch: libevent's core (events, timers, the base). It knows nothing of HTTP.
///
/// Invariants:
/// - The base and everything registered on it is touched only by the thread inside `run()`, or by whoever sets the
///   loop up before `run()` or tears it down after. `assertOnLoop()` checks this, in release builds too.
/// - Other threads reach the loop through a `Mailbox`, `post` or `stop` only. These write to an eventfd, never to
///   libevent, which is why the base can do without locks.
/// - The loop ends because `stop()` was called, never because it ran out of events.
public final class EventLoop: @unchecked Sendable {  // base is checked by assertOnLoop; the rest is atomic or locked
    public let name: String
    package let base: EventBase

    private let control: Mailbox<@Sendable () -> Void>
    private let stopSignal: Wakeup
    private let stopRequested: StopFlag

    /// - Parameter controlCapacity: how many posted closures may wait; see `post`.
    public init(name: String, controlCapacity: Int = 1024) throws(ReactorError) {
        LibeventRuntime.setUpOnce()
        let base = try EventBase()
        let flag = StopFlag()
        self.name = name
        self.base = base
        stopRequested = flag
        control = try Mailbox(base: base, capacity: controlCapacity, perTurn: 64) { work in work() }
        stopSignal = try base.makeWakeup { [unowned base] in if flag.isRaised { base.breakTurn() } }
    }

    /// Turns until `stop()`; the calling thread is the loop's thread meanwhile. Returns at once if already stopped.
    public func run() {
        base.enter()
        defer { base.leave() }
        while !stopRequested.isRaised {
            base.turn()
        }
    }

    /// Ends `run()` after the current turn. From any thread, any number of times.
    public func stop() {
        stopRequested.raise()
        stopSignal.signal()
    }

    /// Runs `work` on the loop, in order with other posts. For control messages, not for the event path.
    ///
    /// - Returns: false if the queue is full; the work is then not run.
    @discardableResult
    public func post(_ work: @escaping @Sendable () -> Void) -> Bool {
        control.send(work)
    }

    /// Runs what was posted but not reached when the loop stopped. After `run()`, on the thread that tears down.
    public func runPosted() {
        control.drainAll()
    }

    /// True on the loop's thread, and everywhere while the loop does not run.
    public var isOnLoop: Bool { base.isOnLoop }

    /// Stops the program if the caller is not on the loop: libevent's objects are not thread-safe.
    public func assertOnLoop(_ caller: StaticString = #function) {
        base.assertOnLoop(caller)
    }
}

private final class StopFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    var isRaised: Bool { raised.load(ordering: .acquiring) }

    func raise() {
        raised.store(true, ordering: .releasing)
    }
}
