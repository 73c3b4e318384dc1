import Foundation
import HTTPIngress
import Reactor

/// Answers of the admin port that take their time: each is made on a thread of its own queue, its reply parked
/// meanwhile, so that health and metrics never wait for them. Belongs to the admin loop.
final class SideDesk {
    /// Calls at once; one more is answered 503.
    private static let capacity = 16

    private let loop: EventLoop
    private let replies = ParkedReplies(capacity: capacity)
    private let queue = DispatchQueue(label: "admin-side")

    init(on loop: EventLoop) { self.loop = loop }

    func answer(_ reply: consuming ReplyHandle, _ make: @escaping @Sendable () -> Reply) {
        guard let ticket = replies.park(reply) else { return }
        let desk = LoopBound(self, on: loop)
        queue.async { [loop] in
            let made = make()
            loop.post { desk.value.send(made, ticket) }
        }
    }

    private func send(_ reply: Reply, _ ticket: UInt64) { replies.take(ticket)?.send(reply) }
}
