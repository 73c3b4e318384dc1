import HTTPIngress
import Reactor
import Testing

@Suite("ParkedReplies")
struct ParkedRepliesTests {
    @Test("a parked reply is answered by a message from another thread")
    func answeredFromOutside() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let clients = (0..<10).map { _ in RawClient(port: server.port) }
        for client in clients { client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        eventually { server.parkedCount() == 10 }
        #expect(server.counters.requestsInFlight == 10)
        let tickets = server.onLoop { $0.handler.tickets }
        let mailbox = server.onLoop { parts in
            ResultBoxed(
                try? Mailbox<UInt64>(on: parts.server.loop, capacity: 100) { [handler = parts.handler] ticket in
                    handler.parked.take(ticket)?.send(.hello)
                })
        }
        for ticket in tickets { #expect(mailbox.value?.send(ticket) == true) }
        for client in clients { #expect(client.readReply()?.status == 200) }
        #expect(eventually { server.counters.requestsInFlight == 0 })
        server.loop.stop()
    }

    @Test("a ticket is good once, also after its slot is used again")
    func ticketsAreGoodOnce() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        let first = server.onLoop { $0.handler.tickets[0] }
        server.onLoop { $0.handler.parked.take(first)?.send(.hello) }
        #expect(client.readReply()?.status == 200)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        let (again, second) = server.onLoop { parts in
            (parts.handler.parked.take(first) == nil, parts.handler.tickets[1])
        }
        #expect(again)
        #expect(second != first)
        server.onLoop { $0.handler.parked.take(second)?.send(.empty) }
        #expect(client.readReply()?.status == 204)
        #expect(server.onLoop { $0.handler.parked.take(.max) == nil })
    }

    @Test(
        "a client that leaves while its reply is parked does no harm and is not counted for ever",
        arguments: [
            true, false,
        ])
    func clientLeaves(byReset: Bool) throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        var client: RawClient? = RawClient(port: server.port)
        client?.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        if byReset { client?.reset() }
        client = nil
        server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.hello) } }
        #expect(eventually { server.counters.connectionsOpen == 0 })
        #expect(server.counters.requestsInFlight == 0)
    }

    @Test("a full table answers 503")
    func full() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let clients = (0..<101).map { _ in RawClient(port: server.port) }
        for client in clients.prefix(100) { client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        eventually { server.parkedCount() == 100 }
        clients[100].send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(clients[100].readReply()?.status == 503)
    }
}

/// Lets a mailbox, which is Sendable, out of the loop.
struct ResultBoxed<Value: Sendable>: Sendable {
    let value: Value?
    init(_ value: Value?) { self.value = value }
}
