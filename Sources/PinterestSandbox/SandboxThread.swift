import Glibc

/// A detached thread with all signals blocked, so that they reach the main thread.
enum SandboxThread {
    static func start(_ body: @escaping @Sendable () -> Void) throws(SandboxError) {
        var all = sigset_t()
        var before = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }

        var thread = pthread_t()
        // Released by the thread, or below where there is none.
        let context = unsafe Unmanaged.passRetained(ThreadWork(body))
        let status = unsafe pthread_create(&thread, nil, onSandboxThread, context.toOpaque())
        guard status == 0 else {
            unsafe context.release()
            throw SandboxError("pthread_create", status)
        }
        pthread_detach(thread)
    }
}

private final class ThreadWork: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func onSandboxThread(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context = unsafe context {
        unsafe Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue().body()
    }
    return nil
}
