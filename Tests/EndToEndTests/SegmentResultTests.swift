import Foundation
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
        let stack = try RelayStack()
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
}
