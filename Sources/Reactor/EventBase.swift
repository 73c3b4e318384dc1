import CLibevent
import Glibc
import Synchronization

/// Owns the `event_base`. Everything registered on the base holds this object, so the base is freed last.
@safe package final class EventBase: @unchecked Sendable {  // see assertOnLoop
    /// The `event_base`, for the wrapper modules.
    package let pointer: OpaquePointer
    private let runner = Atomic<UInt>(0)
    private var wakeups: [Wakeup] = []

    init() throws(ReactorError) {
        guard let config = unsafe event_config_new() else { throw ReactorError(.outOfMemory, "event_config_new") }
        defer { unsafe event_config_free(config) }
        // No lock: no other thread calls libevent on this base. Change list: evhttp turns reading off and on for each
        // request, and most of those pairs cancel out within a turn; safe because no descriptor here is duplicated.
        let flags = EVENT_BASE_FLAG_NOLOCK.rawValue | EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST.rawValue
        unsafe event_config_set_flag(config, Int32(bitPattern: flags))
        guard let base = unsafe event_base_new_with_config(config) else {
            throw ReactorError(.system(errno), "event_base_new_with_config")
        }
        unsafe pointer = base
    }

    deinit {
        wakeups = []
        unsafe event_base_free(pointer)
    }

    /// A wakeup lives as long as its loop: its sender may be dropped on any thread, its event may not.
    func makeWakeup(_ action: @escaping () -> Void) throws(ReactorError) -> Wakeup {
        assertOnLoop()
        let wakeup = unsafe try Wakeup(base: pointer, action: action)
        wakeups.append(wakeup)
        return wakeup
    }

    func enter() {
        let (entered, _) = runner.compareExchange(
            expected: 0, desired: Self.thisThread, ordering: .acquiringAndReleasing)
        precondition(entered, "an event loop is run by one thread at a time")
    }

    func leave() {
        runner.store(0, ordering: .releasing)
    }

    /// Runs until the turn is broken off.
    func turn() {
        let status = unsafe event_base_loop(pointer, EVLOOP_NO_EXIT_ON_EMPTY)
        precondition(status == 0, "event_base_loop failed: its backend is unusable")
    }

    func breakTurn() {
        unsafe event_base_loopbreak(pointer)
    }

    package var isOnLoop: Bool {
        let running = runner.load(ordering: .relaxed)
        return running == 0 || running == Self.thisThread
    }

    package func assertOnLoop(_ caller: StaticString = #function) {
        precondition(isOnLoop, "\(caller) belongs to the loop's own thread")
    }

    private static var thisThread: UInt { UInt(pthread_self()) }
}
