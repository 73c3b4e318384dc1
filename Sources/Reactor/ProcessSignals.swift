import Glibc

/// The signals that steer the program.
public enum ProcessSignal: CaseIterable, Sendable {
    /// SIGTERM.
    case terminate
    /// SIGINT.
    case interrupt
    /// SIGHUP.
    case hangUp

    var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .interrupt: SIGINT
        case .hangUp: SIGHUP
        }
    }

    init?(number: Int32) {
        guard let known = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = known
    }
}

/// Signals as values, for the main thread: blocked first, then waited for. No handler runs, so nothing has to be safe
/// inside one.
public enum ProcessSignals {
    /// Blocks the signals in the calling thread and in all that it starts afterwards. First thing in the program.
    public static func block() {
        var set = steeringSet()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next signal, at most for `timeout`; nil when none came.
    public static func wait(for timeout: Duration) -> ProcessSignal? {
        var set = steeringSet()
        let (seconds, attoseconds) = max(timeout, .zero).components
        var limit = timespec(tv_sec: Int(clamping: seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        let number = unsafe sigtimedwait(&set, nil, &limit)
        return ProcessSignal(number: number)
    }

    private static func steeringSet() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in ProcessSignal.allCases {
            unsafe sigaddset(&set, signal.number)
        }
        return set
    }
}
