import Foundation
import RelayTestKit
import Testing

@Suite("pinrelay explain and pinrelay test")
struct ExplainCommandTests {
    private static let order =
        #"{"type":"track","event":"Order Completed","userId":"u","messageId":"m","properties":{"revenue":12.5},"#
        + #""context":{"traits":{"email":"Jane@Example.com"}}}"#
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (code: Int32?, output: String) {
        let process = try BinaryProcess(arguments, environment: environment)
        return (process.exitCode(within: 40), process.output)
    }

    /// Runs the binary with a file as its standard input.
    private func pipe(_ file: String, _ arguments: String) throws -> (code: Int32?, output: String) {
        let command = "\"\(BinaryProcess.binaryPath)\" \(arguments) < \"\(file)\""
        let process = try BinaryProcess(["-c", command], executable: "/bin/sh")
        return (process.exitCode(within: 40), process.output)
    }

    @Test("explain shows each field with path, value, normal form, hash and rule, and sends nothing")
    func text() throws {
        let folder = TemporaryFolder()
        let (code, output) = try run(["explain", try folder.write("order.json", Self.order)])
        #expect(code == 0)
        for part in [
            "becomes checkout", "Segment track \"Order Completed\"", "custom_data.value", "<- properties.revenue",
            #"<- context.traits.email  "Jane@Example.com" -> "jane@example.com""#, "8c87b489ce35...",
            "lower-cased by Unicode rules [6]; SHA-256 [6]", "upstream schema: accepted", "1 would be sent",
        ] {
            #expect(output.contains(part), "\(part) in \(output)")
        }
        #expect(!output.contains("8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"))
    }

    @Test("explain takes a file, standard input, or the input itself")
    func inputs() throws {
        let folder = TemporaryFolder()
        let file = try folder.write("order.json", Self.order)
        let (code, output) = try pipe(file, "explain --json")
        #expect(code == 0)
        let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        #expect(json?["summary"] as? [String: Int] == ["sent": 1, "not_sent": 0, "dead": 0, "refused_calls": 0])
        #expect(output.contains("8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"))
        #expect(try run(["explain", Self.order]).code == 0)
        #expect(try run(["explain", "curl https://h.example/v1/track -u k: -d '\(Self.order)'"]).code == 0)
    }

    @Test("explain ends with 0, 1, 64, 65 or 78")
    func explainExits() throws {
        let folder = TemporaryFolder()
        let file = try folder.write("order.json", Self.order)
        #expect(try run(["explain", "--at", "2026-05-01T12:00:00Z", file]).code == 0)
        let hit = try run(["explain", "https://t.example/g/collect?v=2&tid=G-1&cid=1.2&en=scroll"])
        #expect(hit.code == 1 && hit.output.contains("not sent: unmapped"))
        #expect(try run(["explain", "--at", "noon", file]).code == 64)
        #expect(try run(["explain", "--source", "nobody", file]).code == 64)
        #expect(try run(["explain", "--as", "xml", file]).code == 64)
        let broken = try run(["explain", try folder.write("bad.json", "{")])
        #expect(broken.code == 65 && broken.output.contains("the JSON cannot be read"))
        #expect(try run(["explain", folder.path + "/missing"]).code == 65)
        let config = try folder.write("bad.yaml", "listen: { prot: 80 }\n")
        let faulty = try run(["explain", "--config", config, file])
        #expect(faulty.code == 78 && faulty.output.contains("listen.prot"))
    }

    @Test("explain needs no secrets: what is not at hand is stood in for, and named")
    func standIns() throws {
        let folder = TemporaryFolder()
        let file = try folder.write("order.json", Self.order)
        let config = try folder.write(
            "pinrelay.yaml",
            """
            admin: { token_file: /nowhere/token }
            destinations: [{ name: shop, ad_account_id: "${PINTEREST_AD_ACCOUNT_ID}", token_file: /nowhere/pina }]
            sources: [{ name: backend, kind: segment, write_keys: ["${WRITE_KEY}", "${OTHER:-x}"] }]
            """)
        let (code, output) = try run(["explain", "--config", config, file])
        #expect(code == 0, "\(output)")
        #expect(output.contains("WRITE_KEY is not set: a stand-in takes its place"))
        #expect(!output.contains("OTHER"))
        #expect(output.contains("source: backend (assumed: the input brings no key) -> shop"))
    }

    @Test("the shipped cases pass against the shipped configuration")
    func shippedCases() throws {
        let (code, output) = try run(["test", "--config", Self.root + "/config/pinrelay.minimal.yaml"])
        #expect(code == 0, "\(output)")
        #expect(output.contains("5 cases: 5 passed, 0 failed"))
    }

    @Test("test ends with 0, 1, 64, 65 or 78, and shows what differs")
    func testExits() throws {
        let folder = TemporaryFolder()
        let good = try folder.write(
            "good.yaml", "cases: [{ name: fine, input: { type: identify }, reason: unsupported_type }]")
        let bad = try folder.write(
            "bad.yaml",
            "cases: [{ name: wrong, input: { type: page, traits: { email: a@b.example } }, expect: { event_name: lead } }]"
        )
        #expect(try run(["test", good]).code == 0)
        let failed = try run(["test", good, bad])
        #expect(failed.code == 1)
        for part in [
            "failed: \(bad):1: wrong", "event 1 (page_visit)", "expected  lead", "actual    page_visit",
            "2 cases: 1 passed, 1 failed",
        ] {
            #expect(failed.output.contains(part), "\(part) in \(failed.output)")
        }
        let asJSON = try run(["test", "--json", bad])
        #expect(asJSON.code == 1 && asJSON.output.hasPrefix(#"{"cases":[{"file":"#))
        #expect(try run(["test", "--nonsense"]).code == 64)
        #expect(try run(["test", folder.path + "/missing.yaml"]).code == 65)
        #expect(try run(["test", try folder.write("broken.yaml", "cases: {")]).code == 65)
        let unreadable = try folder.write("u.yaml", "cases: [{ name: u, input: what is this, reason: bot }]")
        #expect(try run(["test", unreadable]).code == 65)
        #expect(try run(["test", TemporaryFolder().path]).code == 65)
        let config = try folder.write("config.yml", "sources: 3\n")
        #expect(try run(["test", "--config", config, good]).code == 78)
    }
}
