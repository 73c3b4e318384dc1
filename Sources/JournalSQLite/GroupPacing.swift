/// Spaces the commits when many senders wait for each: a commit costs about the same for two events as for fifty, so
/// one that begins a little later carries more and costs less an event. While a group is awaited the ingress threads
/// go on reading, so nothing is lost but that little time. A few senders never wait.
package struct GroupPacing {
    /// A group of so many appends shows that senders are many.
    package static let crowd = 8

    private let interval: Duration
    private var earliest: ContinuousClock.Instant?

    /// - Parameter interval: from the beginning of a commit to that of the next, at least.
    package init(interval: Duration) {
        self.interval = interval
    }

    /// A group was taken, and its commit begins.
    package mutating func took(appendCount: Int, now: ContinuousClock.Instant) {
        earliest = appendCount >= Self.crowd ? now + interval : nil
    }

    /// How long the next group is left to grow; nil when it is taken at once.
    package func delay(now: ContinuousClock.Instant) -> Duration? {
        earliest.flatMap { $0 > now ? min($0 - now, interval) : nil }
    }
}
