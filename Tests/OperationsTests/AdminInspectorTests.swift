import Foundation
import Inspector
import RelayModel
import Telemetry
import Testing

@Suite("AdminInspector")
struct AdminInspectorTests {
    private static let now = AdminInspector.Moment(unixMillis: 1_700_000_000_000, uptimeMillis: 1000)

    private static func inspector(token: String? = nil, destination: String = "shop") -> AdminInspector {
        let layout = MetricLayout(sources: ["web"], destinations: [destination], faults: [], version: "1.0")
        let metrics = RelayMetrics(layout: layout, startSeconds: 1)
        metrics.received(source: 0).add(4711)
        let health = HealthState(loops: ["journal"], destinations: [destination])
        health.beat(loop: 0, nowMillis: 1000)
        health.setJournal(isWritable: true, nowMillis: 1000)
        return AdminInspector(
            metrics: metrics, health: health, token: token.map(SecretValue.init), configJSON: #"{"settings":[]}"#)
    }

    private static func get(
        _ target: String, token: String? = nil, authorization: String? = nil, method: String = "GET"
    ) -> InspectorReply {
        inspector(token: token).answer(
            method: method, target: target.utf8, authorization: authorization?.utf8, at: now)
    }

    @Test(
        "targets are read as routes",
        arguments: [
            ("/", InspectorRoute.page), ("/livez", .livez), ("/readyz?x=1", .readyz), ("/startupz", .startupz),
            ("/healthz", .healthz(verbose: false)),
            ("/healthz?verbose", .healthz(verbose: true)), ("/healthz?a&verbose=1", .healthz(verbose: true)),
            ("/healthz?verbosely", .healthz(verbose: false)), ("/metrics", .metrics), ("/api/config", .config),
            ("/api/events?limit=1", .events), ("/api/explain", .explain),
            ("/api/dead-letters?reason=refused", .deadLetters), ("/api/dead-letters/17", .deadLetter(17)),
            ("/api/dead-letters/replay", .replayDeadLetters), ("/api/dead-letters/x", .unknown),
            ("", .unknown), ("?", .unknown), ("/metrics/", .unknown), ("//", .unknown), ("/\u{0}", .unknown),
        ])
    func routes(target: String, expected: InspectorRoute) { #expect(InspectorRoute(target: target) == expected) }

    @Test(
        "each route answers with its type",
        arguments: [
            ("/", 200, "text/html; charset=utf-8"), ("/livez", 200, "application/json"),
            ("/readyz", 200, "application/json"), ("/startupz", 200, "application/json"),
            ("/healthz?verbose", 200, "application/json"),
            ("/metrics", 200, "text/plain; version=0.0.4; charset=utf-8"),
            ("/api/config", 200, "application/json"), ("/nowhere", 404, "application/json"),
        ])
    func answers(target: String, status: Int, contentType: String) throws {
        let reply = Self.get(target)
        #expect(reply.status == status)
        #expect(reply.contentType == contentType)
        if contentType == "application/json" { _ = try JSONSerialization.jsonObject(with: Data(reply.body)) }
    }

    @Test(
        "with a token, all but plain health needs it",
        arguments: [
            "/", "/metrics", "/healthz?verbose", "/api/config", "/api/dead-letters", "/api/dead-letters/1",
            "/api/dead-letters/replay", "/x",
        ])
    func needsToken(target: String) {
        let reply = Self.get(target, token: "sesame")
        #expect(reply.status == 401)
        #expect(reply.headers.contains { $0.name == "WWW-Authenticate" && $0.value == "Bearer" })
        for wrong in ["", "Bearer", "Bearer ", "Bearer sesamE", "Bearer sesame2", "Basic sesame", "sesame"] {
            #expect(Self.get(target, token: "sesame", authorization: wrong).status == 401)
        }
        #expect(Self.get(target, token: "sesame", authorization: "Bearer sesame").status != 401)
        #expect(Self.get(target, token: "sesame", authorization: "bearer sesame").status != 401)
    }

    @Test("plain health needs no token", arguments: ["/livez", "/readyz", "/startupz", "/healthz"])
    func openHealth(target: String) { #expect(Self.get(target, token: "sesame").status == 200) }

    @Test(
        "without a token a name is no way in, and a page of another site gives no orders",
        arguments: [
            ("/metrics", "GET", RequestProvenance(host: Array("evil.example:9090".utf8)), true),
            ("/metrics", "GET", RequestProvenance(host: Array("127.0.0.1:9090".utf8)), false),
            ("/metrics", "GET", RequestProvenance(host: Array("LocalHost".utf8)), false),
            ("/metrics", "GET", RequestProvenance(host: Array("[::1]:9090".utf8)), false),
            ("/metrics", "GET", RequestProvenance(), false),
            ("/livez", "GET", RequestProvenance(host: Array("pod.example".utf8)), false),
            ("/api/reload", "POST", RequestProvenance(fetchSite: Array("cross-site".utf8)), true),
            ("/api/reload", "POST", RequestProvenance(fetchSite: Array("same-site".utf8)), true),
            ("/api/reload", "POST", RequestProvenance(fetchSite: Array("same-origin".utf8)), false),
            ("/api/reload", "POST", RequestProvenance.page(of: "http://evil.example"), true),
            ("/api/reload", "POST", RequestProvenance.page(of: "null"), true),
            ("/api/reload", "POST", RequestProvenance.page(of: "http://localhost:9090"), false),
        ])
    func foreignPages(target: String, method: String, provenance: RequestProvenance, isRefused: Bool) {
        let refusal = Self.inspector().refusal(
            of: InspectorRoute(target: target.utf8), method: method, authorization: [UInt8]?.none, from: provenance)
        #expect(refusal?.status == (isRefused ? 403 : nil))
    }

    @Test("with a token the port may have a name; orders of another site's page are refused all the same")
    func foreignPagesWithToken() {
        func status(_ target: String, _ method: String, _ provenance: RequestProvenance) -> Int? {
            Self.inspector(token: "sesame").refusal(
                of: InspectorRoute(target: target.utf8), method: method, authorization: Array("Bearer sesame".utf8),
                from: provenance)?.status
        }
        #expect(status("/metrics", "GET", RequestProvenance(host: Array("relay:9090".utf8))) == nil)
        #expect(status("/api/reload", "POST", RequestProvenance.page(of: "https://evil.example")) == 403)
    }

    @Test("other methods than GET and HEAD are refused on what exists")
    func methods() {
        #expect(Self.get("/metrics", method: "POST").status == 405)
        #expect(Self.get("/metrics", method: "HEAD").status == 200)
        #expect(Self.get("/nowhere", method: "POST").status == 404)
    }

    @Test("the page shows the sums, loads nothing from elsewhere and escapes names")
    func page() {
        let reply = Self.inspector(destination: "<b>&").respond(.page, at: Self.now)
        let html = String(decoding: reply.body, as: UTF8.self)
        #expect(html.contains("4711"))
        #expect(html.contains("&lt;b&gt;&amp;") && !html.contains("<b>"))
        #expect(!html.contains("http") && !html.contains("<script"))
        #expect(reply.headers.contains { $0.name == "Content-Security-Policy" })
    }
}

extension RequestProvenance {
    fileprivate static func page(of origin: String) -> RequestProvenance {
        RequestProvenance(host: Array("localhost:9090".utf8), origin: Array(origin.utf8))
    }
}
