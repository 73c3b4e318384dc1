import Foundation
import RelayTestKit
import Testing

@Suite("Segment routes")
struct SegmentRouteTests {
    private static let person = #""context":{"traits":{"email":"a@example.com"}}"#

    private func basic(_ key: String) -> [String: String] {
        ["Authorization": "Basic " + Data("\(key):".utf8).base64EncodedString()]
    }

    @Test("every path answers 200 with success, and what is a conversion arrives")
    func paths() throws {
        let stack = try RelayStack()
        let singles = ["track", "t", "page", "p", "screen", "s", "identify", "i", "group", "g", "alias", "a"]
        for path in singles {
            let answer = try TestHTTPClient.post(
                port: stack.publicPort, "/v1/\(path)", headers: basic("wk"),
                "{\"event\":\"Signed Up\",\"userId\":\"u\",\"messageId\":\"\(path)\",\(Self.person)}")
            #expect(answer.status == 200, "\(path): \(answer.text)")
            #expect(answer.text == #"{"success":true}"#)
        }
        for path in ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch", "/sdk/batch"] {
            let answer = try TestHTTPClient.post(
                port: stack.publicPort, path, headers: basic("wk"),
                "{\"batch\":[{\"type\":\"page\",\"userId\":\"u\",\"messageId\":\"\(path)\",\(Self.person)}]}")
            #expect(answer.status == 200, "\(path): \(answer.text)")
            #expect(answer.text == #"{"success":true}"#)
        }
        let ids = try stack.waitForEvents(9).compactMap { $0["event_id"] as? String }
        #expect(
            Set(ids) == [
                "track", "t", "page", "p", "/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch", "/sdk/batch",
            ])
        #expect(ids.count == 9)
        let metrics = try stack.metrics()
        #expect(metrics["pinrelay_requests_total{route=\"/v1/track\",status=\"200\"}"] == 2)
        #expect(metrics["pinrelay_requests_total{route=\"/beacon/v1/batch\",status=\"200\"}"] == 1)
    }

    @Test("the browser library's metrics are answered 200 and ignored, whatever they hold")
    func libraryMetrics() throws {
        let stack = try RelayStack()
        for body in [#"{"series":[{"type":"Counter","metric":"analytics_js.invoke"}]}"#, "not JSON", ""] {
            let answer = try TestHTTPClient.post(port: stack.publicPort, "/v1/m", body)
            #expect(answer.status == 200)
            #expect(answer.text == #"{"success":true}"#)
        }
        #expect(try stack.metrics().filter { $0.key.hasPrefix("pinrelay_events_received_total") }.values.max() == 0)
    }

    private static let keyed = """
        destinations: [{name: shop, ad_account_id: "549755885175", token: t}]
        sources: [{name: backend, kind: segment, write_keys: [wk_live, wk_two]}]
        """

    @Test("a write key is taken from Basic, body, query or Bearer; an unknown or missing one is answered 401")
    func writeKeys() throws {
        let stack = try RelayStack(configuration: Self.keyed)
        let event = "\"event\":\"Signed Up\",\"userId\":\"u\",\(Self.person)"
        let bearer = ["Authorization": "Bearer wk_live"]
        let calls: [(headers: [String: String], query: String, key: String, status: Int)] = [
            (basic("wk_live"), "", "", 200), (["Authorization": "Basic d2tfbGl2ZQ=="], "", "", 200),
            ([:], "", #""writeKey":"wk_two","#, 200), ([:], "?writeKey=wk_live", "", 200), (bearer, "", "", 200),
            (["Authorization": "Bearer oauth-token"], "", #""writeKey":"wk_live","#, 200),
            (basic("wk_live"), "", #""writeKey":"wrong","#, 200), (basic("wrong"), "", #""writeKey":"wk_live","#, 401),
            ([:], "", "", 401), ([:], "", #""writeKey":"","#, 401), ([:], "?writeKey=wk_liv", "", 401),
            (["Authorization": "Bearer wrong"], "", "", 401), (["Authorization": "Basic"], "", "", 401),
        ]
        for (headers, query, key, status) in calls {
            let answer = try TestHTTPClient.post(
                port: stack.publicPort, "/v1/track" + query, headers: headers, "{\(key)\(event)}")
            #expect(answer.status == status, "\(headers) \(query) \(key): \(answer.text)")
            guard status == 401 else { continue }
            #expect((answer.json()["code"] as? String)?.hasSuffix("write_key") == true)
            #expect((answer.json()["message"] as? String)?.isEmpty == false)
        }
    }

    @Test("a browser's text/plain post and its beacon are taken, with the answer open to its origin")
    func browser() throws {
        let stack = try RelayStack(configuration: Self.keyed)
        let headers = ["Content-Type": "text/plain", "Origin": "https://shop.example"]
        let post = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/t", headers: headers,
            "{\"writeKey\":\"wk_live\",\"event\":\"Signed Up\",\"anonymousId\":\"a\",\"messageId\":\"1\",\(Self.person)}"
        )
        #expect(post.status == 200)
        #expect(post.headers["access-control-allow-origin"] == "https://shop.example")
        #expect(post.headers["access-control-allow-credentials"] == "true")
        let beacon = try TestHTTPClient.post(
            port: stack.publicPort, "/beacon/v1/batch?writeKey=wk_live",
            headers: headers.merging(["Content-Type": "text/plain;charset=UTF-8"]) { _, new in new },
            "{\"batch\":[{\"type\":\"page\",\"anonymousId\":\"a\",\"messageId\":\"2\",\(Self.person)}]}")
        #expect(beacon.status == 200)
        let refused = try TestHTTPClient.post(port: stack.publicPort, "/v1/t", headers: headers, "{}")
        #expect(refused.status == 401)
        #expect(refused.headers["access-control-allow-origin"] == "https://shop.example")
        #expect(try stack.waitForEvents(2).compactMap { $0["event_id"] as? String } == ["1", "2"])
    }

    @Test("the preflight allows what the SDKs send")
    func preflight() throws {
        let stack = try RelayStack()
        let answer = try TestHTTPClient.send(
            "OPTIONS", port: stack.publicPort, "/v1/track", headers: ["Origin": "https://shop.example"])
        #expect(answer.status == 204)
        let allowed = answer.headers["access-control-allow-headers"] ?? ""
        for name in ["Authorization", "Content-Type", "AnonymousId"] { #expect(allowed.contains(name)) }
        #expect(answer.headers["access-control-max-age"] != nil)
    }

    @Test("the limits are the configured ones")
    func limits() throws {
        let limits = "listen: {limits: {segment: {event_bytes: 1KiB, batch_bytes: 2KiB, batch_events: 3}}}\n"
        let stack = try RelayStack(configuration: limits + Self.keyed)
        func post(_ path: String, _ body: String) throws -> TestHTTPClient.Answer {
            try TestHTTPClient.post(port: stack.publicPort, path + "?writeKey=wk_live&results=1", body)
        }
        func item(_ padding: Int) -> String {
            #"{"type":"page","userId":"u","x":"\#(String(repeating: "x", count: padding))"}"#
        }
        #expect(try post("/v1/page", item(900)).status == 200)
        let single = try post("/v1/page", item(1_100))
        #expect(single.status == 400)
        #expect(single.json()["code"] as? String == "event_too_large")
        let mixed = try post("/v1/batch", "{\"batch\":[\(item(1_100)),\(item(10))]}")
        #expect(mixed.status == 200)
        #expect(mixed.text.contains(#"{"index":0,"status":"rejected","reason":"too_large"}"#))
        #expect(try post("/v1/batch", "{\"batch\":[\(item(2_100))]}").status == 413)
        let many = try post("/v1/batch", "{\"batch\":[{},{},{},{}]}")
        #expect(many.status == 400)
        #expect(many.json()["code"] as? String == "too_many_items")
    }
}
