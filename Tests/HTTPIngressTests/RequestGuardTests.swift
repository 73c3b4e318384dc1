import Testing

@testable import HTTPIngress

@Suite("RequestGuard")
struct RequestGuardTests {
    @Test(
        "headers that two parsers may read differently are found",
        arguments: [
            ([("Content-Length", "5"), ("content-length", "5")], RequestFault.duplicateContentLength),
            ([("Content-Length", "+5")], .oddContentLength), ([("Content-Length", "0x5")], .oddContentLength),
            ([("Content-Length", "")], .oddContentLength), ([("Content-Length", "5, 5")], .oddContentLength),
            ([("Transfer-Encoding", "gzip")], .unknownTransferEncoding),
            ([("Transfer-Encoding", "gzip, chunked")], .unknownTransferEncoding),
            ([("Transfer-Encoding", "chunked;x=1")], .unknownTransferEncoding),
            ([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], .duplicateTransferEncoding),
            ([("Transfer-Encoding", "chunked"), ("Content-Length", "5")], .lengthAndTransferEncoding),
            ([("Host", "a"), ("HOST", "a")], .duplicateHost),
            ([("Content-Length ", "5")], .oddHeaderName), ([("", "x")], .oddHeaderName),
            ([("X(Y", "x")], .oddHeaderName),
            ([("X\u{7F}", "x")], .oddHeaderName), ([("Xü", "x")], .oddHeaderName),
        ])
    func faults(_ headers: [(String, String)], _ fault: RequestFault) {
        #expect(verdict(headers) == fault)
    }

    @Test(
        "ordinary headers pass",
        arguments: [
            [("Host", "a"), ("Content-Length", "5"), ("X-Token!#$%&'*+-.^_`|~09azAZ", "x")],
            [("Host", "a"), ("Transfer-Encoding", "Chunked")], [("Accept", "a"), ("Accept", "b")], [],
        ])
    func ordinary(_ headers: [(String, String)]) {
        #expect(verdict(headers) == nil)
    }

    @Test("a body where evhttp would read the next request is a fault; the announcement of none is not")
    func unexpectedBody() {
        #expect(verdict([("Content-Length", "5")], readsBody: false) == .unexpectedBody)
        #expect(verdict([("Transfer-Encoding", "chunked")], readsBody: false) == .unexpectedBody)
        #expect(verdict([("Content-Length", "0")], readsBody: false) == nil)
    }

    @Test("exactly the token characters of RFC 9110 are allowed in names")
    func tokenCharacters() {
        let allowed = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        for byte in UInt8.min...UInt8.max {
            var requestGuard = RequestGuard()
            let name = [byte]
            requestGuard.see(name: name.span, value: Span())
            #expect((requestGuard.fault == nil) == allowed.contains(byte), "byte \(byte)")
        }
    }

    private func verdict(_ headers: [(String, String)], readsBody: Bool = true) -> RequestFault? {
        var requestGuard = RequestGuard()
        for (name, value) in headers {
            let (name, value) = (Array(name.utf8), Array(value.utf8))
            requestGuard.see(name: name.span, value: value.span)
        }
        return requestGuard.finish(readsBody: readsBody)
    }
}

@Suite("Request framing on the wire")
struct FramingTests {
    @Test(
        "doubtful framing gets 400 and the connection ends, so nothing is read as a second request",
        arguments: [
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 38\r\n\r\nhelloGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello",
            "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n",
            "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 36\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
        ])
    func refused(_ request: String) throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(request)
        let all = try #require(client.readToEnd())
        #expect(all.hasPrefix("HTTP/1.1 400 "))
        #expect(all.contains("Connection: close"))
        #expect(all.components(of: "HTTP/1.1") == 1)
        #expect(server.counters.guardRejections == 1)
        #expect(server.counters.requestsReceived == 1)
    }

    @Test("length and transfer encoding together are refused, on the security build by evhttp itself")
    func lengthAndTransferEncoding() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
        )
        let all = try #require(client.readToEnd())
        #expect(all.hasPrefix("HTTP/1.1 400 "))
        #expect(all.components(of: "HTTP/1.1") == 1)
        #expect(server.counters.requestsReceived == 0)
    }

    @Test("a GET that has a body is read whole, and the next request starts after it")
    func bodyOfGet() throws {
        let server = try TestServer { request, reply, _ in reply.send(.text(request.withBody { $0.text })) }
        let client = RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readReply()?.body == "abc")
        #expect(client.readReply()?.body == "")
    }
}

extension String {
    func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let found = rest.firstRange(of: part) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
