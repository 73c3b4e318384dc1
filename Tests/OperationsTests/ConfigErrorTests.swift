import Foundation
import Settings
import Testing

@Suite("ConfigError")
struct ConfigErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let yaml: String
        let path: String
        let line: Int?
        let message: String
        var testDescription: String { path + ": " + message }

        init(_ yaml: String, _ path: String, line: Int? = nil, _ message: String) {
            self.yaml = yaml
            self.path = path
            self.line = line
            self.message = message
        }
    }

    static let cases = [
        Case("listen: { prot: 80 }", "listen.prot", line: 1, "unknown key (did you mean port?)"),
        Case("listen:\n  port: 80\n  limits:\n    body: 5", "listen.limits.body", line: 4, "unknown key"),
        Case("lisen: {}", "lisen", line: 1, "did you mean listen?"),
        Case(
            "# one\nlisten:\n  port: abc", "listen.port", line: 3,
            "expected a whole number from 0 to 65535, found \"abc\""),
        Case("listen: { port: 70000 }", "listen.port", line: 1, "found \"70000\""),
        // What may be a secret in the wrong place is not shown.
        Case("listen: { port: pina_0123 }", "listen.port", line: 1, "found a text of 9"),
        Case("listen: { port: \"me:word@host\" }", "listen.port", line: 1, "found a text of 12"),
        Case("listen: { port: \(String(repeating: "x", count: 41)) }", "listen.port", line: 1, "found a text of 41"),
        Case("listen: { port: [1] }", "listen.port", line: 1, "found a list"),
        Case("listen: { port: }", "listen.port", line: 1, "found nothing"),
        Case("listen: 5", "listen", line: 1, "expected a mapping"),
        Case("listen: { address: example.com }", "listen.address", line: 1, "an IP address"),
        Case("listen: { threads: 0 }", "listen.threads", "from 1 to 64"),
        Case("listen: { path_prefix: tags }", "listen.path_prefix", "a path"),
        Case(
            "listen:\n  trusted_proxies:\n    - 10.0.0.0/8\n    - 10.0.0.1/8", "listen.trusted_proxies[1]", line: 4,
            "range"),
        Case("listen: { tls: { certificate: a } }", "listen.tls.key", line: 1, "key file is needed"),
        Case("listen: { tls: { key: a } }", "listen.tls.certificate", line: 1, "certificate file is needed"),
        Case("listen: { limits: { idle_timeout: soon } }", "listen.limits.idle_timeout", "a duration such as 5s"),
        Case("listen: { limits: { body_bytes: 4MegaBytes } }", "listen.limits.body_bytes", "a size such as"),
        Case("admin: { address: 0.0.0.0 }", "admin.token", "beyond loopback"),
        Case("admin: { port: 8080 }", "admin.port", line: 1, "is the public port"),
        Case("upstream: { url: ftp://x }", "upstream.url", "a URL such as"),
        Case("upstream: { url: \"https://user:pw@x\" }", "upstream.url", "a URL such as"),
        Case("journal: { kind: kafka }", "journal.kind", "expected sqlite"),
        Case("journal: { allow_volatile: maybe }", "journal.allow_volatile", "true or false"),
        Case("mappings: [{ name: x }]", "mappings[0].trigger", line: 1, "is missing"),
        Case(
            "destinations: [{ name: a, ad_account_id: 549755885175 }, { name: b, ad_account_id: 12x, token: t }]",
            "destinations[1].ad_account_id", "digits"),
        Case("sources: []", "sources", line: 1, "the list is empty"),
        Case("sources: [{ kind: ga4 }]", "sources[0].name", "is missing"),
        Case("sources: [{ name: none, kind: ga4 }]", "sources[0].name", "a name of letters"),
        Case("sources: [{ name: w }]", "sources[0].kind", "is missing"),
        Case("sources: [{ name: w, kind: gtm }]", "sources[0].kind", "one of ga4, segment"),
        Case("sources: [{ name: w, kind: ga4, write_keys: [k] }]", "sources[0].write_keys", "kind segment"),
        Case("sources: [{ name: w, kind: ga4, measurement_ids: [G 1] }]", "sources[0].measurement_ids[0]", "G-ABC123"),
        Case("sources: [{ name: w, kind: segment, measurement_ids: [G-1] }]", "sources[0].measurement_ids", "kind ga4"),
        Case("sources: [{ name: w, kind: ga4, destinations: [shop] }]", "sources[0].destinations[0]", "(pinterest)"),
        Case("sources: [{ name: w, kind: ga4, destinations: [] }]", "sources[0].destinations", "the list is empty"),
        Case("sources: [{ name: w, kind: ga4, default_region: USA }]", "sources[0].default_region", "two letters"),
        Case(
            "sources: [{ name: w, kind: ga4, allowed_origins: [shop.example] }]", "sources[0].allowed_origins[0]",
            "origin"),
        Case("sources: [{ name: w, kind: ga4, unmapped: no spaces }]", "sources[0].unmapped", "an event name"),
        Case("sources: [{ name: w, kind: ga4, action_source: tv }]", "sources[0].action_source", "app_android"),
        Case("sources: [{ name: w, kind: ga4, consent: maybe }]", "sources[0].consent", "require, respect, ignore"),
        Case(
            "sources: [{ name: w, kind: ga4 }, { name: w, kind: segment }]", "sources", "the name w stands there"),
        Case("sources: [{ name: v, kind: ga4 }, { name: w, kind: ga4 }]", "sources", "v, w have no measurement_ids"),
        Case("privacy: { external_id_case: upper }", "privacy.external_id_case", "one of lower, keep"),
        Case("privacy: { hashed_maids_case: upper }", "privacy.hashed_maids_case", "one of lower, keep"),
        Case(
            "privacy: { birthday_order: dmy }", "privacy.birthday_order", "one of unambiguous, day_first, month_first"),
        Case("privacy: { ldp: { states: [Cali] } }", "privacy.ldp.states[0]", "two letters"),
        Case("delivery: { max_batch: 1001 }", "delivery.max_batch", "from 1 to 1000"),
        Case("delivery: { breaker: { open: 2m, open_cap: 1m } }", "delivery.breaker.open_cap", "shorter"),
        Case("delivery: { pause: 1ms }", "delivery.pause", "a duration"),
        Case("dead_letters: { max_bytes: 1KiB }", "dead_letters.max_bytes", "a size"),
        Case("dead_letters: { retention: 30 d }", "dead_letters.retention", "a duration"),
        Case("upstream: { name_cache: never }", "upstream.name_cache", "a duration"),
        Case("delivery: { retry_base: 10s, retry_cap: 5s }", "delivery.retry_cap", "shorter"),
        Case("drain: { deadline: -1 }", "drain.deadline", "a duration"),
        Case("log: { level: loud }", "log.level", "one of trace"),
        Case("log: { level: \"${NOT_SET_HERE}\" }", "log.level", line: 1, "the variable NOT_SET_HERE is not set"),
        Case("a: 1\na: 2", "configuration", "has a key twice"),
        Case("a: [1", "configuration", "is no valid YAML"),
    ]

    @Test("each fault names its path, line and what is wrong", arguments: cases)
    func fault(_ testCase: Case) throws {
        let found = faults(testCase.yaml)
        let match = try #require(found.first { $0.path == testCase.path }, "\(found)")
        #expect(match.message.contains(testCase.message), "\(match)")
        if let line = testCase.line { #expect(match.line == line) }
    }

    @Test("several faults are reported together")
    func together() {
        let found = faults("listen: { port: x, threads: y }\nlog: { level: z }\nextra: 1")
        #expect(found.map(\.path) == ["listen.port", "listen.threads", "log.level", "extra"])
    }

    @Test("a fault prints as path, line and sentence")
    func printed() {
        let errors = faults("listen:\n  prot: 80")
        #expect(errors.map(\.description) == ["listen.prot (line 2): unknown key (did you mean port?)"])
    }

    @Test("a value that a variable filled in is not shown")
    func interpolatedValue() {
        let variables = accountVariables.merging(["SECRET": "sesame"]) { a, _ in a }
        let text = faults("listen: { port: \"${SECRET}\" }", variables).map(\.description).joined()
        #expect(text.contains("listen.port"))
        #expect(!text.contains("sesame"))
    }

    @Test("a fault of a variable's value names the variable")
    func variable() {
        let variables = accountVariables.merging(["PINRELAY_THREADS": "many"]) { a, _ in a }
        let found = faults(nil, variables)
        #expect(found.count == 1)
        #expect(found.first?.path == "listen.threads")
        #expect(found.first?.message.contains("PINRELAY_THREADS") == true)
    }

    @Test("without an account the fault says what to do next")
    func noAccount() {
        let found = faults(nil, [:])
        #expect(found.map(\.path) == ["destinations"])
        #expect(found.first?.message.contains("PINTEREST_AD_ACCOUNT_ID") == true)
        #expect(found.first?.message.contains("pinrelay demo") == true)
    }

    @Test("an account without token, or a token without account, is a fault of its own")
    func halfAnAccount() {
        #expect(faults(nil, ["PINTEREST_AD_ACCOUNT_ID": "1"]).map(\.path) == ["destinations[0].token"])
        #expect(faults(nil, ["PINTEREST_CONVERSION_TOKEN": "t"]).map(\.path) == ["destinations[0].ad_account_id"])
    }

    @Test("a real file is read up to its cap and as UTF-8 only")
    func realFile() throws {
        let path = NSTemporaryDirectory() + "pinrelay-config-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("listen: { prot: 1 }".utf8).write(to: URL(filePath: path))
        let error = try #require(throws: ConfigErrors.self) {
            try RelaySettings(path: nil, environment: accountVariables.merging(["PINRELAY_CONFIG": path]) { a, _ in a })
        }
        #expect(error.errors.map(\.path) == ["listen.prot"])
        #expect(try ConfigFiles.disk.read(path, 19) == "listen: { prot: 1 }")
        #expect(throws: ConfigFileError.tooLong) { try ConfigFiles.disk.read(path, 18) }
        try Data([0xff, 0xfe]).write(to: URL(filePath: path))
        #expect(throws: ConfigFileError.notText) { try ConfigFiles.disk.read(path, 100) }
        try Data().write(to: URL(filePath: path))
        #expect(try ConfigFiles.disk.read(path, 100) == "")
    }

    @Test("a missing configuration file is a fault that names the file")
    func missingFile() throws {
        let error = try #require(throws: ConfigErrors.self) {
            try RelaySettings(path: "/nowhere/pinrelay.yaml", environment: accountVariables)
        }
        #expect(error.description.contains("/nowhere/pinrelay.yaml"))
    }
}
