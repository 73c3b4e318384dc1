import HTTPIngress
import Reactor
import Testing

@Suite("Draining a server")
struct DrainTests {
    @Test("an idle server drains at once, and its port is free again")
    func idle() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.status == 200)
        #expect(server.drain(deadline: .seconds(5)).wait().isClean)
        #expect(client.readToEnd() == "")
        #expect(!RawClient(port: server.port).isConnected)
        #expect(server.counters.connectionsOpen == 0)
    }

    @Test("requests in flight are answered, with Connection: close, before the drain ends")
    func inFlight() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let clients = (0..<5).map { _ in RawClient(port: server.port) }
        for client in clients { client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        eventually { server.parkedCount() == 5 }
        let outcome = server.drain(deadline: .seconds(5))
        _ = eventuallyWithin(milliseconds: 100) { outcome.get() != nil }
        #expect(outcome.get() == nil)
        server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.hello) } }
        for client in clients {
            let reply = try #require(client.readReply())
            #expect(reply.status == 200)
            #expect(reply.header("Connection") == "close")
        }
        #expect(outcome.wait().isClean)
    }

    @Test("a request that is half sent when the drain begins is still served")
    func halfSent() throws {
        var limits = IngressLimits.forTests
        limits.requestDeadline = .seconds(5)
        let server = try TestServer(limits: limits)
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe")
        eventually { server.counters.connectionsOpen == 1 }
        _ = eventuallyWithin(milliseconds: 50) { false }
        let outcome = server.drain(deadline: .seconds(5))
        _ = eventuallyWithin(milliseconds: 50) { false }
        client.send("llo")
        #expect(client.readReply()?.status == 200)
        #expect(outcome.wait().isClean)
    }

    @Test("connections waiting in the listener's queue are served, not reset")
    func queued() throws {
        let server = try TestServer()
        server.loop.post {
            // Keeps the loop busy while clients fill the queue.
            _ = eventuallyWithin(milliseconds: 150) { false }
        }
        let clients = (0..<40).map { _ in RawClient(port: server.port) }
        for client in clients { client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        let outcome = server.drain(deadline: .seconds(5))
        for client in clients { #expect(client.readReply()?.status == 200) }
        #expect(outcome.wait().isClean)
    }

    @Test("what is busy at the deadline is cut and reported; replies sent later do no harm")
    func deadline() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        let outcome = server.drain(deadline: .milliseconds(50))
        #expect(client.readToEnd() == "")
        server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.hello) } }
        let cut = outcome.wait()
        #expect(cut.cutConnections == 1)
        #expect(cut.heldReplies == 0)
    }

    @Test("a reply that nobody ever sends is reported")
    func neverAnswered() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        let outcome = server.drain(deadline: .milliseconds(20))
        let cut = outcome.wait()
        #expect(cut.cutConnections == 1)
        #expect(cut.heldReplies == 1)
    }

    @Test("a client that left while parked does not hold the drain up, once its reply is dropped")
    func clientLeft() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        var client: RawClient? = RawClient(port: server.port)
        client?.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        client = nil
        let outcome = server.drain(deadline: .seconds(5))
        server.onLoop { parts in parts.handler.parked.takeAll { _ = consume $0 } }
        #expect(outcome.wait().isClean)
        #expect(server.counters.repliesDropped == 1)
    }

    @Test("listening after the drain is an error")
    func closed() throws {
        let server = try TestServer()
        _ = server.drain(deadline: .seconds(1)).wait()
        let error = server.onLoop { parts in
            do throws(IngressError) {
                try parts.server.listen(address: "127.0.0.1", port: 0)
                return nil as IngressError?
            } catch {
                return error
            }
        }
        #expect(error?.code == .closed)
    }
}
