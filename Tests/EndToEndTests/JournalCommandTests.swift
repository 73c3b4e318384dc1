import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("pinrelay journal")
struct JournalCommandTests {
    private func run(_ arguments: [String]) throws -> (code: Int32?, output: String) {
        let process = try BinaryProcess(["journal"] + arguments)
        return (process.exitCode(within: 40), process.output)
    }

    private static let order = """
        {"writeKey":"wk","event":"Order Completed","messageId":"order-1","userId":"u","properties":{"value":1},
         "context":{"ip":"203.0.113.77","userAgent":"Tester \\"quoted\\" 1.0","traits":{"email":"jane@example.com"}}}
        """

    /// A relay that keeps one event queued, and has one dead letter.
    private func stack() throws -> (RelayStack, directory: String) {
        let stack = try RelayStack(environment: ["PINRELAY_DRAIN_DEADLINE": "0"], sandboxArguments: ["--hang"])
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", Self.order).status == 200)
        let anonymous = #"{"writeKey":"wk","event":"Order Completed","messageId":"nobody","properties":{"value":1}}"#
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", anonymous).status == 200)
        return (stack, stack.folder.path + "/journal")
    }

    @Test("stats, verify and export work beside a running relay and on a stopped journal", arguments: [true, false])
    func commands(beside: Bool) throws {
        let (stack, directory) = try stack()
        if !beside {
            stack.relay.kill(SIGKILL)
            _ = stack.relay.exitCode()
        }
        let stats = try run(["stats", "--directory", directory])
        #expect(stats.code == 0, "\(stats.output)")
        #expect(stats.output.contains(": 1 events in 1 blocks"), "\(stats.output)")
        let json = try run(["stats", "--json", "--directory", directory])
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((object?["queues"] as? [[String: Any]])?.first?["events"] as? Int == 1)
        #expect((object?["dead_letters"] as? [String: Int])?.values.reduce(0, +) == 1)

        let verdict = try run(["verify", "--full", "--directory", directory])
        #expect(verdict.code == 0)
        #expect(verdict.output == "The journal is sound.\n")

        let export = try run(["export", "--directory", directory])
        #expect(export.code == 0)
        let lines = try export.output.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
        }
        #expect(lines.map { $0["kind"] as? String } == ["queued", "dead"])
        let user = (lines[0]["event"] as? [String: Any])?["user_data"] as? [String: Any]
        #expect(user?["client_ip_address"] as? String == "<masked>")
        #expect(user?["client_user_agent"] as? String == "<masked>")
        #expect(user?["em"] != nil)
        for clear in ["203.0.113.77", "Tester", "jane@"] { #expect(!export.output.contains(clear)) }
        if beside { #expect(stack.relay.isRunning) }
    }

    @Test("verify names what is damaged and ends with 65")
    func damaged() throws {
        let (stack, directory) = try stack()
        stack.relay.kill(SIGTERM)
        #expect(stack.relay.exitCode() == 75)
        let path = directory + "/journal.sqlite"
        var bytes = try #require(FileManager.default.contents(atPath: path))
        let page = 4096
        for at in (bytes.count - page)..<bytes.count { bytes[at] ^= 0xff }
        for at in (page + 8)..<(page + 200) { bytes[at] ^= 0xff }
        try bytes.write(to: URL(fileURLWithPath: path))
        let verdict = try run(["verify", "--json", "--directory", directory])
        #expect(verdict.code == 65, "\(verdict.output)")
        #expect(verdict.output.contains(#""is_sound" : false"#), "\(verdict.output)")
    }

    @Test("where there is no journal it says so and ends with 65")
    func missing() throws {
        let (code, output) = try run(["stats", "--directory", "/nonexistent"])
        #expect(code == 65)
        #expect(output.contains("there is no journal in /nonexistent"))
    }

    @Test("a second relay on the same volume is refused with a sentence, and the first goes on")
    func secondRelay() throws {
        let stack = try RelayStack()
        let second = try BinaryProcess(
            ["run"],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t", "PINRELAY_LISTEN": "127.0.0.1:0",
                "PINRELAY_ADMIN": "127.0.0.1:0", "PINRELAY_JOURNAL_PATH": stack.folder.path + "/journal",
                "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1",
            ])
        #expect(second.exitCode() == 1)
        #expect(second.output.contains("another process has the journal in"))
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/readyz").status == 200)
    }
}
