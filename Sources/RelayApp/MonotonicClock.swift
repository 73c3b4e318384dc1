import Glibc

/// A clock that never goes back, for heartbeats and deadlines.
enum MonotonicClock {
    /// Milliseconds since the system started.
    static func millis() -> Int64 {
        var now = timespec()
        // The struct is the caller's own and outlives the call.
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }
}
