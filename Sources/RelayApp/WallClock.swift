import Glibc

/// The time of day, for event times and for what the journal keeps.
enum WallClock {
    /// Microseconds since 1970.
    static func micros() -> Int64 {
        var now = timespec()
        // The struct is the caller's own and outlives the call.
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }

    /// Milliseconds since 1970.
    static func millis() -> Int64 { micros() / 1_000 }
}
