import HTTPIngress
import Intake
import Testing

@testable import RelayApp

@Suite("PastedInput")
struct PastedInputTests {
    private func requests(_ input: PastedInput) -> [PastedRequest] {
        input.calls.compactMap { call in
            if case .request(let request) = call.content { request } else { nil }
        }
    }

    private func only(_ text: String, as kind: PastedKind? = nil) throws -> PastedRequest {
        let all = requests(try PastedInput(text, as: kind))
        #expect(all.count == 1)
        return try #require(all.first)
    }

    @Test(
        "a URL with a query is a hit, whatever its path; what stands behind it is the body",
        arguments: [
            ("https://tags.shop.example/g/collect?v=2&en=a", "v=2&en=a", ""),
            ("/metrics/g/collect?v=2\nen=a\r\nen=b", "v=2", "en=a\r\nen=b"),
            ("https://loader.example/cgyax?e44f=L2cv\r\n", "e44f=L2cv", ""),
            ("  /collect?v=2&dl=https://shop.example/?x=1 ", "v=2&dl=https://shop.example/?x=1", ""),
        ])
    func hits(_ text: String, _ query: String, _ body: String) throws {
        #expect(try PastedInput(text).kind == .hit)
        let request = try only(text)
        #expect(request.query == query)
        #expect(String(decoding: request.body, as: UTF8.self) == body)
        #expect(request.method == (body.isEmpty ? .get : .post))
    }

    @Test("a hit's parameters alone: with its property a query, without it lines of a body")
    func parameters() throws {
        #expect(try only("v=2&tid=G-1&cid=1.2\nen=a\nen=b").query == "v=2&tid=G-1&cid=1.2")
        let lines = try PastedInput("en=page_view&dl=https%3A%2F%2Fa\nen=scroll")
        #expect(lines.kind == .hit && lines.calls.first?.notes.count == 1)
        #expect(
            requests(lines).first.map { String(decoding: $0.body, as: UTF8.self) }?.hasPrefix("en=page_view") == true)
    }

    @Test("the Measurement Protocol's URL goes before its body, or is left out")
    func measurementProtocol() throws {
        let called = try PastedInput("https://tags.shop.example/mp/collect?measurement_id=G-1\n{\"events\":[]}")
        #expect(called.kind == .measurementProtocol)
        #expect(requests(called).first?.query == "measurement_id=G-1")
        let body = try only("{\"client_id\":\"1.2\",\"events\":[]}")
        #expect(body.path == "/mp/collect" && body.query.isEmpty)
        let event = try only(#"{"name":"purchase","params":{"value":1.50}}"#)
        #expect(
            String(decoding: event.body, as: UTF8.self) == #"{"events":{"name":"purchase","params":{"value":1.50}}}"#)
    }

    @Test(
        "JSON is told apart by what it holds",
        arguments: [
            (#"{"type":"track","event":"Order Completed"}"#, PastedKind.segment, "/v1/track"),
            (#"{"type":"identify","userId":"u"}"#, .segment, "/v1/identify"),
            (#"{"event":"Order Completed","properties":{}}"#, .segment, "/v1/track"),
            (#"{"batch":[],"writeKey":"k"}"#, .segment, "/v1/batch"),
            (#"[{"type":"page"},{"type":"track","event":"a"}]"#, .segment, "/v1/batch"),
            (#"{"event_name":"checkout","action_source":"web","event_time":1,"user_data":{}}"#, .pinterest, pinterest),
            (#"{"event_name":"checkout","custom_data":{}}"#, .pinterest, pinterest),
            (#"{"data":[{}]}"#, .pinterest, pinterest),
            (#"[{"event_name":"checkout","custom_data":{}}]"#, .pinterest, pinterest),
        ])
    func json(_ text: String, _ kind: PastedKind, _ path: String) throws {
        #expect(try PastedInput(text).kind == kind)
        #expect(try only(text).path == path)
    }

    private static let pinterest = "/v5/ad_accounts/0/events"

    @Test("event data has an event name and no custom_data; an array of it is one call")
    func eventData() throws {
        for text in [
            #"{"event_name":"purchase","client_id":"1.2","user_data":{"email_address":"a@b"}}"#,
            #"{"event_name":"purchase","action_source":"web","event_time":1,"page_location":"https://a/"}"#,
            #"[{"event_name":"page_view"},{"event_name":"purchase"}]"#,
        ] {
            let input = try PastedInput(text)
            #expect(input.kind == .eventData)
            #expect(input.calls.count == 1)
        }
    }

    @Test("JSON lines are a call each")
    func lines() throws {
        let input = try PastedInput("{\"type\":\"page\"}\n\n{\"type\":\"track\",\"event\":\"a\"}\n")
        #expect(requests(input).map(\.path) == ["/v1/page", "/v1/track"])
    }

    @Test("--as settles what the form does not tell")
    func forced() throws {
        #expect(try only("{}", as: .segment).path == "/v1/track")
        #expect(try only("{}", as: .pinterest).path == Self.pinterest)
        #expect(try PastedInput("{}", as: .eventData).calls.count == 1)
        #expect(try only("tid=G-1&en=a b", as: .hit).query == "tid=G-1&en=ab")
    }

    @Test(
        "anything else is unreadable",
        arguments: [
            "", "  \n", "hello?", "what is this / that?", "{", "[]", "{}", "[1]", "null",
            "https://shop.example/g/collect", "?v=2", #"{"a":1}"#, "order.json",
        ])
    func unreadable(_ text: String) {
        #expect(throws: Explainer.Unreadable.self) { try PastedInput(text) }
    }

    @Test("an archive's requests keep method, headers, cookies, body and time; HTTP/2's own headers go")
    func archive() throws {
        let input = try PastedInput(
            #"""
            {"log":{"version":"1.2","entries":[
              {"startedDateTime":"2026-05-01T12:00:00.250Z","request":{"method":"POST",
               "url":"https://tags.shop.example/g/collect?v=2#x",
               "headers":[{"name":":authority","value":"tags.shop.example"},{"name":"User-Agent","value":"UA/1"},
                {"name":"Content-Encoding","value":"gzip"}],
               "cookies":[{"name":"_ga","value":"1"},{"name":"_epik","value":"dj0y"}],
               "postData":{"mimeType":"text/plain","text":"en=a\r\nen=b"}}},
              {"request":{"method":"GET","url":"https://cdn.example/x.js","headers":[]}},
              {"request":{"method":"POST","url":"https://a.example/mp/collect",
               "postData":{"params":[{"name":"client_id","value":"1"},{"name":"n"}]}}},
              {"request":{"method":"POST","url":"https://a.example/v1/t","postData":{"text":"e30=","encoding":"base64"}}}
            ]}}
            """#)
        #expect(input.kind == .har)
        let all = requests(input)
        try #require(all.count == 4)
        #expect(input.calls[0].sentAtMicros == 1_777_636_800_250_000)
        #expect(input.calls[0].notes.count == 1)
        #expect(all[0].headers.map(\.name) == ["User-Agent", "Cookie"])
        #expect(all[0].header("Cookie") == "_ga=1; _epik=dj0y")
        #expect(all.map { String(decoding: $0.body, as: UTF8.self) } == ["en=a\r\nen=b", "", "client_id=1&n=", "{}"])
        #expect(input.calls[1].sentAtMicros == nil)
    }

    @Test("one entry, or its request alone, is an archive too; what is none of these is named")
    func archiveParts() throws {
        #expect(try only(#"{"request":{"method":"GET","url":"https://a.example/g/collect?v=2"}}"#).query == "v=2")
        #expect(try only(#"{"method":"GET","url":"https://a.example/g/collect?v=2"}"#).query == "v=2")
        for text in [#"{"log":{"entries":[]}}"#, #"{"log":{}}"#, #"{"log":{"entries":[{"request":{}}]}}"#, "3"] {
            #expect(throws: Explainer.Unreadable.self) { try PastedInput(text, as: .har) }
        }
    }
}
