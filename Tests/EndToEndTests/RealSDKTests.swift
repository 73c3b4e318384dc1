import Foundation
import Glibc
import RelayTestKit
import Testing

/// SDKs as people install them, against the built relay: whatever they send arrives upstream exactly once, and they see
/// no reason to send it again.
@Suite(
    "Real SDKs",
    .enabled(if: ClientSDK.areInstalled, "the SDKs are not installed: deploy/clients.sh installs them from PyPI"))
struct RealSDKTests {
    @Test("every event of an SDK arrives exactly once, and no request is repeated", arguments: ClientSDK.allCases)
    func exactlyOnce(_ client: ClientSDK) throws {
        let stack = try RelayStack()
        let report = try client.start(port: stack.publicPort, events: 205).report()
        #expect(report.arriving.count == 205)
        #expect(report.errors == [])
        #expect(report.attempts == report.uploads)
        try expectEachOnce([report], sandboxPort: stack.sandboxPort)
        // The relay has seen as many requests as the SDK has begun, all on one route and all successful.
        let metrics = try settledMetrics(adminPort: stack.adminPort)
        let answered = metrics.filter { $0.key.hasPrefix("pinrelay_requests_total") && $0.value > 0 }
        let (route, status) = client.success
        #expect(
            answered == ["pinrelay_requests_total{route=\"\(route)\",status=\"\(status)\"}": Double(report.attempts)])
        let notSent = metrics.filter { $0.key.hasPrefix("pinrelay_events_not_sent_total") }.values.reduce(0, +)
        #expect(notSent == Double(report.silent.count))
    }

    @Test("a restart in mid-stream on the same port loses nothing and sends nothing twice")
    func restartInMidStream() throws {
        let stack = try RelayStack()
        let port = stack.publicPort
        let runs = try ClientSDK.allCases.map { try $0.start(port: port, events: 120, interval: 0.02) }
        let isStreaming = try eventually(within: 20) {
            let metrics = try stack.metrics()
            return metrics[successes(.segment), default: 0] >= 3 && metrics[successes(.ga4mp), default: 0] >= 5
        }
        #expect(isStreaming)
        stack.relay.kill(SIGTERM)
        #expect(stack.relay.exitCode() == 0, "\(stack.relay.output)")
        // Long enough for a client to find the port closed: ga4mp sends every 20 ms.
        usleep(300_000)
        let (relay, _, adminPort) = try RelayStack.startRelay(
            upstreamPort: stack.sandboxPort, folder: stack.folder,
            environment: ["PINRELAY_LISTEN": "127.0.0.1:\(port)"])
        #expect(relay.isRunning)

        let reports = try runs.map { try $0.report() }
        for report in reports { #expect(report.errors == []) }
        #expect(reports.contains { $0.attempts > $0.uploads })
        try expectEachOnce(reports, sandboxPort: stack.sandboxPort)
        _ = try settledMetrics(adminPort: adminPort)
    }

    @Test("a relay that answers 503 because its journal is full gets every event later, once")
    func fullJournal() throws {
        // The upstream hangs, so the journal fills up; one request at a time keeps the circuit breaker out of it.
        let stack = try RelayStack(
            configuration: """
                journal: {max_bytes: 16MiB}
                upstream: {timeout: 3s}
                delivery: {max_in_flight: 1, retry_base: 100ms, retry_cap: 500ms}
                """, sandboxArguments: ["--hang"])
        let filler = try JournalFiller(port: stack.publicPort).fill()
        let runs = try ClientSDK.allCases.map { try $0.start(port: stack.publicPort, events: 40) }
        #expect(eventually(within: 20) { runs.allSatisfy(\.wasRefused) })
        #expect(try TestHTTPClient.post(port: stack.sandboxPort, "/sandbox/faults", "{}").status == 200)

        let reports = try runs.map { try $0.report() }
        for report in reports {
            #expect(report.arriving.count == 40)
            #expect(report.errors == [])
            #expect(report.attempts > report.uploads)
        }
        try expectEachOnce(reports, besides: filler, sandboxPort: stack.sandboxPort)
        _ = try settledMetrics(adminPort: stack.adminPort)
    }

    private func successes(_ client: ClientSDK) -> String {
        "pinrelay_requests_total{route=\"\(client.success.route)\",status=\"\(client.success.status)\"}"
    }

    private func expectEachOnce(
        _ reports: [ClientRun.Report], besides others: Set<String> = [], sandboxPort: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expected = others.union(reports.flatMap(\.arriving))
        let arrivals = try ArrivalCounts.waiting(for: expected.count, sandboxPort: sandboxPort)
        #expect(arrivals.ids.symmetricDifference(expected) == [], sourceLocation: sourceLocation)
        #expect(arrivals.repeated == [:], sourceLocation: sourceLocation)
    }

    /// The metrics once every event has come to its end.
    private func settledMetrics(
        adminPort: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String: Double] {
        let isSettled = try eventually {
            let metrics = try RelayStack.metrics(adminPort: adminPort)
            return metrics["pinrelay_events_unaccounted"] == 0
                && metrics["pinrelay_events_queued{destination=\"pinterest\"}"] == 0
        }
        #expect(isSettled, sourceLocation: sourceLocation)
        return try RelayStack.metrics(adminPort: adminPort)
    }
}

/// Sends orders until the relay's journal takes not even a small one.
private struct JournalFiller {
    let port: Int

    struct NotFull: Error {}

    /// - Returns: the event ids of the orders that were taken.
    func fill() throws -> Set<String> {
        var taken: Set<String> = []
        // Many, fewer, one: what is left at the end is less than the smallest.
        for (orders, products) in [(16, 150), (2, 100), (1, 0)] {
            var isRefused = false
            while !isRefused {
                let ids = (0..<orders).map { "fill-\(taken.count + $0)" }
                let batch = "{\"batch\":[\(ids.map { order($0, products: products) }.joined(separator: ","))]}"
                let answer = try TestHTTPClient.post(port: port, "/v1/batch?writeKey=wk", batch)
                switch answer.status {
                case 200: taken.formUnion(ids)
                case 503: isRefused = true
                default: throw NotFull()
                }
                if taken.count > 5_000 { throw NotFull() }
            }
        }
        return taken
    }

    private func order(_ id: String, products: Int) -> String {
        let name = String(repeating: "a long name of a product ", count: 4)
        let list = (0..<products).map { "{\"sku\":\"SKU-\(id)-\($0)\",\"name\":\"\(name)\",\"price\":\"12.50\"}" }
        return """
            {"type":"track","event":"Order Completed","messageId":"\(id)","userId":"u",
             "context":{"traits":{"email":"jane@example.com"}},
             "properties":{"order_id":"\(id)","currency":"EUR","revenue":25,"products":[\(list.joined(separator: ","))]}}
            """
    }
}
