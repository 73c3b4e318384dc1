import Foundation
import RelayTestKit
import Testing

/// Events as shops, sites and apps send them, through the built relay into the built sandbox: what leaves has to be,
/// member for member, what a person has written down from the mapping rules (`Cases/*.http`).
@Suite("Golden events")
struct GoldenTests {
    private static let files = GoldenFiles.names.compactMap { name in
        try? GoldenFile(name: name, text: GoldenFiles.text(name))
    }

    @Test("every case gives exactly the events that the rules say", arguments: files)
    func events(_ file: GoldenFile) throws {
        let stack = try RelayStack(configuration: try GoldenFiles.text("pinrelay.yaml"))
        for example in file.cases { try check(example, on: stack) }
    }

    @Test("every file is read, and holds cases")
    func allAreRead() {
        #expect(Self.files.map(\.name) == GoldenFiles.names)
        #expect(Self.files.allSatisfy { !$0.cases.isEmpty })
        #expect(Self.files.reduce(0) { $0 + $1.cases.count } >= 70)
    }

    /// The hashes of the expectations, recomputed by a tool that has nothing to do with the relay.
    @Test("each hash is that of the text beside it, by sha256sum", arguments: GoldenFiles.names)
    func hashes(_ name: String) throws {
        let all = GoldenEvents.hashes(in: try GoldenFiles.text(name))
        let folder = TemporaryFolder()
        let paths = try all.enumerated().map { index, pair in
            try folder.write("\(index)", pair.text.replacingOccurrences(of: "␟", with: "\u{1F}"))
        }
        let tool = try BinaryProcess(paths, executable: "/usr/bin/sha256sum")
        #expect(tool.exitCode() == 0)
        let sums = tool.output.split(separator: "\n").map { $0.prefix(64) }
        try #require(sums.count == all.count && !all.isEmpty)
        for (sum, pair) in zip(sums, all) { #expect(sum.hasPrefix(pair.hash), "\(pair.text)") }
    }

    private func check(_ example: GoldenCase, on stack: RelayStack) throws {
        _ = try TestHTTPClient.post(port: stack.sandboxPort, "/sandbox/reset", "{}")
        let before = try stack.metrics()
        let clock = GoldenClock(sent: Int(Date().timeIntervalSince1970))
        let answer = try TestHTTPClient.send(
            example.method, port: stack.publicPort, example.target, headers: example.headers,
            body: Array(clock.fill(example.body).utf8))
        #expect(answer.status == example.status, "\(example.title)")
        let answered = Int(Date().timeIntervalSince1970)
        let after = try settledMetrics(of: stack)
        let events = try stack.receivedEvents()
        let expected = clock.fill(
            received: clock.fill(example.events), answered: answered,
            actual: events.compactMap { $0["event_time"] as? Int })
        let difference = GoldenEvents.difference(
            GoldenEvents.lines(ofExpected: expected), GoldenEvents.lines(of: events))
        #expect(difference == "", "\(example.title)")
        let notSent = reasons("pinrelay_events_not_sent_total", before, after)
        #expect(notSent == example.notSent.sorted(), "\(example.title)")
        #expect(reasons("pinrelay_events_dead_total", before, after) == example.dead.sorted(), "\(example.title)")
    }

    /// The metrics once every event has come to its end.
    private func settledMetrics(of stack: RelayStack) throws -> [String: Double] {
        var metrics: [String: Double] = [:]
        let isSettled = try eventually {
            metrics = try stack.metrics()
            return metrics["pinrelay_events_unaccounted"] == 0
                && metrics["pinrelay_events_queued{destination=\"pinterest\"}"] == 0
        }
        #expect(isSettled)
        return metrics
    }

    /// The reasons that a counter has counted in between, each as often as it has.
    private func reasons(_ counter: String, _ before: [String: Double], _ after: [String: Double]) -> [String] {
        var found: [String] = []
        for (sample, value) in after where sample.hasPrefix(counter + "{") {
            guard let label = sample.range(of: "reason=\"") else { continue }
            let reason = sample[label.upperBound...].prefix { $0 != "\"" }
            found += Array(repeating: String(reason), count: Int(value - before[sample, default: 0]))
        }
        return found.sorted()
    }
}
