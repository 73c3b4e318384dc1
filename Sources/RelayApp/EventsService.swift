import Foundation
import Inspector
import Reactor
import RelayModel
import Synchronization

/// Gathers the last events from the ingress threads. Asked on a thread of its own, since it waits for them.
final class EventsService: Sendable {
    /// Where one thread's events are.
    struct Seat: Sendable {
        let loop: EventLoop
        let desk: LoopBound<RequestDesk>
    }

    /// How long a thread may take to answer; one that stands still is left out.
    private static let patience = DispatchTimeInterval.seconds(1)

    private let seats: [Seat]
    private let sources: [String]

    /// - Parameter sources: the names, as metrics have them.
    init(_ seats: [Seat], sources: [String]) {
        self.seats = seats
        self.sources = sources
    }

    func list(_ query: SeenEventQuery) -> SeenEventList {
        let found = Found()
        let deadline = DispatchTime.now() + Self.patience
        for seat in seats {
            seat.loop.post { found.add(seat.desk.value.seenEvents) }
        }
        let answered = seats.filter { _ in found.waitForOne(until: deadline) }.count
        return SeenEventList(
            events: query.lines(of: found.events, sources: sources), isComplete: answered == seats.count)
    }

    /// The newest ones, for the page.
    func recent(_ count: Int) -> [RecentEvent] {
        guard let query = try? SeenEventQuery(["limit": "\(count)"]) else { return [] }
        return list(query).events.map { line in
            RecentEvent(
                time: line.at, source: line.source, name: line.name, eventName: line.eventName ?? "",
                outcome: line.reason.map { "\(line.outcome): \($0)" } ?? line.outcome,
                identifiers: line.identifiers.joined(separator: " "))
        }
    }

    /// What has come in so far.
    private final class Found: Sendable {
        private let all = Mutex<[SeenEvent]>([])
        private let arrival = DispatchSemaphore(value: 0)

        var events: [SeenEvent] { all.withLock { $0 } }

        func add(_ more: [SeenEvent]) {
            all.withLock { $0 += more }
            arrival.signal()
        }

        func waitForOne(until deadline: DispatchTime) -> Bool { arrival.wait(timeout: deadline) == .success }
    }
}
