import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("pinrelay check")
struct CheckCommandTests {
    private static let account = ["PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "very-secret"]
    private let folder = TemporaryFolder()

    private func check(
        _ yaml: String, _ arguments: String..., environment: [String: String] = account
    ) throws -> (code: Int32?, output: String) {
        let file = try folder.write("pinrelay.yaml", yaml)
        let process = try BinaryProcess(["check", "--config", file] + arguments, environment: environment)
        return (process.exitCode(), process.output)
    }

    private var journal: String { "journal: { path: \(folder.path)/new/journal, allow_volatile: true }\n" }

    @Test("syntax looks at YAML and variables alone")
    func syntax() throws {
        #expect(try check("listen: { prot: 1 }", "--level", "syntax").code == 0)
        let broken = try check("listen: { port", "--level", "syntax")
        #expect(broken.code == 78 && broken.output.contains("pinrelay.yaml (line "), "\(broken.output)")
        let unset = try check("admin: { token: \"${NOBODY_SETS_THIS}\" }", "--level", "syntax")
        #expect(unset.code == 78)
        #expect(unset.output.contains("admin.token (line 1): the variable NOBODY_SETS_THIS is not set"))
    }

    @Test("semantics looks at keys and values, not at the machine")
    func semantics() throws {
        #expect(try check("listen: { prot: 1 }").output.contains("listen.prot (line 1)"))
        #expect(try check("journal: { path: /proc/none }").code == 0)
        #expect(
            try check("destinations: [{ name: a, ad_account_id: 2, token_file: /none }]", environment: [:]).code == 78)
    }

    @Test("environment looks at the journal's place, certificates and addresses, and makes nothing")
    func environment() throws {
        let good = try check(journal + "listen: { port: 0 }\nadmin: { port: 0 }", "--level", "environment")
        #expect(good.code == 0, "\(good.output)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/new"))
        let file = try folder.write("no-directory", "x")
        let bad = try check(
            """
            journal: { path: \(file)/journal }
            upstream: { ca_file: \(file) }
            listen: { address: 192.0.2.1 }
            admin: { port: 0 }
            """, "--level", "environment")
        #expect(bad.code == 78)
        for key in ["journal.path: ", "upstream.ca_file: ", "listen.address: "] {
            #expect(bad.output.contains("pinrelay: \(key)"), "\(bad.output)")
        }
    }

    @Test("environment warns of a port that is taken and of a secret that anybody may read")
    func warnings() throws {
        let stack = try RelayStack()
        let secret = try folder.write("token", "t\n")
        chmod(secret, 0o644)
        let yaml = """
            \(journal)listen: { address: 127.0.0.1, port: \(stack.publicPort) }
            admin: { port: 0 }
            destinations: [{ name: a, ad_account_id: 2, token_file: \(secret) }]
            """
        let open = try check(yaml, "--level", "environment", environment: [:])
        #expect(open.code == 0, "\(open.output)")
        #expect(open.output.contains("listen.port: 127.0.0.1:\(stack.publicPort) is taken"))
        #expect(open.output.contains("destinations[0].token_file: every user of this machine may read \(secret)"))
        chmod(secret, 0o600)
        #expect(try !check(yaml, "--level", "environment", environment: [:]).output.contains("every user"))
    }

    @Test("--upstream asks whether the token is taken, and sends no event")
    func upstream() throws {
        // Not recorded: the empty call is to be refused, so it does not fit the upstream's schema.
        let sandbox = try BinaryProcess(
            ["sandbox", "--port", "0", "--token", "very-secret"], environment: ["PINRELAY_SANDBOX_RECORD": ""])
        let port = try #require(sandbox.number(after: "listening on http://127.0.0.1:"))
        let url = "upstream: { url: \"http://127.0.0.1:\(port)\" }"
        let good = try check(url, "--upstream")
        #expect(good.code == 0, "\(good.output)")
        var wrong = Self.account
        wrong["PINTEREST_CONVERSION_TOKEN"] = "expired"
        let refused = try check(url, "--upstream", environment: wrong)
        #expect(refused.code == 78)
        #expect(refused.output.contains("destinations[0].token: the upstream refuses it with 401"))
        #expect(!refused.output.contains("expired"))
        let away = try check("upstream: { url: \"http://127.0.0.1:9\" }", "--upstream")
        #expect(away.code == 78 && away.output.contains("upstream.url: no answer for destinations[0]"))
        #expect(try RelayStack.receivedEvents(sandboxPort: port).isEmpty)
    }

    @Test("--effective names file and line, variable or default of every value, and masks secrets")
    func effective() throws {
        let (code, output) = try check("listen:\n  port: 8081\n", "--effective")
        #expect(code == 0)
        #expect(output.contains(#"{"path":"listen.port","value":"8081","origin":"\#(folder.path)/pinrelay.yaml:2"}"#))
        #expect(output.contains(#"{"path":"listen.threads","value":"#) && output.contains(#""origin":"default""#))
        #expect(
            output.contains(
                #"{"path":"destinations[0].token","value":"\"<secret>\"","origin":"PINTEREST_CONVERSION_TOKEN"}"#))
        #expect(!output.contains("very-secret"))
    }

    @Test("--print-schema needs no configuration; wrong usage ends with 64")
    func schemaAndUsage() throws {
        let schema = try BinaryProcess(["check", "--print-schema"])
        #expect(schema.exitCode() == 0 && schema.output.hasPrefix("{\n  \"$schema\""))
        #expect(try BinaryProcess(["check", "--level", "all"]).exitCode() == 64)
    }
}
