import CLibevent
import Glibc

/// A timer on a loop, one-shot or repeating. Belongs to the loop's thread; dropping it cancels it.
@safe public final class LoopTimer {
    private let base: EventBase
    private let action: () -> Void
    private var period: Duration?
    // Owned; freed in deinit. Its argument is this object, unretained: the event never outlives it.
    private var event: OpaquePointer?

    public init(on loop: EventLoop, action: @escaping () -> Void) {
        loop.assertOnLoop()
        base = loop.base
        self.action = action
        unsafe event = event_new(base.pointer, -1, 0, onTimerDue, CallbackContext.pointer(to: self))
        unsafe precondition(event != nil, "out of memory for a timer")
    }

    deinit {
        base.assertOnLoop("LoopTimer.deinit")
        if let event = unsafe event { unsafe event_free(event) }
    }

    /// Fires once, after `delay`. Replaces what was scheduled before. A delay of zero fires after the events that the
    /// next look at the sockets finds.
    public func schedule(after delay: Duration) {
        base.assertOnLoop()
        period = nil
        arm(delay)
    }

    /// Fires every `period`, counted from the end of the last turn's firing. Replaces what was scheduled before.
    public func schedule(every period: Duration) {
        base.assertOnLoop()
        self.period = period
        arm(period)
    }

    /// Fires in this very turn, after the callbacks that are already due.
    public func fireNow() {
        base.assertOnLoop()
        if let event = unsafe event { unsafe event_active(event, Int32(EV_TIMEOUT), 1) }
    }

    public func cancel() {
        base.assertOnLoop()
        period = nil
        if let event = unsafe event { unsafe event_del(event) }
    }

    func fire() {
        if let period { arm(period) }
        action()
    }

    private func arm(_ delay: Duration) {
        guard let event = unsafe event else { return }
        var interval = timeval(max(delay, .zero))
        unsafe event_add(event, &interval)
    }
}

extension timeval {
    /// Rounded down to the microsecond.
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(clamping: seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
