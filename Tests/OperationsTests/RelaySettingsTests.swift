import RelayModel
import Testing

@testable import Settings

@Suite("RelaySettings")
struct RelaySettingsTests {
    @Test("the configuration of the design is read in full")
    func designExample() throws {
        let yaml = """
            listen: { address: 0.0.0.0, port: 8080, threads: 2, path_prefix: "", trusted_proxies: [10.0.0.0/8] }
            admin: { address: 127.0.0.1, port: 9090, token_file: /run/secrets/admin }
            upstream: { url: https://api.pinterest.com }
            journal: { kind: sqlite, path: /var/lib/pinrelay, max_bytes: 10GiB }
            destinations:
              - { name: shop, ad_account_id: "549755885175", token: "${PINTEREST_CONVERSION_TOKEN}", test_mode: false }
            sources:
              - { name: web, kind: ga4, measurement_ids: [G-ABC123], allowed_origins: ["https://shop.example"],
                  default_region: US, destinations: [shop] }
              - { name: backend, kind: segment, write_keys: [wk_live], destinations: [shop] }
            mappings: []
            privacy: { consent: respect, external_id_case: lower, ldp: { states: [CA] } }
            """
        let read = try settings(
            yaml, ["PINTEREST_CONVERSION_TOKEN": "conversion"], files: ["/run/secrets/admin": "admin-token\n"])
        #expect(read.listen.port == 8080)
        #expect(read.listen.trustedProxies.map(\.description) == ["10.0.0.0/8"])
        #expect(read.admin.token?.revealed == "admin-token")
        #expect(read.journal.maxByteCount == 10 << 30)
        #expect(read.destinations.map(\.name) == ["shop"])
        #expect(read.destinations[0].token.revealed == "conversion")
        #expect(read.sources.map(\.kind) == [.ga4, .segment])
        #expect(read.sources[0].measurementIDs == ["G-ABC123"])
        #expect(read.sources[0].defaultRegion == "US")
        #expect(read.sources[1].writeKeys.map(\.revealed) == ["wk_live"])
        #expect(read.privacy.ldpStates == ["CA"])
        #expect(read.privacy.maidsCase == .lower && read.privacy.birthdayOrder == .unambiguous)
        #expect(read.warnings.isEmpty)
    }

    @Test("the account alone gives one destination and both sources, open, with a warning for each")
    func environmentAlone() throws {
        let read = try settings()
        #expect(read.destinations.map(\.adAccountID) == ["549755885175"])
        #expect(read.sources.map(\.name) == ["ga4", "segment"])
        #expect(read.sources.allSatisfy { $0.destinations == [0] && $0.allowedOrigins.isEmpty })
        #expect(read.warnings.count == 2)
        #expect(read.warnings.allSatisfy { $0.contains("is open") })
        #expect(read.listen.address == "0.0.0.0" && read.listen.port == 8080)
        #expect(read.admin.address == "127.0.0.1" && read.admin.port == 9090 && read.admin.token == nil)
        #expect(read.listen.trustedProxies.isEmpty)
        #expect(read.drain == DrainSettings(preStop: .seconds(5), deadline: .seconds(25)))
    }

    @Test("a country NO and an account without quotes stay what was written")
    func scalarsAsWritten() throws {
        let yaml = """
            destinations: [{ name: shop, ad_account_id: 0549755885175, token: t }]
            sources: [{ name: web, kind: ga4, default_region: NO }]
            """
        let read = try settings(yaml, [:])
        #expect(read.destinations[0].adAccountID == "0549755885175")
        #expect(read.sources[0].defaultRegion == "NO")
    }

    @Test("a source takes the consent rule of the privacy section unless it has its own")
    func consent() throws {
        let yaml = """
            privacy: { consent: require, on_denial: opt_out }
            sources: [{ name: a, kind: ga4 }, { name: b, kind: segment, consent: ignore }]
            """
        let read = try settings(yaml)
        #expect(read.sources[0].consent == ConsentRule(policy: .require, onDenial: .optOut))
        #expect(read.sources[1].consent == ConsentRule(policy: .ignore, onDenial: .optOut))
    }

    @Test(
        "an unmapped event may be dropped, sent under a standard name, or under one's own",
        arguments: [
            ("drop", SourceSettings.Unmapped.drop), ("custom", .standard(.custom)), ("lead", .standard(.lead)),
            ("My_Event-1", .advertiserDefined("My_Event-1")),
        ])
    func unmapped(word: String, expected: SourceSettings.Unmapped) throws {
        #expect(try settings("sources: [{ name: a, kind: ga4, unmapped: \(word) }]").sources[0].unmapped == expected)
    }

    @Test("a source without destinations goes to all, one with names to these alone")
    func sourceDestinations() throws {
        let yaml = """
            destinations: [{ name: a, ad_account_id: 1, token: t }, { name: b, ad_account_id: 2, token: t }]
            sources: [{ name: x, kind: ga4 }, { name: y, kind: segment, destinations: [b] }]
            """
        #expect(try settings(yaml, [:]).sources.map(\.destinations) == [[0, 1], [1]])
    }

    @Test(
        "plain http to a far upstream is warned of, to a near one it is not",
        arguments: [
            ("http://127.0.0.1:9", 0), ("http://[::1]:9", 0), ("http://localhost", 0), ("http://sandbox:8081", 1),
            ("https://api.pinterest.com/", 0),
        ])
    func plainUpstream(url: String, count: Int) throws {
        let read = try settings("upstream: { url: \"\(url)\" }")
        #expect(read.warnings.filter { $0.contains("plain http") }.count == count)
        #expect(!read.upstream.url.hasSuffix("/"))
    }

    @Test("repeats are known for 48 hours unless it is configured otherwise")
    func dedup() throws {
        #expect(try settings().dedup == DedupSettings(window: .seconds(172_800), maxKeys: 2_000_000))
        let own = try settings("dedup: { window: 90m, max_keys: 5000 }").dedup
        #expect(own == DedupSettings(window: .seconds(5400), maxKeys: 5000))
        #expect(throws: ConfigErrors.self) { try settings("dedup: { max_keys: 0 }") }
        #expect(throws: ConfigErrors.self) { try settings("dedup: { window: 60d }") }
    }

    @Test("Measurement Protocol faults are answered as Google does unless strict is asked for")
    func measurementProtocolErrors() throws {
        #expect(try settings().listen.measurementProtocolErrors == .google)
        #expect(
            try settings("listen: { measurement_protocol_errors: strict }").listen.measurementProtocolErrors == .strict)
        #expect(
            faults("listen: { measurement_protocol_errors: lax }").map(\.path) == ["listen.measurement_protocol_errors"]
        )
    }

    @Test("the effective settings tell every value's origin")
    func effective() throws {
        let variables = accountVariables.merging(["PINRELAY_THREADS": "3"]) { a, _ in a }
        let yaml = try settings("listen:\n  port: 8081", variables).effective.yaml
        #expect(yaml.contains("listen:\n  address: \"0.0.0.0\"  # default\n  port: 8081  # configuration:2\n"))
        #expect(yaml.contains("  threads: 3  # PINRELAY_THREADS\n"))
        #expect(yaml.contains("    ad_account_id: \"549755885175\"  # PINTEREST_AD_ACCOUNT_ID\n"))
    }

    @Test("the effective settings read back as the same settings where no secret stands")
    func effectiveReadsBack() throws {
        let first = try settings("privacy: { ldp: { states: [ca, NY] } }\nlisten: { limits: { idle_timeout: 90s } }")
        let second = try settings(first.effective.yaml, [:])
        #expect(second.listen == first.listen)
        #expect(second.sources == first.sources)
        #expect(second.privacy == first.privacy)
        #expect(second.delivery == first.delivery)
    }
}
