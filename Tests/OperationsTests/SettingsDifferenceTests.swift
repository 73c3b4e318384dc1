import Testing

@testable import Settings

@Suite("SettingsDifference")
struct SettingsDifferenceTests {
    private static let base = """
        destinations: [{ name: shop, ad_account_id: 1, token: a }]
        sources: [{ name: web, kind: ga4 }, { name: backend, kind: segment, write_keys: [k] }]
        """

    private func difference(_ yaml: String, files table: [String: String] = [:]) throws -> SettingsDifference {
        SettingsDifference(from: try settings(Self.base, [:]), to: try settings(yaml, [:], files: table))
    }

    @Test("the same values from other lines and other places are no change")
    func same() throws {
        #expect(
            try difference("# moved\n\n" + Self.base + "\nlisten: { port: 8080 }\nlog: { level: info }").changed == [])
    }

    @Test(
        "what a running relay can take up needs no restart",
        arguments: [
            ("privacy: { filter_bots: false }", "privacy.filter_bots"),
            ("privacy: { ldp: { states: [CA] } }", "privacy.ldp.states"),
            ("listen: { trusted_proxies: [10.0.0.0/8] }", "listen.trusted_proxies"),
            ("listen: { limits: { segment: { batch_events: 3 } } }", "listen.limits.segment.batch_events"),
            ("delivery: { retry_base: 2s }", "delivery.retry_base"), ("admin: { token: t }", "admin.token"),
            ("log: { level: debug }", "log.level"),
            ("drain: { deadline: 1s }", "drain.deadline"), ("upstream: { url: \"http://[::1]:1\" }", "upstream.url"),
        ])
    func live(yaml: String, key: String) throws {
        let found = try difference(Self.base + "\n" + yaml)
        #expect(found.changed == [key] && found.needRestart == [])
    }

    @Test(
        "what is fixed at start needs one, and is named",
        arguments: [
            ("listen: { port: 1 }", "listen.port"), ("listen: { address: \"::1\" }", "listen.address"),
            ("listen: { threads: 64 }", "listen.threads"), ("admin: { port: 1 }", "admin.port"),
            ("listen: { limits: { body_bytes: 4096 } }", "listen.limits.body_bytes"),
            ("journal: { path: /elsewhere }", "journal.path"), ("dedup: { window: 1h }", "dedup.window"),
            ("delivery: { max_in_flight: 2 }", "delivery.max_in_flight"),
            ("dead_letters: { retention: 1d }", "dead_letters.retention"),
            ("upstream: { timeout: 9s }", "upstream.timeout"), ("log: { format: text }", "log.format"),
        ])
    func fixed(yaml: String, key: String) throws {
        let found = try difference(Self.base + "\n" + yaml + "\nprivacy: { filter_bots: false }")
        #expect(found.changed.contains("privacy.filter_bots"))
        #expect(found.needRestart == [key])
    }

    @Test("an account that changes needs a restart: what is queued was accepted for the one before")
    func account() throws {
        let found = try difference(Self.base.replacing("ad_account_id: 1", with: "ad_account_id: 2"))
        #expect(found.needRestart == ["destinations[0].ad_account_id"])
    }

    @Test("a secret that changes is a change of its key, and is not shown")
    func secrets() throws {
        let changed = try difference(
            Self.base.replacing("[k]", with: "[k, secret-2]").replacing("token: a", with: "token: b"))
        #expect(changed.changed == ["destinations[0].token", "sources[1].write_keys"] && changed.needRestart == [])
        let yaml = Self.base.replacing("token: a", with: "token_file: /t")
        let one = try settings(yaml, [:], files: ["/t": "one"])
        let two = try settings(yaml, [:], files: ["/t": "two"])
        #expect(SettingsDifference(from: one, to: two).changed == ["destinations[0].token_file"])
        #expect(SettingsDifference(from: one, to: one).changed == [])
    }

    @Test("sources and destinations that come, go or change their names need a restart")
    func names() throws {
        let third = Self.base.replacing("[k] }]", with: "[k] }, { name: app, kind: segment, write_keys: [x] }]")
        #expect(try difference(third).needRestart == ["sources[2].name"])
        let renamed = Self.base.replacing("name: shop", with: "name: store")
        #expect(try difference(renamed).needRestart.contains("destinations[0].name"))
    }

    @Test("a mapping that comes or goes is live")
    func mappings() throws {
        let yaml = Self.base + "\nmappings: [{ name: m, trigger: 'type = \"track\"', event_name: lead }]"
        let found = try difference(yaml)
        #expect(found.changed.contains("mappings[0].trigger") && found.needRestart == [])
        let gone = SettingsDifference(from: try settings(yaml, [:]), to: try settings(Self.base, [:]))
        #expect(gone.changed.contains("mappings[0].trigger") && gone.needRestart == [])
    }

    @Test("every live key exists")
    func liveKeysExist() throws {
        let known = try settings(Self.base, [:]).effective.keys.patterns
        for key in ReloadScope.live + ReloadScope.fixed { #expect(known.contains(key), "\(key)") }
    }

    @Test("the fingerprint follows the values, not origins and secrets")
    func fingerprint() throws {
        let base = try settings(Self.base, [:]).effective.fingerprint
        #expect(try settings("\n" + Self.base, [:]).effective.fingerprint == base)
        #expect(try settings(Self.base.replacing("token: a", with: "token: b"), [:]).effective.fingerprint == base)
        #expect(try settings(Self.base + "\nprivacy: { filter_bots: false }", [:]).effective.fingerprint != base)
        #expect(base > 0 && base < 1 << 53)
    }
}
