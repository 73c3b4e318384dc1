import HTTPIngress
import Synchronization
import Testing

/// Ambiguous requests through real sockets, each followed by one that must not be seen.
@Suite("Request smuggling")
struct SmugglingTests {
    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"

    private final class Paths: Sendable {
        let seen = Mutex<[String]>([])
    }

    private func exchange(_ bytes: String, _ limits: IngressLimits = .forTests) throws -> (String, [String], TestServer)
    {
        let paths = Paths()
        let server = try TestServer(limits: limits) { request, reply, _ in
            let path = request.withPath { $0.text }
            paths.seen.withLock { $0.append(path) }
            reply.send(.text(request.withBody { $0.text }))
        }
        let client = RawClient(port: server.port)
        client.send(bytes)
        let all = try #require(client.readToEnd())
        return (all, paths.seen.withLock { $0 }, server)
    }

    @Test("what another parser may read otherwise gets one 400, and the connection ends", arguments: FramingCase.all)
    func refused(_ item: FramingCase) throws {
        let (all, paths, server) = try exchange(item.bytes + Self.smuggled)
        #expect(all.hasPrefix("HTTP/1.1 400 "))
        #expect(all.contains(#"{"code":"malformed_request""#))
        #expect(all.components(of: "HTTP/1.1") == 1)
        #expect(paths == [])
        #expect(server.counters.guardRejections == 1)
        #expect(server.counters.answersWithoutRequest == 1)
        #expect(eventually { server.counters.connectionsOpen == 0 })
    }

    @Test(
        "lengths and codings that contradict each other or are no numbers get one 400, and the connection ends",
        arguments: [
            "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 40",
            "Content-Length: 5, 5", "Content-Length: +5", "Content-Length: -5", "Content-Length: 0x5",
            "Content-Length: 5 5", "Content-Length:", "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5", "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: identity",
            "Transfer-Encoding: xchunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: \"chunked\"", "Transfer-Encoding:", "Content-Length : 5", "Transfer-Encoding : chunked",
            "Transfer\u{b}Encoding: chunked", "Host: other",
        ])
    func contradictions(_ headers: String) throws {
        let bytes = "POST /first HTTP/1.1\r\nHost: h\r\n\(headers)\r\n\r\n"
        let (all, paths, _) = try exchange(bytes + "5\r\nhello\r\n0\r\n\r\n" + Self.smuggled)
        #expect(all.hasPrefix("HTTP/1.1 400 "))
        #expect(all.components(of: "HTTP/1.1") == 1)
        #expect(paths == [])
    }

    @Test("requests before a faulty one are answered; after the answer the connection ends")
    func pipelined() throws {
        let good = "POST /good HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
        let (all, paths, _) = try exchange(good + "GET /bad HTTP/1.1\nHost: h\n\n" + Self.smuggled)
        #expect(all.hasPrefix("HTTP/1.1 200 "))
        #expect(all.contains("Connection: close"))
        #expect(all.components(of: "HTTP/1.1") == 1)
        #expect(paths == ["/good"])
    }

    @Test("a faulty request while the one before is being answered ends the connection with that answer")
    func pipelinedWhileParked() throws {
        let server = try TestServer { _, reply, handler in handler.park(reply) }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n" + "GET /bad HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n")
        eventually { server.parkedCount() == 1 }
        server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.hello) } }
        let all = try #require(client.readToEnd())
        #expect(all.hasPrefix("HTTP/1.1 200 ") && all.hasSuffix("hello"))
        #expect(server.counters.requestsReceived == 1)
    }

    @Test("a length over what is read gets 413 at once, without the body, and the next request is not seen")
    func tooLargeAtOnce() throws {
        let (all, paths, server) = try exchange(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n" + Self.smuggled)
        #expect(all.hasPrefix("HTTP/1.1 413 "))
        #expect(all.contains(#"{"code":"body_too_large""#))
        #expect(all.components(of: "HTTP/1.1") == 1)
        #expect(paths == [])
        #expect(server.counters.guardRejections == 0)
        #expect(server.counters.deadlineCuts == 0)
    }

    @Test("a client that goes on sending a refused body can read the answer, and is cut when it does not end")
    func lingering() throws {
        var limits = IngressLimits.forTests
        limits.lingerDeadline = .milliseconds(300)
        let server = try TestServer(limits: limits)
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000000\r\n\r\n")
        #expect(client.send(String(repeating: "x", count: 3_000_000)))
        #expect(client.readReply()?.status == 413)
        #expect(eventually { server.counters.connectionsOpen == 0 })
    }

    @Test(
        "what evhttp refuses by itself is told to the handler with its status",
        arguments: [
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400), ("BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 3_000))\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: h\r\nExpect: x\r\nContent-Length: 5\r\n\r\nhello", 417),
        ])
    func evhttpRefusals(_ bytes: String, _ status: Int) throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(bytes)
        #expect(client.readReply()?.status == status)
        #expect(server.onLoop { $0.handler.turnedAwayStatuses } == [status])
        #expect(server.counters.answersWithoutRequest == 1)
        #expect(server.counters.requestsReceived == 0)
    }

    @Test("100 Continue and ordinary answers are no refusals")
    func noRefusals() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        #expect(client.readReply()?.status == 100)
        client.send("hello")
        #expect(client.readReply()?.status == 200)
        #expect(server.counters.answersWithoutRequest == 0)
    }
}
