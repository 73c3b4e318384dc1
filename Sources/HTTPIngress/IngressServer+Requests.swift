import CLibevent
import Reactor

// A request's way: read whole by evhttp, looked at by the guard, given to the handler with the right to answer it, and done
// when the last byte of the reply has left.
extension IngressServer {
    /// A whole request has been read. evhttp has turned reading off until it is answered.
    func received(_ request: OpaquePointer) {
        // A TLS bufferevent says at the end of the turn that its output is empty. Said of a `100 Continue`, evhttp would
        // take it for the end of a reply that has been begun in the same turn.
        if certificate != nil, unsafe evhttp_find_header(evhttp_request_get_input_headers(request), "Expect") != nil {
            unsafe postpone(request)
        } else {
            unsafe accept(request)
        }
    }

    private func postpone(_ request: OpaquePointer) {
        heldReplies += 1
        unsafe postponed.append(PostponedRequest(request: request))
        if postponed.count == 1 { resumption.schedule(after: .zero) }
    }

    func acceptPostponed() {
        let waiting = postponed
        postponed = []
        heldReplies -= waiting.count
        for request in waiting { unsafe accept(request.request) }
        loadChanged()
    }

    private func accept(_ request: OpaquePointer) {
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
        drain.closesConnections || connection.endsAfterReply
            || (limits.requestsPerConnection > 0 && connection.requestCount >= limits.requestsPerConnection)
    }
}

/// A request that is looked at in the next turn. evhttp keeps it until it is answered, also when its client leaves.
@safe struct PostponedRequest {
    let request: OpaquePointer

    init(request: OpaquePointer) { unsafe self.request = request }
}
