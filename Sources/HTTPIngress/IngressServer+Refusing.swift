import CLibevent
import CRelayShims
import Glibc

// What never becomes a request: found out before evhttp reads it, or refused by evhttp itself.
extension IngressServer {
    /// Answers and ends the connection. evhttp sees nothing of it: its input is emptied, and what still comes goes the
    /// same way until the client ends or `lingerDeadline` has passed, so that a client that is sending can read why.
    func refuse(_ fault: FramingScanner.Fault, on connection: IngressConnection) {
        connection.discardInput()
        switch fault {
        case .malformed(let fault):
            counters.refused(.malformed(fault))
            noteRefusal(status: Int(HTTPStatus.badRequest.code))
            connection.sendLast(FinalReply.malformed)
        case .bodyTooLarge:
            noteRefusal(status: Int(HTTPStatus.payloadTooLarge.code))
            connection.sendLast(FinalReply.bodyTooLarge)
        }
    }

    func noteRefusal(status: Int) {
        counters.answeredWithoutRequest()
        handler.turnedAway(status: status)
    }
}
