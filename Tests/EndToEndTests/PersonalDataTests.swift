import Foundation
import RelayTestKit
import Testing

@Suite("Personal data stays out of sight")
struct PersonalDataTests {
    /// Every clear-text value below is searched for in the journal's files, the logs, the metrics and the admin pages.
    private static let clear = [
        "jane.secret", "Jane.Secret", "4155550123", "415-555-0123", "Zaphodina", "zaphodina", "Beeblebroxx",
        "beeblebroxx", "1977-11-23", "19771123", "Springfieldville", "springfieldville", "98765-4321", "987654321",
        "customer-no-4711", "Customer-No-4711", "38400000-8cf0-11bd-b23e-10b96e40000d",
    ]

    @Test("no clear-text personal value reaches the journal, the logs or the metrics")
    func nothingInClear() throws {
        // The upstream hangs: the events stay in the journal, where they can be looked at.
        let stack = try RelayStack(environment: ["PINRELAY_LOG_LEVEL": "trace"], sandboxArguments: ["--hang"])
        let person = """
            "traits":{"email":"Jane.Secret@example.com","phone":"+1 415-555-0123","firstName":"Zaphodina",
            "lastName":"Beeblebroxx","birthday":"1977-11-23",
            "address":{"city":"Springfieldville","state":"CA","postalCode":"98765-4321","country":"US"}}
            """
        let track = """
            {"writeKey":"wk","event":"Order Completed","messageId":"m1","userId":"Customer-No-4711",
            "context":{\(person),"device":{"advertisingId":"38400000-8cf0-11bd-b23e-10b96e40000d","type":"android"},
            "page":{"url":"https://shop.example/u/jane.secret@example.com/x?email=jane.secret%40example.com"}},
            "properties":{"value":5,"query":"by jane.secret@example.com","order_id":"jane.secret@example.com",
            "brand":"jane.secret@example.com","products":[{"product_id":"jane.secret@example.com","price":5,
            "name":"for jane.secret@example.com","category":"Jane.Secret@example.com"}]}}
            """
        let noIdentity = """
            {"writeKey":"wk","event":"Order Completed","messageId":"jane.secret@example.com","userId":"Customer-No-4711",
            "context":{"traits":{"phone":"+1 415-555-0123","lastName":"Beeblebroxx"}}}
            """
        let nameless =
            #"{"writeKey":"wk","type":"track","userId":"Customer-No-4711","messageId":"jane.secret@example.com"}"#
        for body in [
            track, noIdentity, nameless, "{\"userId\":\"Customer-No-4711\", broken", #"["jane.secret@example.com"]"#,
        ] {
            _ = try TestHTTPClient.post(
                port: stack.publicPort, "/v1/track?writeKey=wk&email=jane.secret@example.com", body)
        }
        _ = try TestHTTPClient.get(
            port: stack.publicPort,
            "/g/collect?v=2&tid=G-1&cid=1.2&en=purchase&ep.transaction_id=t1&uid=Customer-No-4711"
                + "&ep.user_data.email=Jane.Secret%40example.com&ep.user_data.address.city=Springfieldville",
            headers: ["User-Agent": "Mozilla/5.0"])
        let metrics = try TestHTTPClient.get(port: stack.adminPort, "/metrics").text
        #expect(metrics.contains("pinrelay_events_dead_total"))
        let seen = [
            "journal": String(decoding: stack.folder.allBytes(), as: UTF8.self), "log": stack.relay.output,
            "metrics": metrics, "page": try TestHTTPClient.get(port: stack.adminPort, "/").text,
            "health": try TestHTTPClient.get(port: stack.adminPort, "/healthz?verbose").text,
        ]
        #expect(seen["journal"]?.contains("\"event_name\":\"checkout\"") == true, "the order is not in the journal")
        for (place, text) in seen {
            for value in Self.clear { #expect(!text.contains(value), "\(value) stands in the \(place)") }
        }
    }
}
