import Foundation
import Glibc
import RelayTestKit
import Testing

/// A relay with short waits, and a sandbox whose faults the test sets.
final class FaultStage {
    /// Seconds for which a fault holds: a moment in the suite, as long as `make faults` says there.
    static let holdSeconds = ProcessInfo.processInfo.environment["PINRELAY_FAULT_SECONDS"].flatMap(Double.init) ?? 0.6
    /// True for `make faults`.
    static var isLong: Bool { holdSeconds > 1 }

    static let configuration = """
        upstream: { connect_timeout: 1s, timeout: 1s, name_cache: 1s }
        delivery:
          linger: 20ms
          retry_base: 20ms
          retry_cap: 300ms
          pause: 200ms
          breaker: { open: 200ms, open_cap: 500ms }
        """

    private(set) var sandbox: BinaryProcess
    let sandboxPort: Int
    let relay: BinaryProcess
    let publicPort: Int
    let adminPort: Int
    let folder = TemporaryFolder()
    private let tag = UInt32.random(in: 0...UInt32.max)
    private var sent = 0
    private(set) var ids: Set<String> = []

    /// - Parameters:
    ///   - upstream: where the relay sends to; the sandbox itself when nil.
    init(
        upstream: ((_ sandboxPort: Int) -> String)? = nil, environment: [String: String] = [:],
        configuration: String = FaultStage.configuration
    ) throws {
        sandbox = try BinaryProcess(["sandbox", "--port", "0", "--token", RelayStack.token])
        sandboxPort = try #require(sandbox.number(after: "listening on http://127.0.0.1:"))
        var environment = environment
        if let upstream { environment["PINRELAY_UPSTREAM_URL"] = upstream(sandboxPort) }
        (relay, publicPort, adminPort) = try RelayStack.startRelay(
            upstreamPort: sandboxPort, folder: folder, configuration: configuration, environment: environment)
    }

    func setFaults(_ json: String) throws {
        let answer = try TestHTTPClient.post(port: sandboxPort, "/sandbox/faults", json)
        #expect(answer.status == 200, "\(answer.text)")
    }

    func killSandbox() {
        sandbox.kill(SIGKILL)
        _ = sandbox.exitCode()
    }

    /// A new sandbox on the old one's port. What arrived at the old one is forgotten.
    func restartSandbox() throws {
        sandbox = try BinaryProcess(["sandbox", "--port", "\(sandboxPort)", "--token", RelayStack.token])
        _ = try #require(sandbox.number(after: "listening on http://127.0.0.1:"))
    }

    /// One batch of events and one single event; both are answered as a success.
    func send(_ count: Int = 12, name: String = "Order Completed") throws {
        let items = (0..<count).map { index in event("\(sent + index)", name) }
        sent += count
        let body = #"{"writeKey":"wk","batch":["# + items.joined(separator: ",") + "]}"
        let answer = try TestHTTPClient.post(port: publicPort, "/v1/batch", body)
        #expect(answer.status == 200, "\(answer.text)")
        let hit = "/v1/track"
        let single = event("\(sent)", name)
        sent += 1
        #expect(try TestHTTPClient.post(port: publicPort, hit, single).status == 200)
    }

    private func event(_ number: String, _ name: String) -> String {
        let id = id(number)
        ids.insert(id)
        return """
            {"type":"track","writeKey":"wk","event":"\(name)","messageId":"\(id)","userId":"u","properties":{"value":1},
             "context":{"traits":{"email":"jane@example.com"}}}
            """
    }

    func id(_ number: String) -> String { "f\(tag)-\(number)" }

    /// Sends while the fault holds, and looks at the relay's readiness.
    func sendWhileFaulty(for seconds: Double = holdSeconds) throws {
        let end = Date().addingTimeInterval(seconds)
        repeat {
            try send()
            #expect(try TestHTTPClient.get(port: publicPort, "/readyz").status == 200)
            usleep(Self.isLong ? 20_000 : 100_000)
        } while Date() < end
    }

    /// Waits until all that was sent has arrived, save so many that are dead, and the sums add up.
    func expectAllArrived(dead: Int = 0, within seconds: Double = 40) throws {
        let wanted = ids.count - dead
        _ = try eventually(within: seconds) { try ArrivalCounts(sandboxPort: sandboxPort).byID.count >= wanted }
        let arrived = try ArrivalCounts(sandboxPort: sandboxPort).ids
        #expect(arrived.isSubset(of: ids) && arrived.count == wanted, "\(arrived.count) of \(wanted) arrived")
        try expectSums(dead: dead)
    }

    func expectSums(dead: Int) throws {
        _ = try eventually(within: 20) { try queuedAndUnaccounted() == [0, 0] }
        let metrics = try RelayStack.metrics(adminPort: adminPort)
        #expect(try queuedAndUnaccounted() == [0, 0])
        #expect(Self.sum(metrics, "pinrelay_events_delivered_total") == Double(ids.count - dead))
        #expect(Self.sum(metrics, "pinrelay_events_dead_total") == Double(dead))
        #expect(relay.isRunning)
    }

    private func queuedAndUnaccounted() throws -> [Double] {
        let metrics = try RelayStack.metrics(adminPort: adminPort)
        return [Self.sum(metrics, "pinrelay_events_queued"), metrics["pinrelay_events_unaccounted"] ?? -1]
    }

    static func sum(_ metrics: [String: Double], _ prefix: String) -> Double {
        metrics.filter { $0.key.hasPrefix(prefix) }.values.reduce(0, +)
    }

    /// Waits until the destination rests for this cause.
    func waitForStop(_ cause: String) throws -> Bool {
        try eventually {
            try RelayStack.metrics(adminPort: adminPort)[
                "pinrelay_upstream_stopped{destination=\"pinterest\",cause=\"\(cause)\"}"] == 1
        }
    }
}
