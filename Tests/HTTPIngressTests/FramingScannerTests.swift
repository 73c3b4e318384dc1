import Testing

@testable import HTTPIngress

/// Requests that two parsers may read differently, and what the scanner says of them.
struct FramingCase: Sendable, CustomTestStringConvertible {
    var what: String
    var bytes: String
    var fault: RequestFault

    init(_ what: String, _ bytes: String, _ fault: RequestFault) {
        self.what = what
        self.bytes = bytes
        self.fault = fault
    }

    var testDescription: String { what }

    private static let chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

    static let all = [
        FramingCase("bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", .oddRequestLine),
        FramingCase("a bare line feed behind a header", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", .bareLineFeed),
        FramingCase("a bare line feed as the headers' end", "GET / HTTP/1.1\r\nHost: h\r\n\n", .bareLineFeed),
        FramingCase("a bare carriage return in a value", "GET / HTTP/1.1\r\nX: a\rY: b\r\n\r\n", .bareCarriageReturn),
        FramingCase("a bare carriage return before a name", "GET / HTTP/1.1\r\n\rX: b\r\n\r\n", .bareCarriageReturn),
        FramingCase("a folded header", "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", .foldedHeader),
        FramingCase("a space before the first header", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", .foldedHeader),
        FramingCase("a zero byte in a value", "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", .controlCharacter),
        FramingCase("a zero byte in a name", "GET / HTTP/1.1\r\nX\0Y: a\r\n\r\n", .controlCharacter),
        FramingCase("a zero byte in the target", "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("two spaces in the request line", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("a space in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("a space behind the version", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("no version", "GET /\r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("another version", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("a version in small letters", "GET / http/1.1\r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("an empty line first", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .oddRequestLine),
        FramingCase("a TLS greeting", "\u{16}\u{03}\u{01}\u{02}", .oddRequestLine),
        FramingCase("a chunk extension", chunked + "5;x=1\r\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a space behind a chunk size", chunked + "5 \r\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a space before a chunk size", chunked + " 5\r\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a chunk size with 0x", chunked + "0x5\r\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a chunk size with a sign", chunked + "+5\r\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a negative chunk size", chunked + "-5\r\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a chunk size of many digits", chunked + "000000005\r\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a chunk size that ends in a line feed", chunked + "5\nhello\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a chunk longer than its size", chunked + "5\r\nhello!\r\n0\r\n\r\n", .oddChunk),
        FramingCase("no line end behind a chunk", chunked + "5\r\nhello0\r\n\r\n", .oddChunk),
        FramingCase("a blank line between chunks", chunked + "5\r\nhello\r\n\r\n0\r\n\r\n", .oddChunk),
        FramingCase("a trailer", chunked + "5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n", .oddChunk),
        FramingCase(
            "chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            .unknownTransferEncoding),
    ]
}

@Suite("FramingScanner")
struct FramingScannerTests {
    private func scan(_ text: String, pieceSize: Int = .max, cap: Int = 1_000) -> FramingScanner {
        let bytes = Array(text.utf8)
        var scanner = FramingScanner(bodyByteCap: cap)
        var start = 0
        while start < bytes.count {
            let end = start + min(pieceSize, bytes.count - start)
            if !scanner.skip(end - start) { scanner.feed(bytes[start..<end].span) }
            start = end
        }
        return scanner
    }

    @Test("finds what proxies may read otherwise, however the bytes are cut", arguments: FramingCase.all)
    func faults(_ item: FramingCase) {
        for size in [1, 2, 3, 7, 1_000] {
            let scanner = scan(item.bytes, pieceSize: size)
            #expect(scanner.fault == .malformed(item.fault), "in pieces of \(size)")
            #expect(scanner.completedCount == 0)
        }
    }

    private static let good: [(String, Int)] = [
        ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 1), ("GET / HTTP/1.0\r\n\r\n", 1),
        ("POST /a%20b?c=\u{fc} HTTP/1.1\r\nHost:h\r\nX-Empty:\r\nX-Tab:\t a\tb \t\r\nContent-Length:5\r\n\r\nhello", 1),
        ("POST / HTTP/1.1\r\ncontent-LENGTH: \t 5 \r\n\r\nhelloGET / HTTP/1.1\r\n\r\n", 2),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n3\r\nabc\r\n0\r\n\r\n", 1),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n00\r\n\r\nGET / HTTP/1.1\r\n\r\n", 2),
        ("HEAD / HTTP/1.1\r\nContent-Length: 0\r\n\r\nHEADX / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", 2),
        ("GET / HTTP/1.1\r\nX-Content-Length: 9\r\nContent-Lengths: 9\r\nContent-Lengt: 9\r\n\r\n", 1),
        ("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + String(repeating: "\0\r\n", count: 333) + "x", 1),
    ]

    @Test("follows good requests to their ends, however the bytes are cut", arguments: good)
    func ends(_ text: String, _ count: Int) {
        for size in [1, 2, 3, 7, 10_000] {
            let scanner = scan(text, pieceSize: size)
            #expect(scanner.fault == nil)
            #expect(scanner.completedCount == count, "in pieces of \(size)")
            #expect(!scanner.isInHead)
        }
    }

    @Test(
        "stops where RequestGuard or evhttp ends the connection",
        arguments: [
            "Content-Length: 1\r\nContent-Length: 1", "Content-Length: +5", "Content-Length: 5 5",
            "Content-Length: 5,5",
            "Content-Length: 0x5", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: xchunked", "Transfer-Encoding: chunke", "Transfer-Encoding:",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
        ])
    func doubtful(_ headers: String) {
        let scanner = scan("POST / HTTP/1.1\r\n\(headers)\r\n\r\n\0\0\0")
        #expect(scanner.fault == nil)
        #expect(scanner.completedCount == 0)
    }

    @Test(
        "a length over the cap is found before the body comes",
        arguments: ["1001", "99999999999999999999", "9223372036854775808"])
    func tooLarge(_ length: String) {
        let scanner = scan("POST / HTTP/1.1\r\nContent-Length: \(length)\r\n\r\n")
        #expect(scanner.fault == .bodyTooLarge)
    }

    @Test("knows whether headers are under way")
    func inHead() {
        #expect(!scan("").isInHead)
        #expect(scan("G").isInHead)
        #expect(scan("GET / HTTP/1.1\r\nX: y\r\n").isInHead)
        #expect(!scan("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n").isInHead)
        #expect(!scan("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").isInHead)
    }
}
