import HTTPIngress
import Testing

@testable import RelayApp

@Suite("Words of a shell")
struct ShellWordsTests {
    private func commands(_ text: String) throws -> [[String]] {
        try ShellWords.commands(in: text).map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test(
        "quotes of all three kinds are read as bash reads them",
        arguments: [
            (#"a 'b c' "d e""#, ["a", "b c", "d e"]),
            (#"'{"a":"b"}'"#, [#"{"a":"b"}"#]),
            (#""{\"a\":\"\$x\"}" "\n""#, [#"{"a":"$x"}"#, #"\n"#]),
            (#"'it'\''s'"#, ["it's"]),
            (#"$'a\tb\n\'c\' \x41\u00e9\U0001F600\101\\'"#, ["a\tb\n'c' Aé😀A\\"]),
            (#"$'\xc3\xa9'"#, ["é"]),
            (#"a\ b \"x\""#, ["a b", "\"x\""]),
            ("a ''  \"\"", ["a", "", ""]),
            ("pre'mid'\"end\"", ["premidend"]),
            ("a \\\n  b \\\r\n c", ["a", "b", "c"]),
            ("a # a comment with 'quotes\n", ["a"]),
            ("a b#c", ["a", "b#c"]),
        ])
    func words(_ text: String, _ expected: [String]) throws {
        #expect(try commands(text) == [expected])
    }

    @Test("lines, semicolons and ampersands end a command; a pipe and redirections are not of it")
    func separators() throws {
        #expect(try commands("a b\nc; d && e &\n") == [["a", "b"], ["c"], ["d"], ["e"]])
        #expect(try commands("a b | jq . > x; c 2>&1 >/dev/null d") == [["a", "b"], ["c", "d"]])
        #expect(try commands("") == [])
    }

    @Test("a quote that stays open is a fault with its line", arguments: ["'a", "\"a", "$'a\\'"])
    func open(_ text: String) {
        #expect { try ShellWords.commands(in: "x\n\(text)") } throws: { error in
            guard case ShellWords.Fault.openQuote(let line) = error else { return false }
            return line == 2
        }
    }
}

@Suite("curl commands")
struct CurlCommandTests {
    private func requests(_ text: String) throws -> [PastedRequest] {
        try PastedInput(text).calls.compactMap { call in
            if case .request(let request) = call.content { request } else { nil }
        }
    }

    private func request(_ text: String) throws -> PastedRequest {
        let all = try requests(text)
        #expect(all.count == 1)
        return try #require(all.first)
    }

    private func body(_ request: PastedRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test("as documentation writes it: -u, -H, -d with continuations")
    func documentation() throws {
        let request = try request(
            """
            $ curl https://tags.shop.example/v1/track \\
              -u wk_live: \\
              -H 'Content-Type: application/json' \\
              -d '{"event":"Order Completed","userId":"u"}'
            """)
        #expect(request.method == .post)
        #expect(request.host == "tags.shop.example" && request.path == "/v1/track" && request.query.isEmpty)
        #expect(request.header("authorization") == "Basic d2tfbGl2ZTo=")
        #expect(request.header("content-type") == "application/json")
        #expect(body(request) == #"{"event":"Order Completed","userId":"u"}"#)
    }

    @Test("as a browser copies it: a quoted URL, $'...' data, cookies, --compressed")
    func browser() throws {
        let request = try request(
            #"""
            curl 'https://tags.shop.example/g/collect?v=2&tid=G-1&cid=1.2&_p=3' \
              -H 'accept: */*' \
              -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64)' \
              -b '_ga=GA1.1.1.2; _epik=dj0yJnU9' \
              -H 'referer: https://shop.example/' \
              --data-raw $'en=search&ep.search_term=caf\u00e9\u0021\r\nen=scroll' \
              --compressed
            """#)
        #expect(request.method == .post)
        #expect(request.query == "v=2&tid=G-1&cid=1.2&_p=3")
        #expect(request.header("Cookie") == "_ga=GA1.1.1.2; _epik=dj0yJnU9")
        #expect(body(request) == "en=search&ep.search_term=café!\r\nen=scroll")
    }

    @Test(
        "options in all their spellings",
        arguments: [
            (#"curl -XGET "https://h.example/g/collect?v=2""#, RequestMethod.get, "v=2", ""),
            ("curl -sSXPOST --url https://h.example/mp/collect --data-binary {}", .post, "", "{}"),
            ("curl -G https://h.example/g/collect -d v=2 -d tid=G-1", .get, "v=2&tid=G-1", ""),
            ("curl https://h.example/g/collect?a=1 --get --data-urlencode 'en=a b'", .get, "a=1&en=a%20b", ""),
            ("curl -d a=1 --data b=2 https://h.example/mp/collect", .post, "", "a=1&b=2"),
            ("curl -da=1 https://h.example/mp/collect", .post, "", "a=1"),
            ("curl --json '{}' -o out -w '%{http_code}' -m 5 h.example/v1/track", .post, "", "{}"),
            ("curl --request PUT https://h.example/v1/track", .other, "", ""),
            ("curl -I https://h.example/g/collect?v=2", .head, "v=2", ""),
            ("X=1 /usr/bin/curl -k -- https://h.example/g/collect?v=2#x", .get, "v=2", ""),
        ])
    func options(_ text: String, _ method: RequestMethod, _ query: String, _ body: String) throws {
        let request = try request(text)
        #expect(request.method == method)
        #expect(request.host == "h.example")
        #expect(request.query == query)
        #expect(self.body(request) == body)
    }

    @Test("several commands, several URLs and --next are requests of their own")
    func several() throws {
        let all = try requests(
            "curl 'https://a.example/g/collect?v=2' ;\ncurl https://b.example/v1/t -d x --next https://c.example/v1/p")
        #expect(all.map(\.host) == ["a.example", "b.example", "c.example"])
        #expect(
            try requests("curl https://a.example/x?1 https://b.example/y?2").map(\.host) == ["a.example", "b.example"])
    }

    @Test("credentials in the URL are Basic ones, --oauth2-bearer a Bearer")
    func credentials() throws {
        #expect(try request("curl https://wk:pw@h.example/v1/t -d x").header("Authorization") == "Basic d2s6cHc=")
        let bearer = try request("curl --oauth2-bearer tok https://h.example/v5/ad_accounts/1/events -d x")
        #expect(bearer.header("Authorization") == "Bearer tok")
    }

    @Test(
        "what would read a file, lacks a value or is not known is named",
        arguments: [
            ("curl -d @order.json https://h.example/v1/track", "-d reads a file"),
            ("curl --json @- https://h.example/v1/track", "--json reads a file"),
            ("curl -b cookies.txt https://h.example/v1/track", "-b reads a file"),
            ("curl --data-urlencode en@x https://h.example/v1/track", "--data-urlencode reads a file"),
            ("curl https://h.example/v1/track -H", "-H lacks its value"),
            ("curl --frobnicate https://h.example/v1/track", "--frobnicate is not known"),
            ("curl -F a=b https://h.example/v1/track", "-F is not known"),
            ("curl -X POST", "no URL"),
            ("curl 'https://h.example", "line 1"),
        ])
    func faults(_ text: String, _ message: String) {
        #expect { try PastedInput(text) } throws: { error in
            (error as? Explainer.Unreadable)?.description.contains(message) == true
        }
    }
}
