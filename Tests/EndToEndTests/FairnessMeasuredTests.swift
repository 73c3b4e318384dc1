import Foundation
import RelayTestKit
import Testing

/// The measured form of `DeliveryFairnessTests`, for `make faults`: two of three accounts hang, and the third one's time
/// from answer to arrival is compared with that of a time when all are well.
@Suite("Measured: accounts that hang cost another nothing", .enabled(if: FaultStage.isLong))
struct FairnessMeasuredTests {
    private static let configuration = """
        upstream: { timeout: 5s }
        delivery: { linger: 20ms, pause: 1s, breaker: { open: 1s, open_cap: 2s } }
        destinations:
          - { name: a, ad_account_id: "101", token: \(RelayStack.token) }
          - { name: b, ad_account_id: "102", token: \(RelayStack.token) }
          - { name: c, ad_account_id: "103", token: \(RelayStack.token) }
        sources:
          - { name: sa, kind: segment, write_keys: [ka], destinations: [a] }
          - { name: sb, kind: segment, write_keys: [kb], destinations: [b] }
          - { name: sc, kind: segment, write_keys: [kc], destinations: [c] }
        """
    /// An upstream far away: the time that counts is its own, not the test machine's.
    private static let latency = #""latency_ms":300"#
    private static let hanging = #""steps":[{"kind":"hang","account":"101"},{"kind":"hang","account":"103"}]"#

    @Test("the healthy account's p99 changes by less than 5 %")
    func measured() throws {
        let stack = try RelayStack(
            configuration: Self.configuration,
            environment: ["PINTEREST_AD_ACCOUNT_ID": "", "PINTEREST_CONVERSION_TOKEN": ""])
        var quiet: [Double] = []
        var troubled: [Double] = []
        for round in 0..<3 {
            quiet += try delays(stack, "{\(Self.latency)}", "q\(round)")
            troubled += try delays(stack, "{\(Self.latency),\(Self.hanging)}", "t\(round)")
        }
        let (before, after) = (percentile(quiet, 0.99), percentile(troubled, 0.99))
        print(
            "fairness: p50 \(percentile(quiet, 0.5)) -> \(percentile(troubled, 0.5)) ms, p99 \(before) -> \(after) ms")
        #expect(abs(after - before) < 0.05 * before)
        #expect(try stack.metrics()["pinrelay_events_late_total{destination=\"b\"}"] == 0)
    }

    /// Sends to all three for a while; milliseconds from answer to arrival at the second.
    private func delays(_ stack: RelayStack, _ faults: String, _ round: String) throws -> [Double] {
        #expect(try TestHTTPClient.post(port: stack.sandboxPort, "/sandbox/faults", faults).status == 200)
        var answered: [String: Double] = [:]
        let end = Date().addingTimeInterval(FaultStage.holdSeconds)
        var number = 0
        while Date() < end {
            for key in ["ka", "kb", "kc"] {
                let id = "\(round)-\(key)-\(number)"
                let event = """
                    {"writeKey":"\(key)","event":"Order Completed","messageId":"\(id)","userId":"u",
                     "context":{"traits":{"email":"jane@example.com"}},"properties":{"value":1}}
                    """
                #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", event).status == 200)
                if key == "kb" { answered[id] = Date().timeIntervalSince1970 * 1000 }
            }
            number += 1
            usleep(20_000)
        }
        var arrived: [String: Double] = [:]
        _ = try eventually(within: 20) {
            arrived = try arrivals(stack)
            return answered.keys.allSatisfy { arrived[$0] != nil }
        }
        return try answered.map { id, time in try #require(arrived[id]) - time }
    }

    private func arrivals(_ stack: RelayStack) throws -> [String: Double] {
        var times: [String: Double] = [:]
        for line in try TestHTTPClient.get(port: stack.sandboxPort, "/sandbox/ids").text.split(separator: "\n") {
            let fields = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any] ?? [:]
            if let id = fields["event_id"] as? String { times[id] = fields["first_ms"] as? Double }
        }
        return times
    }

    private func percentile(_ values: [Double], _ share: Double) -> Double {
        (values.sorted()[Int(Double(values.count - 1) * share)] * 10).rounded() / 10
    }
}
