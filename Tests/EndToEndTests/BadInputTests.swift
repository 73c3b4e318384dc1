import RelayTestKit
import Testing

@Suite("Bad input")
struct BadInputTests {
    private static let email = #""context":{"traits":{"email":"a@example.com"}}"#

    private static let refusals: [(method: String, target: String, body: String, status: Int)] = [
        ("POST", "/v1/track", "{", 400), ("POST", "/v1/track", "", 400), ("POST", "/v1/track", "[]", 400),
        ("POST", "/v1/track", "\"text\"", 400), ("POST", "/v1/track", "\u{0}", 400),
        ("POST", "/v1/batch", #"{"writeKey":"wk"}"#, 400), ("POST", "/v1/batch", #"{"writeKey":"wk","batch":{}}"#, 400),
        ("POST", "/v1/track", String(repeating: "[", count: 100_000), 400),
        ("POST", "/v1/track", #"{"event":"x","userId":"u"}"#, 401),
        ("POST", "/v1/track", "{\"writeKey\":\"wk\",\"x\":\"" + String(repeating: "y", count: 40_000) + "\"}", 400),
        ("GET", "/v1/track", "", 405), ("DELETE", "/v1/track", "", 405), ("GET", "/nowhere", "", 404),
        ("POST", "/v1/nowhere", "{}", 404), ("POST", "/metrics", "{}", 404),
    ]

    @Test("gets a 4xx with code and message on API routes")
    func refused() throws {
        let stack = try RelayStack()
        for (method, target, body, status) in Self.refusals {
            let answer = try TestHTTPClient.send(method, port: stack.publicPort, target, body: Array(body.utf8))
            #expect(answer.status == status, "\(method) \(target): \(answer.text)")
            #expect((answer.json()["code"] as? String)?.isEmpty == false, "\(method) \(target): \(answer.text)")
            #expect((answer.json()["message"] as? String)?.isEmpty == false)
        }
        #expect(stack.relay.isRunning)
    }

    @Test("is answered 204 and counted on GA4 browser routes")
    func browserRoute() throws {
        let stack = try RelayStack()
        let targets = [
            "/g/collect", "/g/collect?v=2", "/g/collect?v=1&tid=UA-1&en=x", "/g/collect?%%%=&&&=&v=2&tid=G-1",
        ]
        for target in targets {
            let answer = try TestHTTPClient.get(port: stack.publicPort, target)
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
        }
        let faults = try stack.metrics().filter { $0.key.hasPrefix("pinrelay_input_faults_total") }
        #expect(faults.values.reduce(0, +) == 3)
    }

    @Test("malformed Measurement Protocol bodies are answered 204, as Google does")
    func measurementProtocol() throws {
        let stack = try RelayStack()
        for body in ["{", "[]", #"{"events":7}"#, #"{"events":[{"params":{}}]}"#] {
            #expect(
                try TestHTTPClient.post(port: stack.publicPort, "/mp/collect?measurement_id=G-1", body).status == 204)
        }
    }

    @Test("a body over the cap is refused with 413 and the relay goes on")
    func oversized() throws {
        let stack = try RelayStack()
        let body = String(repeating: " ", count: (2 << 20) + 1)
        let answer = try TestHTTPClient.post(port: stack.publicPort, "/v1/batch", body)
        #expect(answer.status == 413)
        #expect(answer.json()["code"] as? String == "body_too_large")
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/readyz").status == 200)
    }

    @Test("in a batch the good items are stored, and each bad one is a dead letter with its reason")
    func partlyBadBatch() throws {
        let stack = try RelayStack()
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/batch",
            """
            {"writeKey":"wk","batch":[
             {"type":"track","event":"Order Completed","userId":"u","messageId":"good-1",\(Self.email)},
             7, {"type":"track","userId":"u"}, {"type":"track","event":"Order Completed"}, {"type":"dance","userId":"u"},
             {"type":"track","event":"Something Else","userId":"u"}, {"type":"identify","userId":"u"},
             {"type":"page","userId":"u","messageId":"good-2",\(Self.email)},
             {"type":"track","event":"Order Completed","userId":"only-an-id","messageId":"no-identity"}]}
            """)
        #expect(answer.status == 200)
        let events = try stack.waitForEvents(2)
        #expect(events.compactMap { $0["event_id"] as? String } == ["good-1", "good-2"])
        _ = try eventually { try stack.metrics()["pinrelay_events_queued{destination=\"pinterest\"}"] == 0 }
        let metrics = try stack.metrics()
        func sum(_ name: String, _ label: String = "") -> Double {
            metrics.filter { $0.key.hasPrefix(name) && $0.key.contains(label) }.values.reduce(0, +)
        }
        #expect(sum("pinrelay_events_received_total") == 9)
        #expect(sum("pinrelay_events_delivered_total") == 2)
        #expect(sum("pinrelay_events_dead_total") == 5)
        #expect(sum("pinrelay_events_dead_total", "reason=\"no_identity\"") == 2)
        #expect(sum("pinrelay_events_dead_total", "reason=\"not_an_event\"") == 2)
        #expect(sum("pinrelay_events_dead_total", "reason=\"missing_event_name\"") == 1)
        #expect(sum("pinrelay_events_not_sent_total", "reason=\"unmapped\"") == 1)
        #expect(sum("pinrelay_events_not_sent_total", "reason=\"unsupported_type\"") == 1)
        #expect(metrics["pinrelay_events_unaccounted"] == 0)
    }
}
