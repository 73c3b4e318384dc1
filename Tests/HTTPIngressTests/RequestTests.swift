import HTTPIngress
import Testing

@Suite("RequestView")
struct RequestTests {
    @Test("method, path, query, headers, body and peer arrive as they were sent")
    func parts() throws {
        let server = try TestServer { request, reply, _ in
            let lines = [
                "\(request.method)",
                request.withPath { $0.text }, request.withQuery { $0.text },
                request.withHeader("x-one") { $0.text } ?? "-", request.withHeader("x-none") { $0.text } ?? "-",
                "\(request.headerCount("X-Two"))",
                request.withBody { $0.text }, "\(request.bodyByteCount)",
                request.withRemoteAddress { $0.text },
            ]
            reply.send(.text(lines.joined(separator: "|")))
        }
        let client = RawClient(port: server.port)
        client.send(
            "POST /a%20b/c?x=%2F&y=ü|\"{ HTTP/1.1\r\nHost: h\r\nX-ONE:  v  \r\nx-two: 1\r\nX-Two: 2\r\n"
                + "Content-Length: 4\r\n\r\nbody")
        #expect(
            client.readReply()?.body == "post|/a%20b/c|x=%2F&y=ü|\"{|v|-|2|body|4|127.0.0.1")
    }

    @Test("a body that comes in pieces is whole")
    func bodyInPieces() throws {
        let server = try TestServer { request, reply, _ in reply.send(.text(request.withBody { $0.text })) }
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n")
        for _ in 0..<9 { client.send(String(repeating: "x", count: 100)) }
        #expect(client.readReply()?.body == String(repeating: "x", count: 900))
    }

    @Test("a chunked body is whole")
    func chunkedBody() throws {
        let server = try TestServer { request, reply, _ in reply.send(.text(request.withBody { $0.text })) }
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        #expect(client.readReply()?.body == "abcde")
    }

    @Test(
        "a target without path or query, and an absolute one",
        arguments: [
            ("/", "/", ""), ("/?", "/", ""), ("/a?b?c", "/a", "b?c"), ("http://other.example/p?q=1", "/p", "q=1"),
            ("*", "*", ""),
        ])
    func targets(_ target: String, _ path: String, _ query: String) throws {
        let server = try TestServer { request, reply, _ in
            reply.send(.text(request.withPath { $0.text } + "|" + request.withQuery { $0.text }))
        }
        let client = RawClient(port: server.port)
        client.send("OPTIONS \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.body == "\(path)|\(query)")
    }

    @Test("an IPv4 peer of an IPv6 listener has its IPv4 address")
    func mappedAddress() throws {
        let server = try TestServer(address: "::") { request, reply, _ in
            reply.send(.text(request.withRemoteAddress { $0.text }))
        }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.body == "127.0.0.1")
    }

    @Test("OPTIONS reaches the handler")
    func options() throws {
        let server = try TestServer { request, reply, _ in
            reply.send(request.method == .options ? .empty : .hello)
        }
        let client = RawClient(port: server.port)
        client.send("OPTIONS /x HTTP/1.1\r\nHost: h\r\nOrigin: https://shop.example\r\n\r\n")
        #expect(client.readReply()?.status == 204)
    }

    @Test("other methods are refused by us, as JSON, and the connection stays", arguments: ["PUT", "PATCH", "DELETE"])
    func otherMethods(_ method: String) throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("\(method) /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
        let reply = try #require(client.readReply())
        #expect(reply.status == 405)
        #expect(reply.header("Allow") == "GET, POST, HEAD, OPTIONS")
        #expect(reply.body.contains(#""code":"method_not_allowed""#))
        client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.status == 200)
    }
}
