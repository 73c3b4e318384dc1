import CLibevent
import Glibc

/// libevent's process-wide set-up, done once before the first base exists.
enum LibeventRuntime {
    static func setUpOnce() { done }

    private static let done: Void = {
        precondition(evthread_use_pthreads() == 0, "libevent was built without threads")
        unsafe event_set_log_callback(onLibeventLog)
        event_set_fatal_callback(onLibeventFatal)
        // A peer that is gone is an error of write(2), never a signal.
        signal(SIGPIPE, SIG_IGN)
    }()

    /// libevent's default is `exit(1)` without a word.
    static func stopProgram(code: Int32) -> Never {
        let text: StaticString = "pinrelay: libevent met a fatal error and cannot go on\n"
        _ = unsafe write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
        abort()
    }
}
