import Foundation
import HTTPIngress
import Reactor

/// The dead letters on the admin port. Each call is answered on a thread of its own queue, since it waits for the disk;
/// the reply is parked meanwhile. Belongs to the admin loop.
final class DeadLetterDesk {
    /// Calls at once; one more is answered 503.
    private static let capacity = 16

    private let service: DeadLetterService
    private let loop: EventLoop
    private let replies = ParkedReplies(capacity: capacity)
    private let queue = DispatchQueue(label: "dead-letters")

    init(_ service: DeadLetterService, on loop: EventLoop) {
        self.service = service
        self.loop = loop
    }

    func answer(_ call: DeadLetterCall, _ reply: consuming ReplyHandle) {
        guard let ticket = replies.park(reply) else { return }
        let (service, loop) = (service, loop)
        let desk = LoopBound(self, on: loop)
        queue.async {
            let answer = service.answer(call)
            loop.post { desk.value.send(answer, ticket) }
        }
    }

    private func send(_ answer: DeadLetterAnswer, _ ticket: UInt64) {
        replies.take(ticket)?.send(Reply(answer))
    }
}

extension Reply {
    init(_ answer: DeadLetterAnswer) {
        self.init(
            HTTPStatus(known: answer.status), contentType: "application/json",
            headers: [ReplyHeader("Cache-Control", "no-store")], body: .bytes(answer.body + [UInt8(ascii: "\n")]))
    }
}
