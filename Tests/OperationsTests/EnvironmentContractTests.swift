import RelayModel
import Settings
import Testing

@Suite("Environment contract")
struct EnvironmentContractTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let variable: String
        let value: String
        let holds: @Sendable (RelaySettings) -> Bool
        var testDescription: String { "\(variable)=\(value)" }

        init(_ variable: String, _ value: String, _ holds: @escaping @Sendable (RelaySettings) -> Bool) {
            self.variable = variable
            self.value = value
            self.holds = holds
        }
    }

    static let cases = [
        Case("PINTEREST_AD_ACCOUNT_ID", "77") { $0.destinations.map(\.adAccountID) == ["77"] },
        Case("PINTEREST_CONVERSION_TOKEN", "other") { $0.destinations[0].token.revealed == "other" },
        Case("PINRELAY_LISTEN", "127.0.0.1:81") { $0.listen.address == "127.0.0.1" && $0.listen.port == 81 },
        Case("PINRELAY_LISTEN", "[::1]:81") { $0.listen.address == "::1" && $0.listen.port == 81 },
        Case("PINRELAY_LISTEN", ":81") { $0.listen.address == "10.1.1.1" && $0.listen.port == 81 },
        Case("PINRELAY_LISTEN", "localhost:0") { $0.listen.address == "127.0.0.1" && $0.listen.port == 0 },
        Case("PINRELAY_ADMIN", "127.0.0.2:0") { $0.admin.address == "127.0.0.2" && $0.admin.port == 0 },
        Case("PINRELAY_ADMIN_TOKEN", "adm") { $0.admin.token?.revealed == "adm" },
        Case("PINRELAY_ADMIN_TOKEN_FILE", "/s/admin") { $0.admin.token?.revealed == "from-file" },
        Case("PINRELAY_UPSTREAM_URL", "http://127.0.0.1:5") { $0.upstream.url == "http://127.0.0.1:5" },
        Case("PINRELAY_JOURNAL_PATH", "/tmp/j") { $0.journal.path == "/tmp/j" },
        Case("PINRELAY_ALLOW_VOLATILE_JOURNAL", "1") { $0.journal.allowVolatile },
        Case("PINRELAY_TRUSTED_PROXIES", "10.0.0.0/8, ::1") {
            $0.listen.trustedProxies.map(\.description) == ["10.0.0.0/8", "::1"]
        },
        Case("PINRELAY_DEFAULT_REGION", "de") { $0.sources.allSatisfy { $0.defaultRegion == "DE" } },
        Case("PINRELAY_TEST_MODE", "true") { $0.destinations.allSatisfy(\.testMode) },
        Case("PINRELAY_THREADS", "7") { $0.listen.threads == 7 },
        Case("PINRELAY_LOG_LEVEL", "debug") { $0.log.level == .debug },
        Case("PINRELAY_DRAIN_PRE_STOP", "0") { $0.drain.preStop == .zero },
        Case("PINRELAY_DRAIN_DEADLINE", "1.5") { $0.drain.deadline == .milliseconds(1500) },
    ]

    static let file = """
        listen: { address: 10.1.1.1, port: 1, threads: 1, trusted_proxies: [192.0.2.1] }
        admin: { port: 2, token: file-token }
        upstream: { url: https://file.example }
        journal: { path: /file, allow_volatile: false }
        destinations: [{ name: shop, ad_account_id: "1", token: file-token, test_mode: false }]
        sources: [{ name: web, kind: ga4, default_region: US }, { name: back, kind: segment }]
        log: { level: error }
        drain: { pre_stop: 9, deadline: 9 }
        """

    @Test("each variable overrides the file", arguments: cases)
    func overridesFile(_ testCase: Case) throws {
        let read = try settings(
            Self.file, [testCase.variable: testCase.value], files: ["/s/admin": "from-file\n"])
        #expect(testCase.holds(read))
    }

    @Test("each variable works without a file", arguments: cases)
    func worksAlone(_ testCase: Case) throws {
        if testCase.value == ":81" { return }
        let variables = accountVariables.merging([testCase.variable: testCase.value]) { _, new in new }
        #expect(testCase.holds(try settings(nil, variables, files: ["/s/admin": "from-file\n"])))
    }

    @Test("an empty variable counts as unset", arguments: cases)
    func emptyIsUnset(_ testCase: Case) throws {
        let read = try settings(Self.file, [testCase.variable: ""])
        #expect(read.effective.yaml == (try settings(Self.file, [:])).effective.yaml)
    }

    @Test("the token may come from a file, with a line end behind it")
    func tokenFile() throws {
        let variables = ["PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN_FILE": "/s/token"]
        #expect(try settings(nil, variables, files: ["/s/token": "t0k\n"]).destinations[0].token.revealed == "t0k")
        #expect(faults(nil, variables).map(\.path) == ["destinations[0].token_file"])
    }

    @Test("a variable's token takes the place of the file's token_file")
    func tokenOverTokenFile() throws {
        let yaml = "destinations: [{ name: a, ad_account_id: 1, token_file: /missing }]"
        #expect(try settings(yaml, ["PINTEREST_CONVERSION_TOKEN": "t"]).destinations[0].token.revealed == "t")
    }

    @Test("a token and its file together are refused")
    func tokenTwice() {
        let variables = accountVariables.merging(["PINTEREST_CONVERSION_TOKEN_FILE": "/s/token"]) { a, _ in a }
        #expect(faults(nil, variables).first?.path == "PINTEREST_CONVERSION_TOKEN")
    }

    @Test("of several destinations, the one with the variable's account gets the variable's token")
    func severalDestinations() throws {
        let yaml = "destinations: [{ name: a, ad_account_id: 1, token: x }, { name: b, ad_account_id: 2, token: y }]"
        let account = ["PINTEREST_AD_ACCOUNT_ID": "2", "PINTEREST_CONVERSION_TOKEN": "z"]
        #expect(try settings(yaml, account).destinations.map(\.token.revealed) == ["x", "z"])
        #expect(
            try settings(yaml, ["PINTEREST_CONVERSION_TOKEN": "z"]).destinations.map(\.token.revealed) == ["x", "y"])
        #expect(faults(yaml, ["PINTEREST_AD_ACCOUNT_ID": "3"]).map(\.path) == ["PINTEREST_AD_ACCOUNT_ID"])
    }

    @Test("an address without port is a fault", arguments: ["127.0.0.1", "127.0.0.1:", ""])
    func endpointWithoutPort(text: String) {
        let found = faults(nil, accountVariables.merging(["PINRELAY_LISTEN": text]) { a, _ in a })
        #expect(found.map(\.path) == (text.isEmpty ? [] : ["PINRELAY_LISTEN"]))
    }

    @Test("a misspelt variable is warned of")
    func misspelt() throws {
        let variables = accountVariables.merging(["PINRELAY_THREAD": "2", "PINRELAY_SERVICE_HOST": "x"]) { a, _ in a }
        let warnings = try settings(nil, variables).warnings.filter { $0.contains("is not known") }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("PINRELAY_THREADS") == true)
    }
}
