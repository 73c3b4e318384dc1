import Intake
import RelayModel
import Testing

@Suite("Measurement Protocol bodies that are forms")
struct MeasurementProtocolFormTests {
    private func events(_ body: String) throws -> [DecodedItem] {
        try decode(MeasurementProtocolAdapter(), .measurementProtocol, body: body)
    }

    @Test("members with their path in brackets become a body")
    func brackets() throws {
        let items = try events(
            "client_id=111.222&user_data%5Bsha256_email_address%5D%5B%5D=h1&user_data[sha256_email_address][]=h2"
                + "&events[0][name]=purchase&events[0][params][value]=12.50&events[0][params][transaction_id]=T%2D1"
                + "&events[0][params][items][0][item_id]=A&events[0][params][items][0][price]=1e2"
                + "&events[0][params][items][1][item_name]=Blue+Mug&events[1][name]=refund")
        #expect(items.map(\.name) == ["purchase", "refund"])
        #expect(
            items.first?.json
                == #"{"event_name":"purchase","value":12.50,"transaction_id":"T-1","items":[{"item_id":"A","price":100},"#
                + #"{"item_name":"Blue Mug"}],"client_id":111.222,"user_data":{"sha256_email_address":["h1","h2"]}}"#)
    }

    @Test("a whole JSON text in percent escapes is read", arguments: ["", "="])
    func escapedJSON(_ tail: String) throws {
        let body = "%7B%22client_id%22%3A%221%22%2C%22events%22%3A%5B%7B%22name%22%3A%22a%22%7D%5D%7D" + tail
        #expect(try events(body).map(\.json) == [#"{"event_name":"a","client_id":"1"}"#])
    }

    @Test(
        "what is neither JSON nor such a form is refused",
        arguments: [
            ("v=1&en=a", IntakeFault.eventsMissing), ("events=1", .eventsMissing), ("hello", .malformedJSON),
            ("{a=b", .malformedJSON), ("%7Bx=", .malformedJSON), ("=&=", .malformedJSON), ("\u{1}=a", .malformedJSON),
        ])
    func refused(_ body: String, _ fault: IntakeFault) { #expect(throws: fault) { try events(body) } }

    @Test(
        "crooked brackets and depths do no harm",
        arguments: [
            "events[=x", "events[0][name=a&events]0[=b", "a[0]=1&a[x]=2&events[0][name]=a", "a[][][][][][][][][][]=1",
            "events[0][name]=a&events[0]=b&events[0][params]=c", "e[][]=&e[][]",
            String(repeating: "a[0]", count: 9_000) + "=",
            String(repeating: "a=b&", count: 9_000),
        ])
    func crooked(_ body: String) { _ = try? events(body) }
}
