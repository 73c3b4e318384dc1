import Foundation
import RelayTestKit
import Testing

@Suite("Options of a source that change what an event becomes")
struct SourceOptionTests {
    private func event(_ options: String, route: String = "/v1/track", _ body: String) throws -> [String: Any]? {
        let stack = try RelayStack(
            configuration: """
                destinations: [{name: shop, ad_account_id: "549755885175", token: t}]
                sources: [{name: backend, kind: segment, write_keys: [wk]\(options)}]
                """)
        let answer = try TestHTTPClient.post(port: stack.publicPort, route, body)
        #expect(answer.status == 200)
        _ = try eventually {
            let metrics = try stack.metrics()
            let count = try stack.receivedEvents().count
            return count == 1
                || metrics[#"pinrelay_events_not_sent_total{source="backend",reason="unsupported_type"}"#] == 1
        }
        return try stack.receivedEvents().first
    }

    private let who = #""writeKey":"wk","messageId":"m","context":{"traits":{"email":"jane@example.com"}}"#

    @Test("screen_as sends screen calls")
    func screenAs() throws {
        #expect(try event("", route: "/v1/screen", "{\(who)}") == nil)
        let sent = try event(", screen_as: page_visit", route: "/v1/screen", "{\(who)}")
        #expect(sent?["event_name"] as? String == "page_visit")
    }

    @Test("content_id_order says which member of a product is its id")
    func contentIDOrder() throws {
        let body = #"{"# + who + #","event":"Product Added","properties":{"product_id":"p","sku":"s"}}"#
        func ids(_ options: String) throws -> [String]? {
            (try event(options, body)?["custom_data"] as? [String: Any])?["content_ids"] as? [String]
        }
        #expect(try ids("") == ["p"])
        #expect(try ids(", content_id_order: [sku, product_id]") == ["s"])
    }

    @Test("partner_name is sent where it is set")
    func partnerName() throws {
        let body = #"{"# + who + #","event":"Product Added"}"#
        #expect(try event("", body)?["partner_name"] == nil)
        #expect(try event(", partner_name: ss-example", body)?["partner_name"] as? String == "ss-example")
    }
}
