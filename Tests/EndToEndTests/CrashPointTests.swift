import Foundation
import Glibc
import RelayTestKit
import Testing

/// A debug build dies by SIGKILL where `PINRELAY_CRASH_AT=<point>:<n>` says, at the n-th passage (the first without a
/// number). The points, in the journal's writer:
///
/// - `before-write`: a group of appends or settlements is about to be written
/// - `before-sync`: it is written, and not synced
/// - `before-answer`: it is synced, and nobody has been told
/// - `before-delete`: an answer of the upstream is there, and what it delivered is about to be deleted
/// - `in-checkpoint`: while the log is copied into the database
/// - `in-migration`: the last migration has changed the tables, and not committed
@Suite("A crash at a named point")
struct CrashPointTests {
    private static func batch(_ number: Int) -> String {
        let agent = String(repeating: "x", count: 1500)
        let items = (0..<50).map { item in
            #"{"type":"track","event":"Order Completed","messageId":"crash-\#(number)-\#(item)","userId":"u","#
                + #""properties":{"value":1,"order_id":"\#(number)-\#(item)"},"#
                + #""context":{"userAgent":"\#(agent)","traits":{"email":"jane@example.com"}}}"#
        }
        return #"{"writeKey":"wk","batch":["# + items.joined(separator: ",") + "]}"
    }

    /// The ids that the upstream has got.
    private static func arrived(_ port: Int) throws -> [String] {
        try TestHTTPClient.get(port: port, "/sandbox/ids").text.split(separator: "\n").compactMap { line in
            let arrival = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
            return arrival?.values.compactMap { $0 as? String }.first { $0.hasPrefix("crash-") }
        }
    }

    @Test(
        "no event that was answered is lost",
        arguments: ["before-write:3", "before-sync:3", "before-answer:3", "before-delete:2", "in-checkpoint"])
    func answered(point: String) throws {
        let stack = try RelayStack(environment: ["PINRELAY_CRASH_AT": point])
        var answered: Set<String> = []
        for number in 0..<2000 {
            guard let answer = try? TestHTTPClient.post(port: stack.publicPort, "/v1/batch", Self.batch(number)) else {
                break
            }
            #expect(answer.status == 200)
            answered.formUnion((0..<50).map { "crash-\(number)-\($0)" })
        }
        #expect(stack.relay.exitCode(within: 20) == -SIGKILL, "\(point) was not reached")
        let (relay, _, adminPort) = try RelayStack.startRelay(upstreamPort: stack.sandboxPort, folder: stack.folder)
        var missing = answered
        _ = try eventually(within: 30) {
            missing.subtract(try Self.arrived(stack.sandboxPort))
            return missing.isEmpty
        }
        #expect(missing.isEmpty, "\(point): \(missing.count) of \(answered.count) are lost")
        #expect(try eventually { try RelayStack.metrics(adminPort: adminPort)["pinrelay_events_unaccounted"] == 0 })
        relay.kill(SIGTERM)
        #expect(relay.exitCode(within: 40) == 0)
        let verdict = try BinaryProcess(["journal", "verify", "--full", "--directory", stack.folder.path + "/journal"])
        #expect(verdict.exitCode() == 0, "\(verdict.output)")
    }

    @Test("a migration that was cut off is done by the next start")
    func migration() throws {
        let folder = TemporaryFolder()
        let environment = ["PINRELAY_CRASH_AT": "in-migration"]
        #expect(throws: RelayStack.NotStarted.self) {
            try RelayStack.startRelay(upstreamPort: 9, folder: folder, environment: environment)
        }
        let (relay, publicPort, _) = try RelayStack.startRelay(upstreamPort: 9, folder: folder)
        #expect(try TestHTTPClient.get(port: publicPort, "/readyz").status == 200)
        #expect(relay.isRunning)
    }
}
