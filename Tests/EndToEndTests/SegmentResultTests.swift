import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("Results of single events, on request")
struct SegmentResultTests {
    private let batch = """
        {"writeKey":"wk","batch":[
         {"type":"track","event":"Order Completed","userId":"u","messageId":"1","properties":{"email":"a@example.com"}},
         7, {"type":"track","userId":"u"}, {"type":"track","event":"Order Completed"},
         {"type":"track","event":"Something Else","userId":"u"}, {"type":"identify","userId":"u"},
         {"type":"track","event":"Order Completed","userId":"only-an-id"}]}
        """

    private let results =
        #"{"success":true,"results":[{"index":0,"status":"accepted"},"#
        + #"{"index":1,"status":"rejected","reason":"not_an_event"},"#
        + #"{"index":2,"status":"rejected","reason":"missing_event_name"},"#
        + #"{"index":3,"status":"rejected","reason":"no_identity"},"#
        + #"{"index":4,"status":"accepted","reason":"unmapped"},"#
        + #"{"index":5,"status":"accepted","reason":"unsupported_type"},"#
        + #"{"index":6,"status":"rejected","reason":"no_identity"}]}"#

    @Test("by query or by preference, and else the plain answer")
    func batchResults() throws {
        // Nothing is remembered, so that the same batch gives the same answer again.
        let stack = try RelayStack(configuration: "dedup: { window: 0s }")
        let asking: [(query: String, prefer: String?)] = [
            ("?results=1", nil), ("?writeKey=wk&results=1", nil), ("", "return=representation"),
            ("", "respond-async, Return=Representation; x=1"),
        ]
        for (query, prefer) in asking {
            let answer = try TestHTTPClient.post(
                port: stack.publicPort, "/v1/batch" + query, headers: prefer.map { ["Prefer": $0] } ?? [:], batch)
            #expect(answer.status == 200)
            #expect(answer.text == results)
        }
        let silent: [(query: String, prefer: String)] = [("?results=0", "x"), ("?noresults=1", "return=minimal")]
        for (query, prefer) in silent {
            let answer = try TestHTTPClient.post(
                port: stack.publicPort, "/v1/batch" + query, headers: ["Prefer": prefer], batch)
            #expect(answer.text == #"{"success":true}"#)
        }
    }

    @Test("a single call has one, also when nothing is stored")
    func single() throws {
        let stack = try RelayStack()
        let unmapped = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/track?results=1", #"{"writeKey":"wk","event":"Whatever","userId":"u"}"#)
        #expect(unmapped.text == #"{"success":true,"results":[{"index":0,"status":"accepted","reason":"unmapped"}]}"#)
        let refused = try TestHTTPClient.post(port: stack.publicPort, "/v1/track?results=1", "{")
        #expect(refused.status == 400)
        #expect(refused.json()["code"] as? String == "malformed_json")
    }

    private func order(_ messageID: String) -> String {
        #"{"type":"track","event":"Order Completed","userId":"u","messageId":"\#(messageID)","#
            + #""properties":{"email":"a@example.com"}}"#
    }

    /// The statuses that a batch of orders is answered with.
    private func statuses(_ port: Int, _ messageIDs: [String]) throws -> [String] {
        let answer = try TestHTTPClient.post(
            port: port, "/v1/batch?results=1",
            #"{"writeKey":"wk","batch":[\#(messageIDs.map(order).joined(separator: ","))]}"#)
        #expect(answer.status == 200)
        return (answer.json()["results"] as? [[String: Any]] ?? []).compactMap { $0["status"] as? String }
    }

    @Test(
        "repeats are named: of an earlier call, of the same call, for two accounts, and after a SIGKILL and a new start"
    )
    func duplicates() throws {
        let configuration = """
            destinations:
              - { name: shop, ad_account_id: "1001", token: \(RelayStack.token) }
              - { name: outlet, ad_account_id: "1002", token: \(RelayStack.token) }
            sources: [{ name: both, kind: segment }]
            """
        let alone = ["PINTEREST_AD_ACCOUNT_ID": "", "PINTEREST_CONVERSION_TOKEN": ""]
        let stack = try RelayStack(configuration: configuration, environment: alone)
        #expect(try statuses(stack.publicPort, ["m-1", "m-2", "m-1"]) == ["accepted", "accepted", "duplicate"])
        #expect(try statuses(stack.publicPort, ["m-3", "m-2"]) == ["accepted", "duplicate"])
        let single = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/track", headers: ["Prefer": "return=representation"],
            order("m-3").replacing(#"{"type":"track""#, with: #"{"writeKey":"wk""#))
        #expect(single.text == #"{"success":true,"results":[{"index":0,"status":"duplicate"}]}"#)
        stack.relay.kill(SIGKILL)
        _ = stack.relay.exitCode()
        let (relay, port, adminPort) = try RelayStack.startRelay(
            upstreamPort: stack.sandboxPort, folder: stack.folder, configuration: configuration, environment: alone)
        #expect(try statuses(port, ["m-1", "m-4", "m-3"]) == ["duplicate", "accepted", "duplicate"])
        let counted = try RelayStack.metrics(adminPort: adminPort)["pinrelay_events_duplicate_total{source=\"both\"}"]
        #expect(counted == 4)
        relay.kill(SIGTERM)
        #expect(relay.exitCode() == 0)
    }
}
