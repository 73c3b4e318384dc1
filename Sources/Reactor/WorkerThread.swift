import CRelayShims
import Glibc
import Synchronization

/// A named thread that is joined exactly once. All signals are blocked in it, so that they reach the main thread.
public final class WorkerThread: Sendable {
    private let thread: Mutex<pthread_t?>

    /// - Parameter name: shown by `top` and debuggers; the kernel keeps 15 bytes of it.
    public init(name: String, body: @escaping @Sendable () -> Void) throws(ReactorError) {
        thread = Mutex(try Self.start(ThreadBody(name: name, body: body)))
    }

    deinit {
        precondition(thread.withLock { $0 } == nil, "a thread was dropped without being joined")
    }

    /// Waits for the body's end. Once; never from the thread itself.
    public func join() {
        guard let joinable = thread.withLock({ $0.take() }) else {
            preconditionFailure("a thread is joined once")
        }
        let status = pthread_join(joinable, nil)
        precondition(status == 0, "pthread_join failed: a thread cannot wait for itself")
    }

    /// A new thread inherits its creator's signal mask, so the mask is set around the creation: there is no moment
    /// at which the new thread could take a signal.
    private static func start(_ body: ThreadBody) throws(ReactorError) -> pthread_t {
        var all = sigset_t()
        var before = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }

        var thread = pthread_t()
        let context = unsafe body.handOver()
        let status = unsafe pthread_create(&thread, nil, onThreadStart, context)
        guard status == 0 else {
            _ = unsafe ThreadBody.take(from: context)
            throw ReactorError(.system(status), "pthread_create")
        }
        return thread
    }
}

/// What the new thread runs. Retained by `handOver` and released by `take`, once each.
final class ThreadBody: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = String(decoding: name.utf8.prefix(15), as: UTF8.self)
        self.body = body
    }

    func handOver() -> UnsafeMutableRawPointer {
        unsafe Unmanaged.passRetained(self).toOpaque()
    }

    static func take(from context: UnsafeMutableRawPointer?) -> ThreadBody {
        guard let context = unsafe context else { preconditionFailure("a thread started without its body") }
        return unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
    }

    func callAsFunction() {
        unsafe relay_name_this_thread(name)
        body()
    }
}
