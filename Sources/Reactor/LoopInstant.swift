import Glibc

/// A point on the machine's monotonic clock, exact to the kernel's tick (1 to 4 ms) and cheap to read.
public struct LoopInstant: Comparable, Hashable, Sendable {
    /// Milliseconds since an arbitrary start.
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func now() -> LoopInstant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return LoopInstant(milliseconds: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000)
    }

    public static func < (left: LoopInstant, right: LoopInstant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The time from `earlier` to this instant.
    public func since(_ earlier: LoopInstant) -> Duration {
        .milliseconds(milliseconds &- earlier.milliseconds)
    }
}
