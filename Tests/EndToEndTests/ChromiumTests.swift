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
        let report = try Chromium.open(relay: "http://localhost:\(stack.publicPort)", cookie: "dj0yJnU9cookie")
        expectNoFault(report)
        try expectArrivals(at: stack) { $0 == "xhr-epik" ? "dj0yJnU9url" : "dj0yJnU9cookie" }
        // Reading the cookie leaves it as it is.
        #expect(report.cookies == "_epik=dj0yJnU9cookie")
    }

    @Test("another site: every hit arrives once without the cookie, and no CORS error")
    func crossSite() throws {
        let stack = try RelayStack()
        let report = try Chromium.open(relay: "http://127.0.0.1:\(stack.publicPort)", cookie: "dj0yJnU9cookie")
        expectNoFault(report)
        try expectArrivals(at: stack) { $0 == "xhr-epik" ? "dj0yJnU9url" : nil }
    }

    @Test("a server that allows no other origin is told apart: the browser reports CORS errors")
    func control() throws {
        let server = try Chromium.pageServer()
        let report = try Chromium.open(relay: "http://localhost:\(server.port)", cookie: "dj0yJnU9cookie")
        #expect(!report.corsErrors.isEmpty)
        #expect(report.outcomes["xhr-get"] == "network or CORS error")
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

/// Debian's Chromium without a window.
private enum Chromium {
    private static let path = "/usr/bin/chromium"

    /// The Python that serves the page.
    private static let python = ClientFiles.root + "/.build/clients/python"

    static var isInstalled: Bool {
        [path, python].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    struct Report {
        /// By way of sending: the status and body that the page could read, or what it saw instead.
        var outcomes: [String: String]
        /// `document.cookie` at the end.
        var cookies: String
        /// What the browser's console says of answers that it kept from the page.
        var corsErrors: [String]
    }

    struct NotReported: Error, CustomStringConvertible {
        var description: String
    }

    private struct PageReport: Decodable {
        var outcomes: [String: String]
        var cookies: String
    }

    /// Opens the page on a port of `localhost` and waits until it has sent everything.
    /// - Parameters:
    ///   - relay: scheme, host and port.
    ///   - cookie: the value of `_epik` that the page's site has.
    static func open(relay: String, cookie: String) throws -> Report {
        let server = try pageServer()
        let profile = TemporaryFolder()
        let page = "http://localhost:\(server.port)/page.html?relay=\(relay)&cookie=\(cookie)"
        let browser = try BinaryProcess(
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=\(profile.path)", "--enable-logging=stderr", "--dump-dom", page,
            ], environment: ["HOME": profile.path], executable: path)
        let code = browser.exitCode(within: 60)
        let output = browser.output
        guard let mark = output.range(of: #"<pre id="report">"#),
            let bytes = Data(base64Encoded: String(output[mark.upperBound...].prefix { $0 != "<" })),
            let report = try? JSONDecoder().decode(PageReport.self, from: bytes)
        else { throw NotReported(description: "chromium ended with \(code ?? -1): \(output.suffix(4_000))") }
        let corsErrors = output.split(separator: "\n").filter { $0.contains(":CONSOLE:") && $0.contains("CORS") }
        return Report(outcomes: report.outcomes, cookies: report.cookies, corsErrors: corsErrors.map(String.init))
    }

    /// Starts a server of the page; it ends with the last reference to its process.
    static func pageServer() throws -> (process: BinaryProcess, port: Int) {
        let server = try BinaryProcess(["-B", ClientFiles.path("page_server.py")], executable: python)
        guard let port = server.number(after: "listening on http://127.0.0.1:") else {
            throw NotReported(description: "page server: \(server.output)")
        }
        return (server, port)
    }
}
