/// Where all events are: the law of `design.md` section 5, in numbers.
public struct EventSums: Sendable, Equatable {
    public let received: Int
    public let fannedOut: Int
    public let recovered: Int
    /// Dead letters that were put back into the queue: they are counted as dead as well.
    public let replayed: Int
    public let delivered: Int
    public let queued: Int
    public let dead: Int
    public let duplicate: Int
    public let notSent: Int
    /// Handed to the journal and not yet committed.
    public let pending: Int

    /// 0 when idle. Under traffic a reading can fall between two counters of one event.
    public var unaccounted: Int {
        received + fannedOut + recovered + replayed - delivered - queued - dead - duplicate - notSent - pending
    }
}

extension RelayMetrics {
    /// The sums now. They are read until two readings agree, a few times at most, so that a count on its way from one
    /// place to another seldom shows.
    public var sums: EventSums {
        var last = readSums()
        for _ in 0..<4 {
            let next = readSums()
            if next == last { break }
            last = next
        }
        return last
    }

    private func readSums() -> EventSums {
        EventSums(
            received: total(.eventsReceived), fannedOut: total(.eventsFannedOut), recovered: total(.eventsRecovered),
            replayed: total(.eventsReplayed), delivered: total(.eventsDelivered), queued: total(.eventsQueued),
            dead: total(.eventsDead),
            duplicate: total(.eventsDuplicate), notSent: total(.eventsNotSent), pending: total(.eventsPending))
    }

    /// The sum over all series of a metric.
    func total(_ metric: RelayMetric) -> Int { cells[metric.rawValue].reduce(0) { $0 &+ $1.value } }
}
