import HTTPIngress
import Testing

@Suite("ReplyHandle")
struct ReplyTests {
    @Test("status, headers and body arrive; a header with a control character does not")
    func parts() throws {
        let server = try TestServer { _, reply, _ in
            reply.send(
                Reply(
                    .serviceUnavailable, contentType: "application/json",
                    headers: [
                        ReplyHeader("Retry-After", "3"), ReplyHeader("X-Bytes", bytes: Array("v ü".utf8)),
                        ReplyHeader("X-Evil", bytes: Array("a\r\nSet-Cookie: x".utf8)),
                    ], body: .bytes(Array("{}".utf8))))
        }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let reply = try #require(client.readReply())
        #expect(reply.head.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(reply.header("Retry-After") == "3")
        #expect(reply.header("X-Bytes") == "v ü")
        #expect(reply.header("X-Evil") == nil)
        #expect(reply.header("Set-Cookie") == nil)
        #expect(reply.header("Content-Type") == "application/json")
        #expect(reply.body == "{}")
    }

    @Test(
        "no body follows HEAD or 204, whatever the handler passes",
        arguments: [
            ("HEAD", HTTPStatus.ok), ("GET", .noContent),
        ])
    func bodiless(_ method: String, _ status: HTTPStatus) throws {
        let server = try TestServer { _, reply, _ in
            reply.send(Reply(status, contentType: "text/plain", body: .fixed("must not be sent")))
        }
        let client = RawClient(port: server.port)
        client.send("\(method) / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        let all = try #require(client.readToEnd())
        #expect(all.hasSuffix("\r\n\r\n"))
        #expect(!all.contains("must not be sent"))
    }

    @Test("a dropped handle answers 500 and is counted")
    func dropped() throws {
        let server = try TestServer { _, _, _ in }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.status == 500)
        #expect(server.counters.repliesDropped == 1)
        #expect(eventually { server.counters.requestsInFlight == 0 })
    }

    @Test("pipelined requests are answered in order")
    func pipelining() throws {
        let server = try TestServer { request, reply, _ in reply.send(.text(request.withPath { $0.text })) }
        let client = RawClient(port: server.port)
        client.send((0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
        for number in 0..<50 { #expect(client.readReply()?.body == "/\(number)") }
    }

    @Test("pipelined requests behind a 100-continue are answered once each, in order")
    func pipeliningAfterContinue() throws {
        let server = try TestServer { request, reply, _ in reply.send(.text(request.withBody { $0.text })) }
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        #expect(client.readReply()?.status == 100)
        client.send("abcPOST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nxyz")
        client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        #expect(client.readReply()?.body == "abc")
        var second = client.readReply()
        if second?.status == 100 { second = client.readReply() }
        #expect(second?.body == "xyz")
        #expect(client.readReply()?.body == "")
        #expect(client.readToEnd() == "")
    }

    @Test("a client that has shut down its sending side still gets its reply")
    func halfClosed() throws {
        let server = try TestServer()
        for _ in 0..<20 {
            let client = RawClient(port: server.port)
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
            client.endSending()
            #expect(client.readReply()?.body == "hello")
        }
    }

    @Test("a half-closed client whose reply was parked gets it too")
    func halfClosedAndParked() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        client.endSending()
        eventually { server.parkedCount() == 1 }
        server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.hello) } }
        #expect(client.readReply()?.body == "hello")
    }

    @Test(
        "HTTP/1.0 and Connection: close end the connection after the reply",
        arguments: [
            "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        ])
    func closing(_ request: String) throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(request)
        #expect(client.readToEnd()?.hasSuffix("hello") == true)
        #expect(eventually { server.counters.connectionsOpen == 0 })
    }

    @Test("a large reply arrives whole")
    func large() throws {
        let server = try TestServer { _, reply, _ in
            reply.send(.text(String(repeating: "0123456789", count: 500_000)))
        }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        let all = try #require(client.readToEnd())
        #expect(all.utf8.count > 5_000_000)
        #expect(all.hasSuffix("0123456789"))
    }

    @Test("the last allowed request of a connection closes it")
    func requestsPerConnection() throws {
        var limits = IngressLimits.forTests
        limits.requestsPerConnection = 2
        let server = try TestServer(limits: limits)
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.header("Connection") == nil)
        #expect(client.readReply()?.header("Connection") == "close")
        #expect(client.readToEnd() == "")
    }
}
