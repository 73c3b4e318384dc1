import Testing

@testable import PinterestSandbox

@Suite("RequestHead")
struct RequestHeadTests {
    private func parse(_ lines: String...) -> RequestHead? {
        RequestHead(Array(lines.joined(separator: "\r\n").utf8)[...])
    }

    @Test("line and headers are read, names in any case")
    func reading() throws {
        let head = try #require(
            parse(
                "POST /v5/x?test=true HTTP/1.1", "AUTHORIZATION: Bearer t", "content-length:  12", "Content-Type: a/b"))
        #expect(head.method == "POST")
        #expect(head.path == "/v5/x")
        #expect(head.query == "test=true")
        #expect(head.authorization == "Bearer t")
        #expect(head.contentType == "a/b")
        #expect(head.contentLength == 12)
        #expect(!head.closes)
    }

    @Test("a client that wants the connection closed gets it closed")
    func closing() {
        #expect(parse("GET / HTTP/1.1", "Connection: close")?.closes == true)
        #expect(parse("GET / HTTP/1.0")?.closes == true)
    }

    @Test(
        "what is no request with a plain length is refused",
        arguments: [
            "", "GET /", "GET / HTTP/2", "GET x HTTP/1.1", "GET / HTTP/1.1\r\nno colon",
            "GET / HTTP/1.1\r\nContent-Length: -1", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
            "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked",
        ])
    func refusing(text: String) {
        #expect(RequestHead(Array(text.utf8)[...]) == nil)
    }
}
