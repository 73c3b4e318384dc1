import Foundation
import RelayTestKit
import Testing

/// Real calls, kept beside the repository and not part of it.
private let samples: URL = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.appending(path: "shared/data/ga4-samples.jsonl")
}()

private struct Sample: Decodable {
    var kind: String
    var url: String
    var body: String

    var method: String { kind == "collect-get" ? "GET" : "POST" }

    /// Path and query as recorded, without the host or what stands in for one.
    var target: String {
        let behindHost = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return behindHost.firstIndex(of: "/").map { String(behindHost[$0...]) } ?? "/"
    }

    var path: String { String(target.prefix { $0 != "?" }) }

    /// What the only value of the query holds in Base64; empty for a plain query.
    var wrappedQuery: String {
        guard !target.contains("&"), let value = target.split(separator: "=", maxSplits: 1).last else { return "" }
        let data = Data(base64Encoded: String(value).removingPercentEncoding ?? "")
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// How the call carries its events.
    var form: String {
        let lines = body.split { $0.isNewline }.count
        if kind == "mp" { return "JSON" }
        if !wrappedQuery.isEmpty { return "query in Base64" }
        return lines == 0 ? "query" : "query and \(lines) lines"
    }
}

/// Every recorded call, sent to the built relay as it was recorded, with a table of what became of it: the answer, the
/// events that were decoded, what they were mapped to or why not, and how the relay counted them.
@Suite("Recorded GA4 calls at the built relay")
struct GA4SampleTableTests {
    private static let areHere = FileManager.default.fileExists(atPath: samples.path)
    /// Paths of loaders and gateways that are no `/g/collect`.
    private static let configuration = "listen: { collect_paths: [/collect, /gtg/ag/g/c] }"

    @Test("every line is answered without a fault; the table is written beside the binary", .enabled(if: areHere))
    func table() throws {
        let stack = try RelayStack(
            configuration: Self.configuration, environment: ["PINRELAY_TRUSTED_PROXIES": "127.0.0.0/8"])
        let lines = try String(contentsOf: samples, encoding: .utf8).split(separator: "\n")
        var rows = [
            "line | call | form | answer | decoded as | mapped to, or why not", "--- | --- | --- | --- | --- | ---",
        ]
        var outcomes: [String: Int] = [:]
        for (number, line) in lines.enumerated() {
            let sample = try JSONDecoder().decode(Sample.self, from: Data(line.utf8))
            let answer = try TestHTTPClient.send(
                sample.method, port: stack.publicPort, sample.target,
                headers: [
                    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0", "Origin": "https://shop.example",
                    "X-Forwarded-For": "198.51.100.7",
                ],
                body: Array(sample.body.utf8))
            let query = sample.wrappedQuery.isEmpty ? sample.target : sample.wrappedQuery
            let isStreamed = query.contains("richsstsse")
            #expect(answer.status == (isStreamed ? 200 : 204), "line \(number + 1)")
            #expect(answer.body.isEmpty && answer.headers["access-control-allow-origin"] == "https://shop.example")
            let explained = try explain(sample)
            #expect(!explained.isEmpty, "line \(number + 1)")
            for entry in explained { outcomes[entry.outcome, default: 0] += 1 }
            let decoded = explained.map(\.input).joined(separator: "; ")
            let mapped = explained.map(\.outcome).joined(separator: "; ")
            let call = "\(sample.method) \(sample.path) | \(sample.form)"
            rows.append("\(number + 1) | \(call) | \(answer.status) | \(decoded) | \(mapped)")
        }
        try expectCounted(stack, outcomes)
        try report(rows, outcomes, lines.count)
    }

    /// What the relay counted is what `explain` foretold: no fault, no event lost.
    private func expectCounted(_ stack: RelayStack, _ outcomes: [String: Int]) throws {
        let sent = outcomes.filter { $0.key.hasPrefix("-> ") }.values.reduce(0, +)
        let refused = outcomes.filter { $0.key.hasPrefix("not sent") }.values.reduce(0, +)
        _ = try eventually { try stack.metrics()["pinrelay_events_unaccounted"] == 0 }
        let metrics = try stack.metrics()
        func sum(_ name: String) -> Int { Int(metrics.filter { $0.key.hasPrefix(name) }.values.reduce(0, +)) }
        #expect(sum("pinrelay_input_faults_total") == 0)
        #expect(sum("pinrelay_events_received_total") == outcomes.values.reduce(0, +))
        #expect(sum("pinrelay_events_not_sent_total") == refused)
        let arrived = sum("pinrelay_events_delivered_total") + sum("pinrelay_events_queued")
        #expect(arrived + sum("pinrelay_events_dead_total") + sum("pinrelay_events_duplicate_total") == sent)
        #expect(metrics["pinrelay_events_unaccounted"] == 0)
    }

    /// Runs `pinrelay explain` on the call: input and outcome of each of its events.
    private func explain(_ sample: Sample) throws -> [(input: String, outcome: String)] {
        let folder = TemporaryFolder()
        let file = try folder.write("call", sample.url + "\n" + sample.body)
        let process = try BinaryProcess(["explain", "--json", file])
        #expect([0, 1].contains(process.exitCode()), "\(process.output)")
        let root = try JSONSerialization.jsonObject(with: Data(process.output.utf8)) as? [String: Any]
        let events = (root?["calls"] as? [[String: Any]] ?? []).flatMap { $0["events"] as? [[String: Any]] ?? [] }
        return events.flatMap { event in
            let input = "\(event["kind"] as? String ?? "") \"\(event["name"] as? String ?? "")\""
            return (event["outcomes"] as? [[String: Any]] ?? []).map { (input: input, outcome: outcome($0)) }
        }
    }

    private func outcome(_ said: [String: Any]) -> String {
        let reason = said["reason"] as? String ?? ""
        if said["pinterest_event"] != nil { return "-> \(said["event_name"] as? String ?? "")" }
        return said["result"] as? String == "not_sent" ? "not sent: \(reason)" : "dead letter: \(reason)"
    }

    private func report(_ rows: [String], _ outcomes: [String: Int], _ count: Int) throws {
        let file = URL(filePath: BinaryProcess.binaryPath).deletingLastPathComponent().appending(
            path: "ga4-samples.txt")
        try (rows.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
        print("\(count) recorded GA4 calls, all answered; the table: \(file.path)")
        for (outcome, number) in outcomes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            print("  \(number) \(outcome)")
        }
    }
}
