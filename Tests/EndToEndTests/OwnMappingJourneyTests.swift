import Foundation
import RelayTestKit
import Testing

/// The hashes are `printf '%s' VALUE | sha256sum`.
@Suite("Mappings of the configuration, through the binary")
struct OwnMappingJourneyTests {
    private static let jane = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"
    private static let head = """
        destinations:
          - { name: shop, ad_account_id: "1001", token: \(RelayStack.token) }
          - { name: app, ad_account_id: "1002", token: \(RelayStack.token) }
        sources:
          - { name: web, kind: ga4, measurement_ids: [G-1], destinations: [shop] }
          - { name: backend, kind: segment, write_keys: [wk], destinations: [shop] }
          - { name: both, kind: segment, write_keys: [wk2] }
        mappings:

        """

    private func stack(_ mappings: String) throws -> RelayStack {
        let own = ["PINTEREST_AD_ACCOUNT_ID": "", "PINTEREST_CONVERSION_TOKEN": ""]
        return try RelayStack(configuration: Self.head + mappings, environment: own)
    }

    private func track(_ stack: RelayStack, _ event: String, _ members: String = "", key: String = "wk") throws {
        let body = """
            {"writeKey":"\(key)","event":"\(event)","messageId":"m-\(UUID())","userId":"u",
             "context":{"traits":{"email":"jane@example.com"}}\(members.isEmpty ? "" : ",")\(members)}
            """
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", body).text == #"{"success":true}"#)
    }

    private func custom(_ event: [String: Any]?) -> [String: Any] { event?["custom_data"] as? [String: Any] ?? [:] }
    private func person(_ event: [String: Any]?) -> [String: Any] { event?["user_data"] as? [String: Any] ?? [:] }
    private func names(_ events: [[String: Any]]) -> [String] { events.compactMap { $0["event_name"] as? String } }

    private func expectBalance(_ stack: RelayStack) throws {
        let isSettled = try eventually {
            let now = try stack.metrics()
            return now["pinrelay_events_unaccounted"] == 0 && now["pinrelay_events_pending"] == 0
                && now.filter { $0.key.hasPrefix("pinrelay_events_queued") }.values.allSatisfy { $0 == 0 }
        }
        #expect(isSettled)
    }

    @Test("an event that nothing knew arrives as the mapping says, hashed as any other")
    func ownEvent() throws {
        let stack = try stack(
            """
              - name: order-shipped
                trigger: 'type = "track" and event = "Order Shipped"'
                event_name: checkout
                fields:
                  custom_data.value: {"@path": "$.properties.amount"}
                  user_data: {em: {"@path": "$.traits.mail"}}
            """)
        try track(
            stack, "Order Shipped", #""properties":{"amount":12.5,"value":1},"traits":{"mail":" JANE@example.com "}"#)
        try track(stack, "Order Delivered")
        let event = try #require(try stack.waitForEvents(1).first)
        #expect(event["event_name"] as? String == "checkout")
        #expect(custom(event)["value"] as? String == "12.5")
        #expect(person(event)["em"] as? [String] == [Self.jane])
        try expectBalance(stack)
        #expect(try stack.metrics()[#"pinrelay_events_not_sent_total{source="backend",reason="unmapped"}"#] == 1)
    }

    @Test("a preset is switched off at one source, another has one field replaced, and one event becomes two")
    func presets() throws {
        let stack = try stack(
            """
              - { preset: segment-product-added, sources: [backend], enabled: false }
              - preset: segment-order-completed
                fields: {custom_data.order_id: {"@path": "$.properties.number"}}
              - name: first-order
                trigger: 'type = "track" and event = "Order Completed" and properties.first = true'
                event_name: FirstOrder
            """)
        try track(stack, "Product Added")
        try track(stack, "Order Completed", #""properties":{"number":"N-7","order_id":"x","total":4,"first":true}"#)
        let events = try stack.waitForEvents(2)
        #expect(names(events).sorted() == ["FirstOrder", "checkout"])
        #expect(Set(events.compactMap { $0["event_id"] as? String }).count == 1)
        let checkout = events.first { $0["event_name"] as? String == "checkout" }
        #expect(custom(checkout)["order_id"] as? String == "N-7")
        #expect(custom(checkout)["value"] as? String == "4")
        try expectBalance(stack)
        let metrics = try stack.metrics()
        #expect(metrics["pinrelay_events_fanned_out_total"] == 1)
        #expect(metrics[#"pinrelay_events_not_sent_total{source="backend",reason="unmapped"}"#] == 1)
    }

    @Test("a mapping may hold for one destination: the other gets the event as it is, and each is counted")
    func destinations() throws {
        let stack = try stack(
            """
              - name: app-only
                destinations: [app]
                trigger: 'type = "track" and event = "Order Completed"'
                event_name: subscribe
              - { preset: segment-order-completed, destinations: [app], enabled: false }
              - { preset: segment-signed-up, destinations: [app], enabled: false }
            """)
        try track(stack, "Order Completed", key: "wk2")
        try track(stack, "Signed Up", key: "wk2")
        #expect(names(try stack.waitForEvents(3)).sorted() == ["checkout", "signup", "subscribe"])
        try expectBalance(stack)
        let metrics = try stack.metrics()
        func delivered(_ destination: String, _ name: String) -> Double? {
            metrics["pinrelay_events_delivered_total{destination=\"\(destination)\",event_name=\"\(name)\"}"]
        }
        #expect(delivered("shop", "checkout") == 1 && delivered("app", "subscribe") == 1)
        #expect(delivered("shop", "signup") == 1 && delivered("app", "signup") ?? 0 == 0)
        #expect(metrics["pinrelay_events_fanned_out_total"] == 2)
        #expect(metrics[#"pinrelay_events_not_sent_total{source="both",reason="unmapped"}"#] == 1)
    }

    @Test("a mapping that fails makes a dead letter with its reason, and the event's other results are sent")
    func fault() throws {
        let mappings = """
              - name: broken
                trigger: 'type = "track"'
                event_name: lead
                fields: {language: {"@path": {"@path": "$.properties.number"}}}
            """
        let stack = try stack(mappings)
        try track(stack, "Order Completed", #""properties":{"number":5}"#)
        #expect(names(try stack.waitForEvents(1)) == ["checkout"])
        try expectBalance(stack)
        #expect(try stack.metrics()[#"pinrelay_events_dead_total{destination="shop",reason="mapping_fault"}"#] == 1)
        let folder = TemporaryFolder()
        let file = try folder.write("c.yaml", Self.head + mappings)
        let input = try folder.write(
            "e.json", #"{"writeKey":"wk","type":"track","event":"Other","properties":{"number":5}}"#)
        let process = try BinaryProcess(["explain", "--config", file, input])
        #expect(process.exitCode() == 1)
        #expect(process.output.contains("dead letter: mapping_fault - mapping broken: "))
    }

    @Test("a mapping copied out of Segment's export works unchanged")
    func segmentExport() throws {
        let stack = try stack("  - " + Self.export.split(separator: "\n").joined(separator: " ") + "\n")
        let members = """
            "timestamp":"\(Date.now.ISO8601Format())","properties":{"email":"jane@example.com","order_id":"O-1","currency":"EUR",
            "price":19.5,"value":3,"products":[{"product_id":"P-1","price":9.75,"quantity":2,"brand":"B","category":"C",
            "name":"N"}]},"context":{"ip":"203.0.113.9","userAgent":"UA/1","locale":"de","traits":{"email":"x@example.com"}}
            """
        try track(stack, "Product Bought", members)
        let event = try #require(try stack.waitForEvents(1).first)
        #expect(event["event_name"] as? String == "add_to_cart")
        #expect(event["action_source"] as? String == "web")
        #expect((event["event_id"] as? String)?.hasPrefix("m-") == true)
        #expect(person(event)["em"] as? [String] == [Self.jane])
        #expect(person(event)["client_user_agent"] as? String == "UA/1")
        let custom = custom(event)
        #expect(custom["value"] as? String == "19.5")
        #expect(custom["order_id"] as? String == "O-1")
        #expect(custom["currency"] as? String == "EUR")
        let item = try #require((custom["contents"] as? [[String: Any]])?.first)
        #expect(item["id"] as? String == "P-1" && item["item_price"] as? String == "9.75")
        #expect(item["item_brand"] as? String == "B" && item["item_category"] as? String == "C")
        #expect(item["quantity"] as? Int == 2)
    }

    /// The form of a subscription in Segment's export, with the defaults of its Pinterest action.
    private static let export = #"""
        {"id":"a1","name":"Add to Cart","actionId":"b2","actionSlug":"reportConversionEvent","destinationId":"c3",
        "enabled":true,"trigger":"type = \"track\" AND event = \"Product Bought\"","settings":{"data_format":"latest",
        "event_name":"add_to_cart","action_source":"web","event_time":{"@path":"$.timestamp"},
        "event_id":{"@path":"$.messageId"},"event_source_url":{"@path":"$.context.page.url"},"opt_out":false,
        "advertiser_tracking_enabled":{"@path":"$.context.device.adTrackingEnabled"},
        "user_data":{"email":{"@if":{"exists":{"@path":"$.properties.email"},"then":{"@path":"$.properties.email"},
        "else":{"@path":"$.traits.email"}}},"client_ip_address":{"@path":"$.context.ip"},
        "client_user_agent":{"@path":"$.context.userAgent"}},
        "custom_data":{"value":{"@path":"$.properties.value"}},"app_name":{"@path":"$.context.app.name"},
        "device_type":{"@path":"$.context.device.type"},
        "custom_data_2":{"currency":{"@path":"$.properties.currency"},"value":{"@if":{"exists":{"@path":
        "$.properties.price"},"then":{"@path":"$.properties.price"},"else":{"@path":"$.properties.value"}}},
        "order_id":{"@path":"$.properties.order_id"},"search_string":{"@path":"$.properties.query"}},
        "contents":{"@arrayPath":["$.properties.products",{"id":{"@path":"$.product_id"},"item_price":{"@path":
        "$.price"},"quantity":{"@path":"$.quantity"},"item_brand":{"@path":"$.brand"},"item_category":{"@path":
        "$.category"},"item_name":{"@path":"$.name"}}]},"wifi":{"@path":"$.context.network.wifi"},
        "__segment_internal_sync_mode":"upsert","enable_batching":true}}
        """#

    @Test("a GA4 hit is offered as event data, custom parameters at top level")
    func ga4() throws {
        let stack = try stack(
            """
              - name: quote
                sources: [web]
                trigger: 'event_name = "get_quote" and plan = "gold"'
                event_name: lead
                fields:
                  custom_data: {value: {"@path": "$.estimate"}, content_name: {"@template": "quote {{plan}}"}}
                  user_data: {external_id: {"@path": "$.client_id"}, client_ip_address: {"@path": "$.ip_override"}}
            """)
        func hit(_ plan: String) throws {
            let query =
                "v=2&tid=G-1&cid=111.222&_p=\(plan)&_s=1&en=get_quote&ep.plan=\(plan)&epn.estimate=80"
                + "&ep.user_data.email_address=jane%40example.com&dl=https%3A%2F%2Fshop.example%2F"
            let headers = ["User-Agent": "Mozilla/5.0 (X11)"]
            #expect(
                try TestHTTPClient.get(port: stack.publicPort, "/g/collect?\(query)", headers: headers).status == 204)
        }
        try hit("gold")
        try hit("silver")
        let event = try #require(try stack.waitForEvents(1).first)
        #expect(event["event_name"] as? String == "lead")
        #expect(custom(event)["value"] as? String == "80")
        #expect(custom(event)["content_name"] as? String == "quote gold")
        #expect(person(event)["em"] as? [String] == [Self.jane])
        #expect((person(event)["external_id"] as? [String])?.count == 1)
        try expectBalance(stack)
    }

    @Test("mappings prints what is in force, and what it prints is a configuration of the same meaning")
    func mappingsCommand() throws {
        let folder = TemporaryFolder()
        let sources = Self.head.components(separatedBy: "mappings:")[0]
        let own = """
            mappings:
              - name: mine
                destinations: [app]
                trigger: 'type = "track" and event = "ab"'
                event_name: lead
                fields: {custom_data.value: 9.50, language: "on"}
              - { name: ga4-purchase, trigger: 'event_name = "order"' }
              - { preset: segment-page, enabled: false }
              - { name: idle, enabled: false, trigger: 'type = "page"' }

            """
        func print(_ mappings: String, _ arguments: [String] = []) throws -> String {
            let file = try folder.write("c.yaml", sources + mappings)
            let process = try BinaryProcess(["mappings", "--config", file] + arguments)
            #expect(process.exitCode() == 0, "\(process.output)")
            return process.output
        }
        let first = try print(own)
        #expect(first.contains("- name: mine") && first.contains("- preset: segment-page"))
        #expect(first.contains("# ga4-purchase, replaced") && first.contains("Pinterest's table for GA4"))
        #expect(first.contains("#   custom_data.value: properties.value, properties.revenue, properties.total"))
        #expect(try print(first) == first)
        let json = try JSONSerialization.jsonObject(with: Data(print(own, ["--json"]).utf8)) as? [String: Any]
        let rows = json?["mappings"] as? [[String: Any]] ?? []
        #expect(rows.contains { $0["name"] as? String == "idle" && $0["state"] as? String == "off" })
        #expect(rows.contains { $0["name"] as? String == "ga4-purchase" && $0["state"] as? String == "replaced" })
        #expect(try print("mappings: []\n", ["--source", "web"]).contains("segment-") == false)
    }

    @Test("check names file, line, mapping and fault, and ends with 78")
    func check() throws {
        let folder = TemporaryFolder()
        let file = try folder.write(
            "bad.yaml", Self.head + "  - name: mine\n    trigger: 'type = '\n    fields: {user_data.emial: x}\n")
        let process = try BinaryProcess(["check", "--config", file])
        #expect(process.exitCode() == 78)
        #expect(process.output.contains("mappings[0].trigger (line 10): mapping mine in \(file): "))
        #expect(
            process.output.contains(
                "mappings[0].fields.user_data.emial (line 11): mapping mine in \(file): there is no"))
    }

    @Test("explain says which mapping made an event, and what gave way")
    func explain() throws {
        let folder = TemporaryFolder()
        let file = try folder.write(
            "c.yaml", Self.head + "  - { name: mine, trigger: 'type = \"track\"', fields: {language: fr} }\n")
        let input = try folder.write(
            "e.json",
            #"{"writeKey":"wk","type":"track","event":"Order Completed","properties":{"email":"a@example.com"}}"#)
        let process = try BinaryProcess(["explain", "--config", file, input])
        #expect(process.exitCode() == 0)
        #expect(process.output.contains("mapping: mine"))
        #expect(process.output.contains("<- mapping mine"))
        #expect(process.output.contains("dropped: mapping segment-order-completed gives checkout too"))
    }
}
