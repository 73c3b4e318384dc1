import Intake
import JSONTape
import RelayModel
import RelayTestKit
import Testing

@Suite("A Segment call's write key")
struct SegmentCredentialsTests {
    @Test(
        "Basic, body, query and Bearer, in that order",
        arguments: [
            ("Basic a2V5Og==", "", "{}", "key"), ("Basic a2V5", "", "{}", "key"), ("basic  a2V5OnB3 ", "", "{}", "key"),
            ("Basic a2V5Og==", "writeKey=q", #"{"writeKey":"b"}"#, "key"),
            ("Bearer token", "writeKey=q", #"{"writeKey":"b"}"#, "b"), ("Bearer token", "writeKey=q%21", "{}", "q!"),
            ("Bearer token", "", #"{"writeKey":""}"#, "token"), ("", "", #"{"writeKey":7}"#, ""), ("", "", "{}", ""),
            ("Basic ***", "", "{}", ""), ("Basic", "", "{}", ""), ("Basic ", "", "{}", ""), ("Digest x", "", "{}", ""),
            ("Basic Og==", "", #"{"writeKey":"b"}"#, "b"),
        ])
    func order(_ authorization: String, _ query: String, _ body: String, _ expected: String) throws {
        var tape = EventTape()
        let header = tape.append(authorization.utf8)
        let parameters = tape.append(query.utf8)
        _ = try JSONTapeParser().parse(Array(body.utf8).span, onto: &tape)
        let key = SegmentCredentials.writeKey(authorization: header, query: parameters, on: &tape)
        #expect(tape.copyString(key) == expected)
    }

    @Test("a tape without a document has no key in its body")
    func noDocument() {
        var tape = EventTape()
        let key = SegmentCredentials.writeKey(authorization: .none, query: .none, on: &tape)
        #expect(key.isEmpty)
    }
}
