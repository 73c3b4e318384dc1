import HTTPIngress
import Reactor
import Testing

@Suite("IngressLimits")
struct LimitTests {
    @Test("headers over the limit: evhttp answers 400 and closes, the handler hears nothing")
    func headersTooLong() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Long: \(String(repeating: "x", count: 3_000))\r\n\r\n")
        #expect(client.readReply()?.status == 400)
        #expect(server.counters.requestsReceived == 0)
    }

    @Test("a request line over the limit gets the same 400")
    func requestLineTooLong() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("GET /\(String(repeating: "x", count: 3_000)) HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.status == 400)
        #expect(server.counters.requestsReceived == 0)
    }

    @Test("a body over the limit gets our 413, and the connection stays")
    func bodyTooLarge() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(post(String(repeating: "x", count: 1_001)))
        let reply = try #require(client.readReply())
        #expect(reply.status == 413)
        #expect(reply.body.contains(#""code":"body_too_large""#))
        client.send(post(String(repeating: "x", count: 1_000)))
        #expect(client.readReply()?.status == 200)
    }

    @Test("a body far over the limit gets evhttp's 413, even if the client sends it all first")
    func bodyFarTooLarge() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        #expect(client.send(post(String(repeating: "x", count: 3_000_000))))
        #expect(client.readReply()?.status == 413)
        #expect(server.counters.requestsReceived == 0)
    }

    @Test("a chunked body far over the limit gets a 413")
    func chunkedBodyFarTooLarge() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n")
        #expect(client.readReply()?.status == 413)
    }

    @Test("a client that drips a request is cut at the deadline", arguments: ["GET /", "GET / HTTP/1.1\r\nHo"])
    func slowDrip(_ start: String) throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(start)
        let began = LoopInstant.now()
        while server.counters.deadlineCuts == 0, LoopInstant.now().since(began) < .seconds(3) {
            client.send("x")
            _ = eventuallyWithin(milliseconds: 40) { server.counters.deadlineCuts > 0 }
        }
        #expect(client.readToEnd() != nil)
        #expect(server.counters.deadlineCuts == 1)
        #expect(LoopInstant.now().since(began) < .seconds(2))
        #expect(eventually { server.counters.connectionsOpen == 0 })
    }

    @Test("a body that stops coming is cut at the deadline, also on a connection that was good before")
    func slowBody() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(post("first"))
        #expect(client.readReply()?.status == 200)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf")
        #expect(client.readToEnd() == "")
        #expect(server.counters.deadlineCuts == 1)
    }

    @Test("a connection that is merely idle, and one whose reply is parked, outlive the deadline")
    func deadlineSparesIdleAndParked() throws {
        let server = try TestServer { request, reply, handler in
            if request.withPath({ $0.text }) == "/park" { handler.park(reply) } else { reply.send(.hello) }
        }
        let fresh = RawClient(port: server.port)
        let idle = RawClient(port: server.port)
        let parked = RawClient(port: server.port)
        idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(idle.readReply()?.status == 200)
        parked.send("GET /park HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = eventuallyWithin(milliseconds: 500) { false }
        #expect(server.counters.deadlineCuts == 0)
        #expect(server.counters.connectionsOpen == 3)
        server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.hello) } }
        #expect(parked.readReply()?.status == 200)
        fresh.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(fresh.readReply()?.status == 200)
    }

    @Test("an idle connection ends with the idle timeout")
    func idleTimeout() throws {
        var limits = IngressLimits.forTests
        limits.idleTimeout = .milliseconds(100)
        let server = try TestServer(limits: limits)
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.status == 200)
        #expect(client.readToEnd() == "")
        #expect(server.counters.deadlineCuts == 0)
        #expect(eventually { server.counters.connectionsOpen == 0 })
    }

    @Test("a client that does not read its reply is cut at the deadline")
    func slowReader() throws {
        let server = try TestServer { _, reply, _ in
            reply.send(.text(String(repeating: "x", count: 20_000_000)))
        }
        let client = RawClient(port: server.port, receiveBuffer: 4_096)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(eventually { server.counters.deadlineCuts == 1 })
        #expect(eventually { server.counters.requestsInFlight == 0 && server.counters.connectionsOpen == 0 })
    }

    @Test("over the cap the longest idle connection goes, and the newcomer is served")
    func eviction() throws {
        var limits = IngressLimits.forTests
        limits.maxConnections = 2
        let server = try TestServer(limits: limits)
        let old = RawClient(port: server.port)
        old.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(old.readReply()?.status == 200)
        _ = eventuallyWithin(milliseconds: 30) { false }
        let younger = RawClient(port: server.port)
        younger.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(younger.readReply()?.status == 200)
        let newest = RawClient(port: server.port)
        newest.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(newest.readReply()?.status == 200)
        #expect(old.readToEnd() == "")
        younger.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(younger.readReply()?.status == 200)
        #expect(server.counters.connectionsEvicted == 1)
    }

    @Test("connections that never send anything cannot keep others out")
    func silentConnections() throws {
        var limits = IngressLimits.forTests
        limits.maxConnections = 20
        let server = try TestServer(limits: limits)
        let silent = (0..<20).map { _ in RawClient(port: server.port) }
        eventually { server.counters.connectionsOpen == 20 }
        _ = eventuallyWithin(milliseconds: 40) { false }
        for _ in 0..<5 {
            let client = RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.readReply()?.status == 200)
        }
        #expect(server.counters.connectionsRefused == 0)
        #expect(server.counters.connectionsEvicted >= 1 && server.counters.connectionsEvicted <= 5)
        _ = silent
    }

    @Test("over the cap with all busy, the newcomer is closed at once")
    func refusal() throws {
        var limits = IngressLimits.forTests
        limits.maxConnections = 1
        let server = try TestServer(limits: limits) { _, reply, handler in handler.park(reply) }
        let busy = RawClient(port: server.port)
        busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        let late = RawClient(port: server.port)
        #expect(late.readToEnd() == "")
        #expect(server.counters.connectionsRefused == 1)
        server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.hello) } }
        #expect(busy.readReply()?.status == 200)
    }

    @Test("connections are counted from accept to close, also those that never send a request")
    func counting() throws {
        let server = try TestServer()
        var clients: [RawClient] = (0..<20).map { _ in RawClient(port: server.port) }
        #expect(eventually { server.counters.connectionsOpen == 20 })
        clients.removeLast(15)
        #expect(eventually { server.counters.connectionsOpen == 5 })
        clients = []
        #expect(eventually { server.counters.connectionsOpen == 0 })
        #expect(server.counters.connectionsAccepted == 20)
    }

    private func post(_ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
