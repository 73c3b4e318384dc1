import Foundation
import Glibc
import RelayTestKit
import Testing

/// Every exit code that the README names, made to happen.
@Suite("The exit codes")
struct ExitCodeTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let account = ["PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t"]
    private static let order =
        #"{"type":"track","event":"Order Completed","context":{"traits":{"email":"a@b.example"}}}"#

    /// One way to an exit code.
    private struct Way {
        var command: String
        var code: Int32
        var end: () throws -> Int32?
    }

    @Test("each command ends with each of the codes that the README names, and the table names no more")
    func table() throws {
        let readme = try String(contentsOfFile: Self.root + "/README.md", encoding: .utf8)
        var named: Set<String> = []
        for row in readme.matches(of: /\n\| `pinrelay ([a-z -]+)`([^|]*)\|[^|]*\| ([^|]*) \|/) {
            let commands = [String(row.1)] + row.2.matches(of: /`([a-z]+)`/).map { "dead-letters \($0.1)" }
            for code in row.3.matches(of: /\b(0|1|64|65|74|75|78)\b/) {
                for one in commands { named.insert("\(one) \(code.1)") }
            }
        }
        let ways = try Self.ways()
        let shown = Set(ways.map { "\($0.command) \($0.code)" })
        #expect(named.subtracting(shown).sorted() == [], "named in the README, and not shown here")
        #expect(shown.subtracting(named).sorted() == [], "shown here, and not named in the README")
        for way in ways { #expect(try way.end() == way.code, "\(way.command) \(way.code)") }
    }

    private static func ways() throws -> [Way] {
        let folder = TemporaryFolder()
        let faulty = try folder.write("faulty.yaml", "listen: { prot: 80 }\n")
        let failing = try folder.write(
            "failing.yaml", "cases: [{ name: x, input: '{\"type\":\"track\",\"event\":\"Nothing\"}', reason: bot }]")
        let noJournal = ["--directory", folder.path + "/none"]
        let taken = try BinaryProcess(["sandbox", "--port", "0"])
        let port = taken.number(after: "listening on http://127.0.0.1:") ?? 0
        func plain(_ command: String, _ code: Int32, _ more: [String], _ environment: [String: String]? = nil) -> Way {
            Way(command: command, code: code) {
                let words = command.split(separator: " ").map(String.init)
                return try BinaryProcess(words + more, environment: environment ?? account).exitCode(within: 60)
            }
        }
        let simple = [
            plain("run", 78, [], [:]), plain("check", 0, []), plain("check", 78, ["--config", faulty]),
            plain("check", 64, ["--nonsense"]),
            plain("explain", 0, [order]), plain("explain", 1, [#"{"type":"track","event":"Nothing"}"#]),
            plain("explain", 64, ["--as", "xml", order]), plain("explain", 65, [folder.path + "/missing"]),
            plain("explain", 78, ["--config", faulty, order]),
            plain("test", 0, ["--config", root + "/config/pinrelay.minimal.yaml"]), plain("test", 1, [failing]),
            plain("test", 64, ["--nonsense"]), plain("test", 65, [folder.path + "/missing.yaml"]),
            plain("test", 78, ["--config", faulty, failing]),
            plain("mappings", 0, []), plain("mappings", 78, ["--config", faulty]),
            plain("demo", 0, ["--once"]), plain("demo", 1, ["--port", "\(port)", "--admin-port", "0"]),
            plain("sandbox", 1, ["--port", "\(port)"]), plain("version", 0, []),
            plain("probe", 1, ["--port", "1"]), plain("probe", 64, ["--route", "healthz"]),
            plain("probe", 78, ["--config", faulty]),
            plain("journal stats", 65, noJournal), plain("journal verify", 65, noJournal),
            plain("journal export", 65, noJournal),
        ]
        let deadLetters = ["list", "show", "replay"].flatMap { action in
            let id = action == "show" ? ["7"] : action == "replay" ? ["--all"] : []
            return [
                plain("dead-letters \(action)", 1, id + ["--admin", "http://127.0.0.1:1"]),
                plain("dead-letters \(action)", 64, ["--nonsense"]),
                plain("dead-letters \(action)", 78, id + ["--config", faulty]),
            ]
        }
        return simple + deadLetters + running(holding: taken, folder)
    }

    /// The codes of what runs, or of what is asked about something that does.
    private static func running(holding taken: BinaryProcess, _ folder: TemporaryFolder) -> [Way] {
        [
            Way(command: "sandbox", code: 0) {
                taken.kill(SIGTERM)
                return taken.exitCode()
            },
            Way(command: "run", code: 0) { try end(of: RelayStack()) },
            Way(command: "run", code: 1) {
                let stack = try RelayStack()
                let own = [
                    "PINRELAY_LISTEN": "127.0.0.1:\(stack.publicPort)", "PINRELAY_ADMIN": "127.0.0.1:0",
                    "PINRELAY_JOURNAL_PATH": folder.path + "/other", "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1",
                ]
                return try BinaryProcess(["run"], environment: account.merging(own) { $1 }).exitCode()
            },
            Way(command: "run", code: 74) {
                guard DiskFaults.compiler != nil else { return 74 }
                let disk = TemporaryFolder()
                let faults = try DiskFaults(in: disk)
                let stack = try RelayStack(environment: try faults.environment, folder: disk)
                faults.failSyncs(EIO)
                _ = try? post(stack)
                return stack.relay.exitCode()
            },
            Way(command: "run", code: 75) {
                let stack = try RelayStack(
                    environment: ["PINRELAY_DRAIN_DEADLINE": "1"], sandboxArguments: ["--hang"])
                _ = try post(stack)
                let isUnderWay = try eventually {
                    try stack.metrics().sum(of: "pinrelay_upstream_requests_in_flight") > 0
                }
                return isUnderWay ? end(of: stack) : nil
            },
        ] + asked()
    }

    /// What is asked of a running relay.
    private static func asked() -> [Way] {
        func ask(_ command: String, _ more: @escaping (RelayStack) -> [String]) -> Way {
            Way(command: command, code: 0) {
                let stack = try RelayStack()
                let nobody = #"{"writeKey":"wk","event":"Order Completed","messageId":"m"}"#
                _ = try TestHTTPClient.post(port: stack.publicPort, "/v1/track", nobody)
                let words = command.split(separator: " ").map(String.init)
                return try BinaryProcess(words + more(stack), environment: account).exitCode()
            }
        }
        let admin = { (stack: RelayStack) in ["--admin", "http://127.0.0.1:\(stack.adminPort)"] }
        let directory = { (stack: RelayStack) in ["--directory", stack.folder.path + "/journal"] }
        return [
            ask("probe") { ["--port", "\($0.publicPort)", "--route", "startupz"] },
            ask("journal stats", directory), ask("journal verify", directory), ask("journal export", directory),
            ask("dead-letters list", admin), ask("dead-letters show") { ["1"] + admin($0) },
            ask("dead-letters replay") { ["--all"] + admin($0) },
        ]
    }

    private static func post(_ stack: RelayStack) throws {
        _ = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/track",
            #"{"writeKey":"wk","event":"Order Completed","context":{"traits":{"email":"a@shop.example"}}}"#)
    }

    private static func end(of stack: RelayStack) -> Int32? {
        stack.relay.kill(SIGTERM)
        return stack.relay.exitCode()
    }
}
