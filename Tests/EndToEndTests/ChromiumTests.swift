import Foundation
import RelayTestKit
import Testing

/// A page in a real browser that sends to the relay on another origin, in the ways of gtag.js and analytics.js
/// (`ga4-wire.md` 1.2, `segment-api.md` 1). `Clients/page.html` is the page.
@Suite(
    "A page in Chromium",
    .enabled(if: Chromium.isInstalled, "Chromium is not installed: deploy/clients.sh installs it from Debian"))
struct ChromiumTests {
    /// What each way of sending comes to, for a page that may read the answer.
    private let outcomes = [
        "xhr-get": "200", "xhr-post": "200", "xhr-epik": "204", "xhr-preview": "204",
        "fetch-keepalive": "204", "fetch-no-cors": "opaque",
        "beacon-empty": "true", "beacon-text": "true", "image": "sent", "leaving": "sent",
        "segment-text": #"200 {"success":true}"#, "segment-page": #"200 {"success":true}"#,
        "segment-batch": #"200 {"success":true}"#, "segment-beacon": "true",
        "segment-json": #"200 {"success":true}"#,
        "segment-bad": #"400 {"code":"malformed_json","message":"the body is not valid JSON"}"#,
    ]

    /// The events that arrive, by id, with their Pinterest name.
    private let events = [
        "xhr-get": "checkout", "xhr-post-1": "page_visit", "xhr-post-2": "add_to_cart", "xhr-epik": "page_visit",
        "xhr-preview": "page_visit", "fetch-keepalive": "page_visit", "fetch-no-cors": "page_visit",
        "beacon-empty": "page_visit", "beacon-text-1": "page_visit", "beacon-text-2": "add_to_cart",
        "image": "page_visit", "beacon-leaving": "page_visit",
        "segment-text": "checkout", "segment-page": "page_visit", "segment-batch-1": "checkout",
        "segment-batch-2": "checkout", "segment-beacon": "checkout", "segment-json": "checkout",
    ]

    @Test("another port of the site: every hit arrives once with the _epik cookie, and no CORS error")
    func sameSite() throws {
        let stack = try RelayStack()
        let report = try open(relay: "http://localhost:\(stack.publicPort)")
        expectNoFault(report)
        try expectArrivals(at: stack) { $0 == "xhr-epik" ? "dj0yJnU9url" : "dj0yJnU9cookie" }
        // Reading the cookie leaves it as it is.
        #expect(report.cookies == "_epik=dj0yJnU9cookie")
    }

    @Test("another site: every hit arrives once without the cookie, and no CORS error")
    func crossSite() throws {
        let stack = try RelayStack()
        let report = try open(relay: "http://127.0.0.1:\(stack.publicPort)")
        expectNoFault(report)
        try expectArrivals(at: stack) { $0 == "xhr-epik" ? "dj0yJnU9url" : nil }
    }

    @Test("a server that allows no other origin is told apart: the browser reports CORS errors")
    func control() throws {
        let server = try PageServer()
        let report = try open(relay: "http://localhost:\(server.port)")
        #expect(!report.corsErrors.isEmpty)
        #expect(report.outcomes["xhr-get"] == "network or CORS error")
    }

    /// Opens the page on a port of `localhost`, with an `_epik` cookie of its site.
    private func open(relay: String) throws -> Chromium.Report {
        let server = try PageServer()
        return try Chromium.open(
            "http://localhost:\(server.port)/page.html?relay=\(relay)&cookie=dj0yJnU9cookie", profile: TemporaryFolder()
        )
    }

    private func expectNoFault(_ report: Chromium.Report, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(report.outcomes == outcomes, sourceLocation: sourceLocation)
        #expect(report.corsErrors == [], sourceLocation: sourceLocation)
    }

    /// - Parameter clickID: the click id that the event with this id carries.
    private func expectArrivals(
        at stack: RelayStack, sourceLocation: SourceLocation = #_sourceLocation, clickID: (String) -> String?
    ) throws {
        let arrivals = try ArrivalCounts.waiting(for: events.count, sandboxPort: stack.sandboxPort)
        #expect(arrivals.ids.symmetricDifference(events.keys) == [], sourceLocation: sourceLocation)
        #expect(arrivals.repeated == [:], sourceLocation: sourceLocation)
        for event in try stack.receivedEvents() {
            let id = event["event_id"] as? String ?? ""
            let person = event["user_data"] as? [String: Any] ?? [:]
            #expect(event["event_name"] as? String == events[id], "\(id)", sourceLocation: sourceLocation)
            #expect(person["click_id"] as? String == clickID(id), "\(id)", sourceLocation: sourceLocation)
            let agent = person["client_user_agent"] as? String ?? ""
            #expect(agent.contains("Chrome/"), "\(id): \(agent)", sourceLocation: sourceLocation)
        }
        // Two ways need a preflight: the preview header and the JSON content type. The bad body is a fault alone.
        let metrics = try stack.metrics()
        let preflights = metrics["pinrelay_requests_total{route=\"preflight\",status=\"204\"}"]
        #expect(preflights == 2, sourceLocation: sourceLocation)
        #expect(metrics["pinrelay_events_received_total{source=\"ga4\"}"] == 12, sourceLocation: sourceLocation)
        #expect(metrics["pinrelay_events_received_total{source=\"segment\"}"] == 6, sourceLocation: sourceLocation)
    }
}
