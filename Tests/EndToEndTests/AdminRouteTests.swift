import Foundation
import RelayTestKit
import Testing

@Suite("The admin port")
struct AdminRouteTests {
    private static let token = "admin-token-for-tests"
    /// Every route with its method and what it answers to whoever may ask.
    private static let routes: [(method: String, target: String, status: Int)] = [
        ("GET", "/", 200), ("GET", "/metrics", 200), ("GET", "/livez", 200), ("GET", "/readyz", 200),
        ("GET", "/startupz", 200), ("GET", "/healthz", 200), ("GET", "/healthz?verbose", 200),
        ("GET", "/api/events", 200), ("GET", "/api/config", 200), ("GET", "/api/dead-letters", 200),
        ("GET", "/api/dead-letters/1", 404), ("POST", "/api/dead-letters/replay", 200),
        ("POST", "/api/reload", 200), ("POST", "/api/explain", 400), ("GET", "/nowhere", 404),
    ]
    private static let open = ["/livez", "/readyz", "/startupz", "/healthz"]

    private static func ask(_ port: Int, _ route: (String, String, Int), bearer: String? = nil) throws -> Int {
        let headers = bearer.map { ["Authorization": "Bearer \($0)"] } ?? [:]
        return try TestHTTPClient.send(route.0, port: port, route.1, headers: headers).status
    }

    @Test("on loopback every route answers without a token, and the other method is refused")
    func routes() throws {
        let stack = try RelayStack()
        for route in Self.routes {
            #expect(try Self.ask(stack.adminPort, route) == route.status, "\(route)")
            let other = route.method == "GET" ? "POST" : "GET"
            let answer = try TestHTTPClient.send(other, port: stack.adminPort, route.target)
            #expect(answer.status == (route.target == "/nowhere" ? 404 : 405), "\(other) \(route.target)")
            if answer.status == 405 { #expect(answer.headers["allow"]?.contains(route.method) == true) }
        }
    }

    @Test("beyond loopback all but plain health wants the token")
    func beyondLoopback() throws {
        let stack = try RelayStack(
            environment: ["PINRELAY_ADMIN": "0.0.0.0:0", "PINRELAY_ADMIN_TOKEN": Self.token])
        for route in Self.routes {
            let isOpen = Self.open.contains(route.target)
            #expect(try Self.ask(stack.adminPort, route) == (isOpen ? route.status : 401), "\(route)")
            #expect(try Self.ask(stack.adminPort, route, bearer: "guess") == (isOpen ? route.status : 401), "\(route)")
            #expect(try Self.ask(stack.adminPort, route, bearer: Self.token) == route.status, "\(route)")
        }
    }

    @Test("beyond loopback without a token the relay does not start")
    func noToken() throws {
        let relay = try BinaryProcess(
            ["run"],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t", "PINRELAY_ADMIN": "0.0.0.0:0",
            ])
        #expect(relay.exitCode() == 78)
    }

    @Test("health is on the public port too, without detail; the rest of the admin port is not")
    func publicHealth() throws {
        let stack = try RelayStack()
        for target in Self.open { #expect(try TestHTTPClient.get(port: stack.publicPort, target).status == 200) }
        let verbose = try TestHTTPClient.get(port: stack.publicPort, "/healthz?verbose").json()
        #expect(verbose["status"] as? String == "ok" && verbose["loops"] == nil)
        for target in ["/", "/metrics", "/api/events", "/api/config", "/api/explain"] {
            #expect(try TestHTTPClient.get(port: stack.publicPort, target).status == 404, "\(target)")
        }
    }

    @Test("health in detail shows every component")
    func detail() throws {
        let stack = try RelayStack(sandboxArguments: ["--status", "503"])
        _ = try TestHTTPClient.post(port: stack.publicPort, "/v1/track", Self.order("a"))
        var health: [String: Any] = [:]
        var account: [String: Any] = [:]
        _ = try eventually {
            health = try TestHTTPClient.get(port: stack.adminPort, "/healthz?verbose").json()
            account = (health["destinations"] as? [[String: Any]])?.first ?? [:]
            return account["last_error"] as? [String: Any] != nil
        }
        #expect(health["status"] as? String == "ok", "the upstream's state makes nobody unready")
        #expect((account["last_error"] as? [String: Any])?["code"] as? String == "http_503")
        #expect(account["queued"] as? Int == 1)
        let loops = (health["loops"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        #expect(Set(loops).isSuperset(of: ["ingress-0", "admin", "delivery", "journal"]))
        #expect((health["journal"] as? [String: Any])?["state"] as? String == "writable")
        #expect((health["configuration"] as? [String: Any])?["state"] as? String == "in_force")
    }

    private static func order(_ id: String, _ more: String = #","context":{"traits":{"email":"jane@shop.example"}}"#)
        -> String
    {
        #"{"writeKey":"wk","event":"Order Completed","messageId":"\#(id)","userId":"u"\#(more)}"#
    }

    private static func events(_ stack: RelayStack, _ query: String = "") throws -> [[String: Any]] {
        let answer = try TestHTTPClient.get(port: stack.adminPort, "/api/events\(query)")
        #expect(answer.json()["is_complete"] as? Bool == true)
        return answer.json()["events"] as? [[String: Any]] ?? []
    }

    @Test("the last events are shown with what became of them, the newest first, and found by source, name, outcome")
    func events() throws {
        let stack = try RelayStack(environment: ["PINRELAY_THREADS": "2"])
        let bodies = [
            Self.order("one"), Self.order("two", ""), Self.order("jane@shop.example"),
            #"{"writeKey":"wk","event":"By jane@shop.example","messageId":"x"}"#,
        ]
        for body in bodies { _ = try TestHTTPClient.post(port: stack.publicPort, "/v1/track", body) }
        _ = try TestHTTPClient.get(
            port: stack.publicPort, "/g/collect?v=2&tid=G-1&cid=1.2&en=purchase&gcs=G100",
            headers: ["User-Agent": "Mozilla/5.0"])
        let all = try Self.events(stack)
        #expect(all.map { $0["outcome"] as? String } == ["not_sent", "not_sent", "sendable", "dead", "sendable"])
        #expect(all.map { $0["reason"] as? String } == ["no_consent", "unmapped", nil, "no_identity", nil])
        #expect(all.map { $0["source"] as? String } == ["ga4", "segment", "segment", "segment", "segment"])
        #expect(all[1]["name"] as? String == "<masked>")
        #expect(all[2]["event_id"] as? String == "<masked>")
        #expect(all[4]["event_id"] as? String == "one" && all[4]["event_name"] as? String == "checkout")
        #expect(all[4]["identifiers"] as? [String] == ["em", "external_id"])
        #expect(try Self.events(stack, "?source=ga4").count == 1)
        #expect(try Self.events(stack, "?name=Order%20Completed").count == 3)
        #expect(try Self.events(stack, "?name=checkout&outcome=dead").count == 1)
        #expect(try Self.events(stack, "?outcome=unmapped&limit=5").count == 1)
        #expect(try Self.events(stack, "?limit=2").count == 2)
        for query in ["?sorce=ga4", "?limit=0", "?limit=x", "?source=a&source=b"] {
            #expect(try TestHTTPClient.get(port: stack.adminPort, "/api/events" + query).status == 400, "\(query)")
        }
        let page = try TestHTTPClient.get(port: stack.adminPort, "/").text
        #expect(page.contains("<td>Order Completed</td><td>checkout</td>") && page.contains("not_sent: no_consent"))
        #expect(!page.contains("jane@") && !"\(all)".contains("jane@"))
    }

    @Test("only the last 512 events of a thread are kept")
    func bounded() throws {
        let stack = try RelayStack(environment: ["PINRELAY_THREADS": "1"])
        for batch in 0..<2 {
            let items = (0..<400).map { #"{"type":"track","event":"E","messageId":"\#(batch)-\#($0)"}"# }
            let body = #"{"writeKey":"wk","batch":[\#(items.joined(separator: ","))]}"#
            #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/batch", body).status == 200)
        }
        #expect(try Self.events(stack, "?limit=1000").count == 512)
    }

    @Test("a pasted event is explained as the command does it, and nothing is kept of it")
    func explain() throws {
        let stack = try RelayStack()
        let query = "?at=2026-05-01T12:00:00Z"
        let body = Self.order("pasted")
        let answer = try TestHTTPClient.post(port: stack.adminPort, "/api/explain" + query, body)
        #expect(answer.status == 200)
        let command = try BinaryProcess(
            ["explain", "--json", "--at", "2026-05-01T12:00:00Z", body],
            environment: ["PINTEREST_AD_ACCOUNT_ID": RelayStack.account, "PINTEREST_CONVERSION_TOKEN": "t"])
        #expect(command.exitCode() == 0)
        let told = try #require(
            try JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        #expect(NSDictionary(dictionary: told) == NSDictionary(dictionary: answer.json()))
        // As the page's form sends it.
        let form = try TestHTTPClient.post(
            port: stack.adminPort, "/api/explain", headers: ["Content-Type": "text/plain"], "input=\(body)\r\n")
        #expect((form.json()["summary"] as? [String: Any])?["sent"] as? Int == 1)
        let faults = [
            ("?as=nonsense", body), ("?at=soon", body), ("?source=nobody", body), ("?what=x", body),
            ("", "no event at all"),
        ]
        for (query, body) in faults {
            let refused = try TestHTTPClient.post(port: stack.adminPort, "/api/explain" + query, body)
            #expect(refused.status == 400 && refused.json()["code"] is String, "\(query)")
        }
        #expect(try stack.metrics()["pinrelay_events_received_total{source=\"segment\"}"] == 0)
        #expect(try Self.events(stack).isEmpty)
    }
}
