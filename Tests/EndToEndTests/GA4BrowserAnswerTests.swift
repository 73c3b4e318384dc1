import Foundation
import RelayTestKit
import Testing

/// What a browser's tag gets back, header by header (`ga4-wire.md` 1.12).
@Suite("Answers to browser hits")
struct GA4BrowserAnswerTests {
    private static let query = "v=2&tid=G-ABC123&cid=1.2&_p=3&_s=1&dl=https%3A%2F%2Fshop.example%2F&en=page_view"
    private static let configuration = """
        listen: { collect_paths: [/collect] }
        sources:
          - { name: web, kind: ga4, measurement_ids: [G-ABC123], allowed_origins: ["https://shop.example"] }
          - { name: backend, kind: segment, write_keys: [wk] }
        """
    private let agent = ["User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0"]
    private let origin = "https://shop.example"

    private func expectReadable(_ answer: TestHTTPClient.Answer, _ place: String) {
        #expect(answer.headers["access-control-allow-origin"] == origin, "\(place)")
        #expect(answer.headers["access-control-allow-credentials"] == "true", "\(place)")
        #expect(answer.headers["vary"] == "Origin", "\(place)")
    }

    @Test("GET, POST and HEAD are answered empty, uncached and readable for the exact origin; HEAD makes no event")
    func methods() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        for method in ["GET", "POST", "HEAD"] {
            for (suffix, status) in [("", 204), ("&richsstsse", method == "HEAD" ? 204 : 200)] {
                let answer = try TestHTTPClient.send(
                    method, port: stack.publicPort, "/g/collect?\(Self.query)&tfd=\(method)\(suffix)",
                    headers: agent.merging(["Origin": origin]) { own, _ in own })
                #expect(answer.status == status, "\(method) \(suffix)")
                #expect(answer.body.isEmpty)
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["set-cookie"] == nil)
                expectReadable(answer, method)
            }
        }
        #expect(try stack.metrics()[#"pinrelay_events_received_total{source="web"}"#] == 4)
    }

    @Test("without an origin nothing is allowed, but caches are still told that it matters")
    func noOrigin() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try TestHTTPClient.get(port: stack.publicPort, "/g/collect?\(Self.query)", headers: agent)
        #expect(answer.status == 204)
        #expect(answer.headers["vary"] == "Origin")
        #expect(answer.headers["access-control-allow-origin"] == nil)
        #expect(answer.headers["access-control-allow-credentials"] == nil)
    }

    @Test("an origin that the source does not allow is answered alike, but may not read it, and nothing is sent")
    func foreignOrigin() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        for foreign in ["https://evil.example", "null", "http://shop.example", "https://shop.example.evil.example"] {
            let answer = try TestHTTPClient.get(
                port: stack.publicPort, "/g/collect?\(Self.query)",
                headers: agent.merging(["Origin": foreign]) { own, _ in own })
            #expect(answer.status == 204, "\(foreign)")
            #expect(answer.headers["access-control-allow-origin"] == nil, "\(foreign)")
        }
        let metrics = try stack.metrics()
        #expect(metrics[#"pinrelay_input_faults_total{fault="origin_not_allowed"}"#] == 4)
        #expect(metrics[#"pinrelay_events_received_total{source="web"}"#] == 0)
    }

    @Test("a preflight, as the preview header causes it, is answered for allowed origins")
    func preflight() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let asks = [
            "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-gtm-server-preview",
        ]
        for path in ["/g/collect?\(Self.query)", "/collect", "/metrics/g/collect", "/mp/collect", "/v1/batch"] {
            let answer = try TestHTTPClient.send(
                "OPTIONS", port: stack.publicPort, path, headers: asks.merging(["Origin": origin]) { own, _ in own })
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            expectReadable(answer, path)
            #expect(answer.headers["access-control-allow-methods"]?.contains("POST") == true)
            #expect(
                answer.headers["access-control-allow-headers"]?.lowercased().contains("x-gtm-server-preview") == true)
            #expect(answer.headers["access-control-max-age"] != nil)
        }
    }

    @Test("hits are taken below any path, on configured paths, wrapped in Base64 and wrapped in a body")
    func otherForms() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let wrapped = Data("/g/collect?\(Self.query)".utf8).base64EncodedString()
        let forms: [(method: String, target: String, body: String)] = [
            ("GET", "/g/collect?\(Self.query)", ""), ("POST", "/metrics/g/collect?\(Self.query)", ""),
            ("GET", "/collect?\(Self.query)", ""), ("GET", "/cgyax?e44f=\(wrapped)", ""),
            ("POST", "/g/collect?e44f=\(wrapped)", ""), ("POST", "/", "/g/collect?\(Self.query)"),
            ("POST", "/", "/g/collect?v=2&tid=G-ABC123\r\nen=page_view&dl=https%3A%2F%2Fshop.example%2F"),
            ("POST", "/g/collect", Self.query), ("POST", "/g/collect?v=2", "tid=G-ABC123&en=page_view"),
        ]
        for (index, form) in forms.enumerated() {
            // The query's request counter would make these the same hit.
            let target = form.target.replacing("_s=1", with: "_s=\(index + 1)")
            let answer = try TestHTTPClient.send(
                form.method, port: stack.publicPort, target,
                headers: agent.merging(["Origin": origin]) { own, _ in own }, body: Array(form.body.utf8))
            #expect(answer.status == 204, "\(form.target)")
            expectReadable(answer, form.target)
            let received = try stack.metrics()[#"pinrelay_events_received_total{source="web"}"#]
            #expect(received == Double(index + 1), "\(form.target) \(form.body)")
        }
    }

    @Test("what only looks like a hit stays unknown")
    func unknownPaths() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let others = [
            ("GET", "/"), ("POST", "/"), ("GET", "/other?\(Self.query)"), ("GET", "/x?a=1&b=L2cvY29sbGVjdD92PTI"),
            ("GET", "/g/collect/x"), ("OPTIONS", "/other"), ("GET", "/_/service_worker/1/sw_iframe.html"),
        ]
        for (method, target) in others {
            let answer = try TestHTTPClient.send(method, port: stack.publicPort, target)
            #expect(answer.status == 404, "\(method) \(target)")
        }
    }

    @Test("with a prefix, the container's own path and wrapped loaders are looked for below it")
    func prefixed() throws {
        let stack = try RelayStack(configuration: "listen: { path_prefix: /tags }\n" + Self.sourcesAlone)
        let body = "/g/collect?\(Self.query)"
        let wrapped = "x=" + Data(body.utf8).base64EncodedString()
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/tags/", body).status == 204)
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/tags/any?\(wrapped)").status == 204)
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/tags/g/collect?\(Self.query)").status == 204)
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/", body).status == 404)
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/any?\(wrapped)").status == 404)
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/g/collect?\(Self.query)").status == 404)
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/tagsx/any?\(wrapped)").status == 404)
        #expect(try stack.metrics()[#"pinrelay_events_received_total{source="web"}"#] == 3)
    }

    private static var sourcesAlone: String {
        configuration.split(separator: "\n").dropFirst().joined(separator: "\n")
    }

    @Test("sGTM's health path answers ok, to GET and HEAD")
    func healthy() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try TestHTTPClient.get(port: stack.publicPort, "/healthy")
        #expect(answer.status == 200)
        #expect(answer.text == "ok")
        for path in ["/healthy", "/livez", "/readyz", "/healthz"] {
            let head = try TestHTTPClient.send("HEAD", port: stack.publicPort, path)
            #expect(head.status == 200, "\(path)")
            #expect(head.body.isEmpty, "\(path)")
        }
    }

    @Test("npa=1 alone refuses an event only where that is configured", arguments: [true, false])
    func nonPersonalisedAds(_ counts: Bool) throws {
        let stack = try RelayStack(
            configuration: "privacy: { personalization_denial_counts: \(counts) }\n" + Self.sourcesAlone)
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/g/collect?\(Self.query)&npa=1").status == 204)
        let refused = try stack.metrics()[#"pinrelay_events_not_sent_total{source="web",reason="no_consent"}"#]
        #expect(refused == (counts ? 1 : 0))
    }

    @Test(
        "a body over the cap is answered like any hit, and counted; another route tells it so that the page may read it"
    )
    func tooLarge() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/g/collect?\(Self.query)", headers: ["Origin": origin],
            String(repeating: "x", count: (2 << 20) + 1))
        #expect(answer.status == 204)
        expectReadable(answer, "204")
        #expect(try stack.metrics()[#"pinrelay_input_faults_total{fault="body_too_large"}"#] == 1)
        let told = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/batch", headers: ["Origin": origin],
            String(repeating: "x", count: (2 << 20) + 1))
        #expect(told.status == 413)
        expectReadable(told, "413")
    }
}
