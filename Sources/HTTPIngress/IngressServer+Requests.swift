import CLibevent
import Reactor

// A request's way: read whole by evhttp, looked at by the guard, given to the handler with the right to answer it, and done
// when the last byte of the reply has left.
extension IngressServer {
    /// A whole request has been read. evhttp has turned reading off until it is answered.
    func received(_ request: OpaquePointer) {
        guard let evcon = unsafe evhttp_request_get_connection(request),
            let connection = connections[unsafe ConnectionKey(evcon)]
        else {
            unsafe evhttp_send_error(request, HTTPStatus.internalServerError.code, nil)
            return
        }
        connection.requestArrived(at: .now())
        counters.requestArrived()
        heldReplies += 1
        let context = unsafe CallbackContext.pointer(to: connection)
        unsafe evhttp_request_set_on_complete_cb(request, onEvhttpReplied, context)
        let view = unsafe RequestView(request: request, connection: evcon)
        let reply = unsafe ReplyHandle(
            request: request, connection: connection, server: self, sendsBody: view.method != .head)
        dispatch(view, reply)
    }

    private func dispatch(_ view: borrowing RequestView, _ reply: consuming ReplyHandle) {
        guard let refusal = view.refusal(limits) else { return handler.handle(view, reply) }
        counters.refused(refusal)
        if refusal.endsConnection { reply.closeAfterwards() }
        handler.refuse(view, refusal, reply)
    }

    /// The last byte of the reply is with the kernel.
    func replied(_ connection: IngressConnection) {
        guard connection.isInFlight else { return }
        connection.replyFinished()
        counters.requestLeft()
        loadChanged()
    }

    /// True if the reply about to be written on the connection is its last.
    func isLastReply(on connection: IngressConnection) -> Bool {
        drain.closesConnections
            || (limits.requestsPerConnection > 0 && connection.requestCount >= limits.requestsPerConnection)
    }
}
