import CLibcurl
import Synchronization

/// Ends the current, or else the next, wait of an ``EgressLoop``. May be called from any thread, also after the
/// loop is gone.
public final class EgressWaker: Sendable {
    /// The multi that is to be woken; nil once it is being torn down. The lock is held for the call, so a multi is
    /// never freed under a waker's feet.
    private let target = Mutex<WakeTarget?>(nil)

    init() {}

    public func wake() {
        target.withLock { target in
            // Fails only without memory for the wake-up pipe; the loop's own wait is bounded.
            if let target { _ = unsafe curl_multi_wakeup(target.pointer) }
        }
    }

    func aim(at multi: borrowing MultiHandle) {
        let new = WakeTarget(multi)
        target.withLock { $0 = new }
    }

    func disarm() { target.withLock { $0 = nil } }
}

/// A multi handle as another thread may see it.
@safe
private struct WakeTarget: @unchecked Sendable {  // libcurl allows curl_multi_wakeup, its only use, from any thread
    let pointer: UnsafeMutableRawPointer

    init(_ multi: borrowing MultiHandle) { unsafe pointer = multi.pointer }
}
