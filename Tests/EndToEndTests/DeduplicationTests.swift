import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("A repeat is answered as success and sent once")
struct DeduplicationTests {
    private func order(_ messageID: String, _ properties: String = #""value":3"#, event: String = "Order Completed")
        -> String
    {
        """
        {"writeKey":"wk","event":"\(event)","messageId":"\(messageID)","userId":"u1",
         "context":{"traits":{"email":"jane@example.com"}},"properties":{\(properties)}}
        """
    }

    private let hit =
        "v=2&tid=G-ABC123&cid=111.222&sid=1&dl=https%3A%2F%2Fshop.example%2Fthanks"
        + "&ep.user_data.email=jane%40example.com"

    private func collect(_ port: Int, _ query: String) throws {
        #expect(try TestHTTPClient.get(port: port, "/g/collect?\(hit)&\(query)").status == 204)
    }

    private func track(_ port: Int, _ body: String) throws {
        let answer = try TestHTTPClient.post(port: port, "/v1/track", body)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"success":true}"#)
    }

    /// Waits until all has come to rest, and checks that nothing is unaccounted for.
    private func settled(_ adminPort: Int, duplicates: Int, source: String) throws -> [String: Double] {
        _ = try eventually {
            let now = try RelayStack.metrics(adminPort: adminPort)
            return now["pinrelay_events_unaccounted"] == 0 && now["pinrelay_events_pending"] == 0
                && now.filter { $0.key.hasPrefix("pinrelay_events_queued") }.values.allSatisfy { $0 == 0 }
        }
        let metrics = try RelayStack.metrics(adminPort: adminPort)
        #expect(metrics["pinrelay_events_duplicate_total{source=\"\(source)\"}"] == Double(duplicates))
        #expect(metrics["pinrelay_events_unaccounted"] == 0)
        #expect(metrics["pinrelay_events_pending"] == 0)
        return metrics
    }

    @Test("the same messageId twice, in two requests and in one batch")
    func sameMessage() throws {
        let stack = try RelayStack()
        for _ in 0..<2 { try track(stack.publicPort, order("m-1")) }
        let batch = [order("m-1"), order("m-2"), order("m-2")].map {
            $0.replacingOccurrences(of: #""event""#, with: #""type":"track","event""#)
        }
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/batch", #"{"writeKey":"wk","batch":[\#(batch.joined(separator: ","))]}"#)
        #expect(answer.status == 200)
        try track(stack.publicPort, order("m-3"))
        let ids = try stack.waitForEvents(3).compactMap { $0["event_id"] as? String }
        #expect(ids == ["m-1", "m-2", "m-3"])
        let metrics = try settled(stack.adminPort, duplicates: 3, source: "segment")
        #expect(metrics["pinrelay_events_received_total{source=\"segment\"}"] == 6)
    }

    @Test("a purchase with a known transaction id, whatever its hit, event id or input")
    func samePurchase() throws {
        let stack = try RelayStack()
        try collect(stack.publicPort, "_p=1&_s=1&en=purchase&ep.transaction_id=T-77&epn.value=5&cu=EUR")
        try collect(stack.publicPort, "_p=2&_s=1&en=purchase&ep.transaction_id=T-77&epn.value=5&cu=EUR")
        try collect(stack.publicPort, "_p=2&_s=2&en=purchase&ep.transaction_id=T-77&ep.event_id=e-1")
        try collect(stack.publicPort, "_p=3&_s=1&en=add_to_cart&ep.event_id=T-77")
        try track(stack.publicPort, order("m-9", #""event_id":"T-77""#))
        try collect(stack.publicPort, "_p=4&_s=1&en=purchase&ep.transaction_id=T-78")
        let events = try stack.waitForEvents(3)
        #expect(events.compactMap { $0["event_id"] as? String } == ["T-77", "T-77", "T-78"])
        #expect(events.compactMap { $0["event_name"] as? String } == ["checkout", "add_to_cart", "checkout"])
        _ = try settled(stack.adminPort, duplicates: 2, source: "ga4")
        _ = try settled(stack.adminPort, duplicates: 1, source: "segment")
    }

    @Test("Pinterest-shaped checkouts of one order are two where their event ids differ")
    func samePinterestOrder() throws {
        let stack = try RelayStack()
        func post(_ id: String) throws {
            let body = """
                {"data":[{"event_name":"checkout","action_source":"web","event_id":"\(id)",
                 "event_time":\(Int(Date().timeIntervalSince1970)),"user_data":{"em":["jane@example.com"]},
                 "custom_data":{"order_id":"T-77"}}]}
                """
            let answer = try TestHTTPClient.post(
                port: stack.publicPort, "/v5/ad_accounts/\(RelayStack.account)/events",
                headers: ["Authorization": "Bearer \(RelayStack.token)"], body)
            #expect(answer.status == 200)
        }
        try collect(stack.publicPort, "_p=1&_s=1&en=purchase&ep.transaction_id=T-77")
        for id in ["e-1", "e-2", "e-2", "T-77"] { try post(id) }
        #expect(try stack.waitForEvents(3).compactMap { $0["event_id"] as? String } == ["T-77", "e-1", "e-2"])
        _ = try settled(stack.adminPort, duplicates: 2, source: "pinterest/v5")
    }

    @Test("a beacon's retry is the same hit, the next hit of the page is not")
    func failedFetch() throws {
        let stack = try RelayStack()
        try collect(stack.publicPort, "_p=1&_s=1&en=page_view")
        try collect(stack.publicPort, "_p=1&_s=1&en=page_view&_z=failedfetch")
        try collect(stack.publicPort, "_p=1&_s=2&en=page_view")
        #expect(try stack.waitForEvents(2).count == 2)
        _ = try settled(stack.adminPort, duplicates: 1, source: "ga4")
    }

    @Test("a hit after a consent update is a repeat only of one that was sent")
    func consentUpdate() throws {
        let stack = try RelayStack()
        // The first was sent: consent was not asked for. The second says the same again.
        try collect(stack.publicPort, "_p=1&_s=1&en=page_view&ep.a=1")
        try collect(stack.publicPort, "_p=1&_s=2&en=page_view&ep.a=1&gcs=G111&gcd=13r3r3r3r1&gcu=1")
        // The first was refused, so the second is sent; and the third repeats that.
        try collect(stack.publicPort, "_p=2&_s=1&en=page_view&ep.a=1&gcs=G100&gcd=13p3p3p3p1")
        try collect(stack.publicPort, "_p=2&_s=2&en=page_view&ep.a=1&gcs=G111&gcd=13r3r3r3r1&gcu=1")
        try collect(stack.publicPort, "_p=2&_s=3&en=page_view&ep.a=1&gcs=G111&gcd=13r3r3r3r1&gcu=1")
        // Other parameters make another hit.
        try collect(stack.publicPort, "_p=2&_s=4&en=page_view&ep.a=2&gcs=G111&gcd=13r3r3r3r1&gcu=1")
        #expect(try stack.waitForEvents(3).count == 3)
        let metrics = try settled(stack.adminPort, duplicates: 2, source: "ga4")
        #expect(metrics["pinrelay_events_not_sent_total{source=\"ga4\",reason=\"no_consent\"}"] == 1)
    }

    @Test("an event that was refused for want of consent does not block its repeat")
    func refusedFirst() throws {
        let stack = try RelayStack()
        try collect(stack.publicPort, "_p=1&_s=1&en=purchase&ep.transaction_id=T-1&gcs=G100")
        try collect(stack.publicPort, "_p=1&_s=1&en=purchase&ep.transaction_id=T-1&gcs=G111")
        #expect(try stack.waitForEvents(1).count == 1)
        _ = try settled(stack.adminPort, duplicates: 0, source: "ga4")
    }

    @Test("events side by side in a body without ids of their own are none of each other's repeats, the body again is")
    func sameBody() throws {
        let stack = try RelayStack()
        func item(_ id: String) -> String {
            #"{"name":"add_to_cart","params":{"value":1,"items":[{"item_id":"\#(id)","price":1}]}}"#
        }
        let body = """
            {"client_id":"1.2","timestamp_micros":\(Int(Date().timeIntervalSince1970))000000,
             "user_data":{"sha256_email_address":"\(String(repeating: "ab", count: 32))"},
             "events":[\(item("A")),\(item("B")),\(item("A"))]}
            """
        for _ in 0..<2 {
            let answer = try TestHTTPClient.post(port: stack.publicPort, "/mp/collect?measurement_id=G-ABC123", body)
            #expect(answer.status == 204)
        }
        #expect(try stack.waitForEvents(3).count == 3)
        _ = try settled(stack.adminPort, duplicates: 3, source: "ga4")
    }

    @Test("offline events are known by their message alone")
    func offline() throws {
        let stack = try RelayStack()
        let sale = #""event_id":"shop-floor-1","action_source":"offline","value":3"#
        for id in ["m-1", "m-2", "m-2"] { try track(stack.publicPort, order(id, sale)) }
        let events = try stack.waitForEvents(2)
        #expect(events.compactMap { $0["action_source"] as? String } == ["offline", "offline"])
        #expect(events.compactMap { $0["event_id"] as? String } == ["shop-floor-1", "shop-floor-1"])
        _ = try settled(stack.adminPort, duplicates: 1, source: "segment")
    }

    @Test("repeats are known after a SIGKILL and a new start")
    func restart() throws {
        let stack = try RelayStack()
        try track(stack.publicPort, order("m-1"))
        _ = try stack.waitForEvents(1)
        stack.relay.kill(SIGKILL)
        _ = stack.relay.exitCode()
        let (relay, publicPort, adminPort) = try RelayStack.startRelay(
            upstreamPort: stack.sandboxPort, folder: stack.folder)
        try track(publicPort, order("m-1"))
        try track(publicPort, order("m-2"))
        _ = try eventually { try stack.receivedEvents().contains { $0["event_id"] as? String == "m-2" } }
        _ = try settled(adminPort, duplicates: 1, source: "segment")
        relay.kill(SIGTERM)
        #expect(relay.exitCode() == 0)
    }

    @Test("each ad account gets the event once, and the sums count the copies")
    func destinations() throws {
        let configuration = """
            destinations:
              - { name: shop, ad_account_id: "1001", token: \(RelayStack.token) }
              - { name: outlet, ad_account_id: "1002", token: \(RelayStack.token) }
            sources:
              - { name: both, kind: segment }
              - { name: one, kind: ga4, destinations: [outlet] }
            """
        let stack = try RelayStack(
            configuration: configuration,
            environment: ["PINTEREST_AD_ACCOUNT_ID": "", "PINTEREST_CONVERSION_TOKEN": ""])
        try collect(stack.publicPort, "_p=1&_s=1&en=purchase&ep.transaction_id=T-1")
        try track(stack.publicPort, order("m-1", #""event_id":"T-1""#))
        try track(stack.publicPort, order("m-1", #""event_id":"T-1""#))
        #expect(try stack.waitForEvents(2).count == 2)
        let metrics = try settled(stack.adminPort, duplicates: 3, source: "both")
        #expect(metrics["pinrelay_events_fanned_out_total"] == 2)
        for name in ["shop", "outlet"] {
            #expect(
                metrics["pinrelay_events_delivered_total{destination=\"\(name)\",event_name=\"checkout\"}"] == 1)
        }
    }

    @Test("the window is as long as it is configured")
    func window() throws {
        let off = try RelayStack(configuration: "dedup: { window: 0s }")
        for _ in 0..<2 { try track(off.publicPort, order("m-1")) }
        #expect(try off.waitForEvents(2).count == 2)
        _ = try settled(off.adminPort, duplicates: 0, source: "segment")

        let short = try RelayStack(configuration: "dedup: { window: 1s }")
        for _ in 0..<2 { try track(short.publicPort, order("m-1")) }
        usleep(1_100_000)
        try track(short.publicPort, order("m-1"))
        #expect(try short.waitForEvents(2).count == 2)
        _ = try settled(short.adminPort, duplicates: 1, source: "segment")
    }
}
