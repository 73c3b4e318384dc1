import CLibevent
import Reactor

/// The right to answer one request, once. Belongs to the loop's thread. It cannot be copied, so answering twice does not
/// compile; dropped unanswered, it answers 500 and is counted.
@safe public struct ReplyHandle: ~Copyable {
    // evhttp's; alive until a reply is sent, also when the client has left.
    private let request: OpaquePointer
    private let connection: IngressConnection
    private let server: IngressServer
    private let sendsBody: Bool
    private var closes = false
    private var isAnswered = false

    init(request: OpaquePointer, connection: IngressConnection, server: IngressServer, sendsBody: Bool) {
        unsafe self.request = request
        self.connection = connection
        self.server = server
        self.sendsBody = sendsBody
    }

    deinit {
        guard !isAnswered else { return }
        server.counters.replyDropped()
        answer(.unanswered)
    }

    /// Ends the connection once this reply is out.
    public mutating func closeAfterwards() {
        closes = true
    }

    /// Answers. Cheap if the client has left: the request is freed and nothing is sent.
    public consuming func send(_ reply: borrowing Reply) {
        isAnswered = true
        answer(reply)
    }

    private borrowing func answer(_ reply: borrowing Reply) {
        server.loop.assertOnLoop()
        server.heldReplies -= 1
        guard unsafe evhttp_request_get_connection(request) != nil else {
            unsafe evhttp_send_reply(request, reply.status.code, nil, nil)
            return server.loadChanged()
        }
        let isLast = closes || server.isLastReply(on: connection)
        unsafe ReplyWriter(request: request).write(reply, sendsBody: sendsBody, isLast: isLast)
        connection.replyStarted()
        unsafe evhttp_send_reply(request, reply.status.code, reply.status.phrase.cString, nil)
    }
}
