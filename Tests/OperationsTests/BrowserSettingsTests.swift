import Testing

@testable import Settings

@Suite("Settings of browser calls")
struct BrowserSettingsTests {
    @Test("paths of hits, the forwarding header and the click id cookie are read")
    func read() throws {
        let read = try settings(
            """
            listen: { collect_paths: [/collect, /gtg/ag/g/c], forwarded_header: x-forwarded-for }
            privacy: { personalization_denial_counts: true }
            sources:
              - { name: web, kind: ga4, write_click_id_cookie: true }
              - { name: pages, kind: segment, write_click_id_cookie: true }
            """)
        #expect(read.listen.collectPaths == ["/collect", "/gtg/ag/g/c"])
        #expect(read.listen.forwardedHeader == .xForwardedFor)
        #expect(read.privacy.personalizationDenialCounts)
        #expect(read.sources.map(\.writeClickIDCookie) == [true, true])
    }

    @Test("by default no path is added, either header is read, and no cookie is written")
    func defaults() throws {
        let read = try settings()
        #expect(read.listen.collectPaths.isEmpty)
        #expect(read.listen.forwardedHeader == .auto)
        #expect(!read.privacy.personalizationDenialCounts)
        #expect(read.sources.allSatisfy { !$0.writeClickIDCookie })
    }

    @Test(
        "what is no path or no such header is a fault",
        arguments: [
            ("listen: { collect_paths: [collect] }", "listen.collect_paths[0]"),
            ("listen: { collect_paths: [/a, /b//c] }", "listen.collect_paths[1]"),
            ("listen: { collect_paths: [\"/a?x=1\"] }", "listen.collect_paths[0]"),
            ("listen: { forwarded_header: x-real-ip }", "listen.forwarded_header"),
        ])
    func faulty(_ yaml: String, _ path: String) {
        #expect(faults(yaml).map { "\($0.path)" } == [path])
    }
}
