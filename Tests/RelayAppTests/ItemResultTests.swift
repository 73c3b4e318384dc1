import RelayModel
import Testing

@testable import RelayApp

@Suite("Results of events")
struct ItemResultTests {
    @Test("an answer lists index, status and reason")
    func body() {
        let results: [ItemResult] = [
            .accepted(nil), .accepted(.unmapped), .rejected(.noIdentity), .duplicate,
        ]
        let text = String(decoding: IntakeReplies.body(listing: results), as: UTF8.self)
        #expect(
            text == #"{"success":true,"results":[{"index":0,"status":"accepted"},"#
                + #"{"index":1,"status":"accepted","reason":"unmapped"},"#
                + #"{"index":2,"status":"rejected","reason":"no_identity"},{"index":3,"status":"duplicate"}]}"#)
        #expect(String(decoding: IntakeReplies.body(listing: []), as: UTF8.self) == #"{"success":true,"results":[]}"#)
    }

    @Test(
        "of several upstream events the best one counts",
        arguments: [
            (ItemResult.accepted(nil), ItemResult.rejected(.schema), ItemResult.accepted(nil)),
            (.rejected(.schema), .accepted(nil), .accepted(nil)), (.rejected(.schema), .duplicate, .rejected(.schema)),
            (.accepted(.bot), .duplicate, .duplicate), (.accepted(.bot), .accepted(.noConsent), .accepted(.bot)),
        ])
    func joined(_ one: ItemResult, _ other: ItemResult, _ expected: ItemResult) {
        #expect(one.joined(with: other) == expected)
    }
}
