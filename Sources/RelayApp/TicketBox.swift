import Journal
import Reactor

/// The way back from the journal's thread to an ingress loop: tickets of parked calls.
///
/// A batch that waits holds at least one ticket that is out, and a desk has no more of them out than this has places
/// (`RequestDesk`): so a batch always fits.
final class TicketBox: Sendable {
    private let mailbox: Mailbox<TicketBatch>

    /// Set up on the loop's thread, or before it runs; `settle` is called on the loop.
    /// - Parameter capacity: at least as many as tickets may be out at once.
    init(on loop: EventLoop, capacity: Int, settle: @escaping (TicketBatch) -> Void) throws {
        mailbox = try Mailbox(on: loop, capacity: capacity, handler: settle)
    }

    /// From any thread.
    func send(_ batch: TicketBatch) {
        let fits = mailbox.send(batch)
        assert(fits, "more tickets are out than a desk may have")
    }
}

/// Requests of one loop whose appends ended alike.
struct TicketBatch: Sendable {
    var requests: [UInt64]
    var outcome: AppendOutcome
    /// Which events of these requests were repeats, by their places in the append; only for those that ask and had any.
    var repeats: [UInt64: [Int]] = [:]
}
