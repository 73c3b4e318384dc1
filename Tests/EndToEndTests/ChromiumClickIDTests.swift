import Foundation
import RelayTestKit
import Testing

/// `_epik` as a browser keeps it (`mapping.md` 4.4, 9.8): the shop and its relay are hosts of one site, behind TLS, since
/// the cookie is `Secure`. `Clients/shop.html` is the page.
@Suite(
    "The click id cookie in Chromium",
    .enabled(
        if: Chromium.isInstalled && Site.isAvailable,
        "Chromium or openssl is not installed: deploy/clients.sh installs them from Debian"))
struct ChromiumClickIDTests {
    private let ways = ["landing", "fetch", "beacon", "image"]

    @Test("the browser keeps a landing's click id for the whole site, and every later hit carries it")
    func kept() throws {
        let site = try Site("write_click_id_cookie: true")
        let profile = TemporaryFolder()
        let landing = try site.visit("www.shop.example", "?epik=dj0yJnU9abc", name: "first", profile: profile)
        #expect(landing.outcomes == ["landing": "204", "fetch": "204", "beacon": "true"])
        #expect(landing.corsErrors == [])
        #expect(landing.cookies == "_epik=dj0yJnU9abc")
        // The same visitor comes back, by another host of the shop and without click id.
        let later = try site.visit("shop.example", name: "later", profile: profile)
        #expect(later.cookies == "_epik=dj0yJnU9abc")
        let expected = (ways.map { "first-" + $0 } + ways.map { "later-" + $0 }).map { ($0, "dj0yJnU9abc") }
        #expect(try site.clickIDs(8) == Dictionary(uniqueKeysWithValues: expected))
    }

    @Test(
        "the browser holds none where the source does not write it, and none after a denial",
        arguments: [("view_item_as: page_visit", ""), ("write_click_id_cookie: true", "&gcs=G100&gcd=13p3p3p3p5")])
    func notWritten(source: String, consent: String) throws {
        let site = try Site(source + ", consent: ignore")
        let landing = try site.visit(
            "www.shop.example", "?epik=dj0yJnU9abc", name: "first", consent: consent, profile: TemporaryFolder())
        #expect(landing.cookies == "")
        #expect(
            try site.clickIDs(4) == [
                "first-landing": "dj0yJnU9abc", "first-fetch": "", "first-beacon": "", "first-image": "",
            ])
    }

    @Test("another site's page places none")
    func otherSite() throws {
        let site = try Site("write_click_id_cookie: true")
        let profile = TemporaryFolder()
        let other = try site.visit("www.other.example", "?epik=dj0yJnU9other", name: "other", profile: profile)
        #expect(other.cookies == "")
        #expect(try site.visit("www.shop.example", name: "shop", profile: profile).cookies == "")
        let found = try site.clickIDs(8).filter { $0.value != "" }
        #expect(found == ["other-landing": "dj0yJnU9other"])
    }
}

/// A shop and its relay as `www.shop.example` and `tags.shop.example`, with a relay of its own.
private struct Site {
    private static let openssl = "/usr/bin/openssl"
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    private let stack: RelayStack
    private let server: PageServer
    private let front: BinaryProcess
    private let pagePort: Int
    private let relayPort: Int
    /// The one certificate that the browser takes without an authority's word.
    private let publicKey: String

    struct NotStarted: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameter source: settings of the relay's source.
    init(_ source: String) throws {
        stack = try RelayStack(configuration: "sources: [{ name: web, kind: ga4, \(source) }]")
        server = try PageServer()
        let certificate = stack.folder.path + "/certificate.pem"
        let maker = try BinaryProcess([ClientFiles.path("certificate.sh"), certificate], executable: "/bin/sh")
        guard maker.exitCode() == 0, let mark = maker.output.range(of: "public key: ") else {
            throw NotStarted(description: "certificate: \(maker.output)")
        }
        publicKey = maker.output[mark.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
        front = try BinaryProcess(
            ["-B", ClientFiles.path("tls_front.py"), certificate, "\(server.port)", "\(stack.publicPort)"],
            executable: PageServer.python)
        guard let pagePort = front.number(after: "\(server.port) is served on https://127.0.0.1:"),
            let relayPort = front.number(after: "\(stack.publicPort) is served on https://127.0.0.1:")
        else { throw NotStarted(description: "TLS front: \(front.output)") }
        (self.pagePort, self.relayPort) = (pagePort, relayPort)
    }

    /// Opens the shop in a browser of its own.
    /// - Parameters:
    ///   - query: of the page's URL.
    ///   - name: stands before the ids of the visit's events.
    ///   - consent: parameters for each hit.
    func visit(
        _ host: String, _ query: String = "", name: String, consent: String = "", profile: TemporaryFolder
    ) throws -> Chromium.Report {
        let said = consent.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let options = "relay=https://tags.shop.example:\(relayPort)&visit=\(name)&consent=\(said)"
        return try Chromium.open(
            "https://\(host):\(pagePort)/shop.html\(query)#\(options)", profile: profile,
            arguments: [
                "--host-resolver-rules=MAP *.example 127.0.0.1",
                "--ignore-certificate-errors-spki-list=\(publicKey)",
            ])
    }

    /// The click ids that have arrived upstream, by event id; empty for none.
    func clickIDs(_ count: Int) throws -> [String: String] {
        let events = try stack.waitForEvents(count).map { event in
            let person = event["user_data"] as? [String: Any] ?? [:]
            return (event["event_id"] as? String ?? "", person["click_id"] as? String ?? "")
        }
        return Dictionary(events) { first, second in first + " and " + second }
    }
}
