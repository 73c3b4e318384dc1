import CLibevent
import CRelayShims
import Glibc

/// An eventfd that a loop watches: how another thread makes the loop call `action`. Signals sent before the loop gets
/// to them are one. Owned by its `EventBase`.
@safe final class Wakeup: @unchecked Sendable {  // signal() only writes to the descriptor; the rest is the loop's
    private let descriptor: Int32
    private let action: () -> Void
    // Owned; freed in deinit. Its argument is this object, unretained: the event never outlives it.
    private var event: OpaquePointer?

    init(base: OpaquePointer, action: @escaping () -> Void) throws(ReactorError) {
        let opened = relay_wakeup_open()
        guard opened >= 0 else { throw ReactorError(.system(errno), "eventfd") }
        descriptor = opened
        self.action = action
        let what = Int16(EV_READ | EV_PERSIST)
        unsafe event = event_new(base, opened, what, onWakeup, CallbackContext.pointer(to: self))
        guard let event = unsafe event, unsafe event_add(event, nil) == 0 else {
            throw ReactorError(.outOfMemory, "event_new")
        }
    }

    deinit {
        if let event = unsafe event { unsafe event_free(event) }
        close(descriptor)
    }

    /// From any thread.
    func signal() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the loop is already due to wake.
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func wake() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
        action()
    }
}
