import Reactor

/// The way back from the journal's thread to an ingress loop: tickets of parked calls.
///
/// Its bound is above the number of calls that a loop may park, so a ticket always fits.
final class TicketBox: Sendable {
    private let mailbox: Mailbox<TicketBatch>

    /// Set up on the loop's thread, or before it runs; `settle` is called on the loop.
    init(on loop: EventLoop, capacity: Int, settle: @escaping (TicketBatch) -> Void) throws {
        mailbox = try Mailbox(on: loop, capacity: capacity, handler: settle)
    }

    func send(_ batch: TicketBatch) { mailbox.send(batch) }
}
