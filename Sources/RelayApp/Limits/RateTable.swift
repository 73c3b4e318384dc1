/// Who has sent how much of late, by the generic cell rate algorithm: one point in time for each sender, in a table of
/// fixed size. Pure; the caller brings the time.
///
/// Invariants: the table never grows, and no sender costs another its place: a place is free again once its sender might
/// as well be new. Without a free place a sender is let in.
struct RateTable {
    struct Rate: Equatable, Sendable {
        /// Time between two requests of a steady sender, microseconds; at least 1.
        let intervalMicros: Int64
        /// How far a sender may be ahead of that, microseconds.
        let toleranceMicros: Int64

        /// - Parameter burst: requests that may come at once; at least 1.
        init(requestsPerSecond: Int, burst: Int) {
            intervalMicros = max(1, 1_000_000 / Int64(max(1, requestsPerSecond)))
            toleranceMicros = intervalMicros * Int64(max(1, burst) - 1)
        }
    }

    enum Verdict: Equatable {
        case allowed
        case limited(retryAfterMicros: Int64)
        /// The table is full: let in, and not kept account of.
        case untracked
    }

    private struct Place {
        var sender: UInt64 = 0
        /// When the sender's requests so far would be over at its rate, microseconds.
        var arrivalMicros: Int64 = .min
    }

    /// A sender may stand in any of so many places.
    private static let ways = 8

    private var places: [Place]
    private let mask: UInt64

    /// - Parameter capacity: rounded up to a power of two.
    init(capacity: Int) {
        var size = Self.ways
        while size < capacity { size *= 2 }
        places = Array(repeating: Place(), count: size)
        mask = UInt64(size - 1)
    }

    /// Counts a request.
    /// - Parameters:
    ///   - sender: a hash that nobody outside can steer.
    ///   - nowMicros: never goes back.
    mutating func take(_ sender: UInt64, _ rate: Rate, nowMicros: Int64) -> Verdict {
        guard let index = place(of: sender, nowMicros: nowMicros) else { return .untracked }
        let arrival = places[index].sender == sender ? max(places[index].arrivalMicros, nowMicros) : nowMicros
        let ahead = arrival - nowMicros - rate.toleranceMicros
        guard ahead <= 0 else { return .limited(retryAfterMicros: ahead) }
        places[index] = Place(sender: sender, arrivalMicros: arrival + rate.intervalMicros)
        return .allowed
    }

    /// The sender's own place, or a free one.
    private func place(of sender: UInt64, nowMicros: Int64) -> Int? {
        var free: Int?
        for way in 0..<UInt64(Self.ways) {
            let index = Int((sender &+ way) & mask)
            if places[index].sender == sender { return index }
            if free == nil, places[index].arrivalMicros <= nowMicros { free = index }
        }
        return free
    }
}
