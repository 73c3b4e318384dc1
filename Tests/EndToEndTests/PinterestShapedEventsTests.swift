import Foundation
import RelayTestKit
import Testing

@Suite("Pinterest-shaped events")
struct PinterestShapedEventsTests {
    private static let other = "549755885176"
    private static let configuration = """
        destinations:
          - { name: shop, ad_account_id: "\(RelayStack.account)", token: "\(RelayStack.token)" }
          - { name: outlet, ad_account_id: "\(other)", token: "token-of-the-outlet" }
        sources:
          - { name: backend, kind: segment, write_keys: [wk_shop], destinations: [shop] }
          - { name: open, kind: segment, destinations: [shop] }
        """
    private static let email = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"  // jane@example.com
    private static let target = "/v5/ad_accounts/\(RelayStack.account)/events"
    private static let user = #""user_data":{"em":["jane@example.com"]}"#

    private var now: Int { Int(Date().timeIntervalSince1970) }

    private func post(
        _ stack: RelayStack, _ body: String, target: String = target, token: String? = RelayStack.token
    ) throws -> TestHTTPClient.Answer {
        let headers = token.map { ["Authorization": "Bearer \($0)", "Content-Type": "application/json"] } ?? [:]
        return try TestHTTPClient.post(port: stack.publicPort, target, headers: headers, body)
    }

    private func lead(_ id: String, _ members: String = user, time: Int? = nil) -> String {
        #"{"event_name":"lead","action_source":"web","event_id":"\#(id)","event_time":\#(time ?? now),\#(members)}"#
    }

    private func canonical(_ object: [String: Any]) -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data = (try? JSONSerialization.data(withJSONObject: object, options: options)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    private func canonical(_ json: String) -> String {
        canonical((try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any] ?? ["not": "JSON"])
    }

    @Test("a complete event arrives field by field, hashed where it was in clear")
    func complete() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let time = now - 5
        let ready = String(repeating: "AB12", count: 16)
        let answer = try post(
            stack,
            """
            {"data":[{"event_name":"checkout","action_source":"app_ios","event_time":\(time),"event_id":"o-1",
             "event_source_url":"https://shop.example/thanks?a=1&email=jane%40example.com","opt_out":true,
             "partner_name":"ss-shop","language":"en","wifi":true,"app_id":"42","app_name":"Shop","app_version":"1.2",
             "device_brand":"Apple","device_carrier":"T","device_model":"X","device_type":"phone","os_version":"17",
             "app_info":{"app_store":"App Store"},"device_info":{"cpu_cores":6,"os_family":"ios"},
             "user_data":{"em":[" Jane@Example.com ","\(ready)"],"ph":["+1 (415) 555-2671"],"fn":["Alice"],
              "st":["CA"],"country":["US"],"external_id":["User-12345","user-12345"],
              "client_ip_address":"203.0.113.9","client_user_agent":"Shop/1.2 (iPhone)","click_id":"dj0yJnU9abc",
              "partner_id":"XY1006"},
             "custom_data":{"currency":"eur","value":"29.90","content_ids":["A","B"],
              "contents":[{"id":"A","item_name":"Mug","item_price":"14.95","quantity":2,"item_category":"Kitchen",
               "item_brand":"Acme"}],"num_items":2,"order_id":"o-1","search_string":"mug","opt_out_type":"LDP",
              "content_name":"n","content_category":"c","content_brand":"b","predicted_ltv":"99","np":"ss-shop",
              "external_measurement_id":"m-1","external_measurement_vendor_id":7}}]}
            """)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        let expectedAnswer =
            #"{"num_events_received":1,"num_events_processed":1,"events":[{"status":"processed","error_message":"","warning_message":"event_source_url: personal parameters were taken out of the URL"}]}"#
        #expect(answer.text == expectedAnswer)
        let events = try stack.waitForEvents(1)
        try #require(events.count == 1, "relay: \(stack.relay.output)\nsandbox: \(stack.sandbox.output)")
        let expected = """
            {"event_name":"checkout","action_source":"app_ios","event_time":\(time),"event_id":"o-1",
             "event_source_url":"https://shop.example/thanks?a=1","opt_out":true,
             "partner_name":"ss-shop","language":"en","wifi":true,"app_id":"42","app_name":"Shop","app_version":"1.2",
             "device_brand":"Apple","device_carrier":"T","device_model":"X","device_type":"phone","os_version":"17",
             "app_info":{"app_store":"App Store"},"device_info":{"cpu_cores":6,"os_family":"ios"},
             "user_data":{"em":["\(Self.email)","\(ready.lowercased())"],
              "ph":["758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"],
              "fn":["2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"],
              "st":["6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126",
               "4b650e5c4785025dee7bd65e3c5c527356717d7a1c0bfef5b4ada8ca1e9cbe17"],
              "country":["79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621",
               "9b202ecbc6d45c6d8901d989a918878397a3eb9d00e8f48022fc051b19d21a1d"],
              "external_id":["43a2f41a7bffacce74013d74a2f459db5d69d38e061cb8d0e5e262102e2d98d7"],
              "client_ip_address":"203.0.113.9","client_user_agent":"Shop/1.2 (iPhone)","click_id":"dj0yJnU9abc",
              "partner_id":"XY1006"},
             "custom_data":{"currency":"EUR","value":"29.90","content_ids":["A","B"],
              "contents":[{"id":"A","item_name":"Mug","item_price":"14.95","quantity":2,"item_category":"Kitchen",
               "item_brand":"Acme"}],"num_items":2,"order_id":"o-1","search_string":"mug","opt_out_type":"LDP",
              "content_name":"n","content_category":"c","content_brand":"b","predicted_ltv":"99","np":"ss-shop",
              "external_measurement_id":"m-1","external_measurement_vendor_id":7}}
            """
        #expect(canonical(events[0]) == canonical(expected))
    }

    @Test("each event is answered for itself, the good ones are sent, and the sums add up")
    func mixed() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let events = [
            lead("good-1"), lead("", Self.user), #"{"event_name":"lead"}"#, "7",
            lead("strange", Self.user + #","x":1"#),
            lead("nobody", #""user_data":{"external_id":["u"]}"#), lead("old", time: now - 700_000),
            lead("ahead", time: now + 1_000), lead("ms", time: now * 1_000),
            lead("bot", #""user_data":{"em":["a@b.c"],"client_user_agent":"Pinterestbot/1.0"}"#),
            lead("good-2", #""user_data":{"em":["no-mail","jane@example.com"]}"#),
        ]
        let answer = try post(stack, "{\"data\":[\(events.joined(separator: ","))]}", token: "wk_shop")
        #expect(answer.status == 200)
        let json = answer.json()
        #expect(json["num_events_received"] as? Int == 11)
        #expect(json["num_events_processed"] as? Int == 2)
        let entries = json["events"] as? [[String: String]] ?? []
        #expect(entries.map { $0["status"] == "processed" } == [true] + Array(repeating: false, count: 9) + [true])
        #expect(
            entries.map { $0["error_message"] ?? "" } == [
                "", "event_id must not be empty", "action_source is required", "an event must be an object",
                "x is not a field of the upstream's schema",
                "user_data: neither e-mail, nor advertising id, nor address with user agent",
                "the event is older than seven days", "the event's time is more than five minutes ahead",
                "the event's time is more than five minutes ahead", "the user agent is a known crawler's", "",
            ])
        #expect(entries.last?["warning_message"] == "user_data.em: not an e-mail address: left out")
        #expect(try stack.waitForEvents(2).compactMap { $0["event_id"] as? String } == ["good-1", "good-2"])
        _ = try eventually { try stack.metrics()["pinrelay_events_queued{destination=\"shop\"}"] == 0 }
        let metrics = try stack.metrics()
        #expect(metrics["pinrelay_events_received_total{source=\"backend\"}"] == 11)
        #expect(metrics["pinrelay_events_dead_total{destination=\"shop\",reason=\"schema\"}"] == 3)
        #expect(metrics["pinrelay_events_dead_total{destination=\"shop\",reason=\"not_an_event\"}"] == 1)
        #expect(metrics["pinrelay_events_dead_total{destination=\"shop\",reason=\"no_identity\"}"] == 1)
        #expect(metrics["pinrelay_events_not_sent_total{source=\"backend\",reason=\"too_old\"}"] == 1)
        #expect(metrics["pinrelay_events_not_sent_total{source=\"backend\",reason=\"future\"}"] == 2)
        #expect(metrics["pinrelay_events_not_sent_total{source=\"backend\",reason=\"bot\"}"] == 1)
        #expect(metrics["pinrelay_events_fanned_out_total"] == 0)
        #expect(metrics["pinrelay_events_unaccounted"] == 0)
        #expect(metrics["pinrelay_dead_letters"] == 5)
    }

    @Test("when every event fails the answer is 422 with the details")
    func allFailed() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try post(stack, "{\"data\":[\(lead("old", time: now - 700_000)),{}]}")
        #expect(answer.status == 422)
        #expect(answer.json()["code"] as? Int == 953)
        let details = answer.json()["details"] as? [String: Any]
        #expect(details?["num_events_received"] as? Int == 2)
        #expect(details?["num_events_processed"] as? Int == 0)
        #expect((details?["events"] as? [[String: String]])?.map { $0["status"] } == ["failed", "failed"])
        let metrics = try stack.metrics()
        #expect(metrics["pinrelay_events_received_total{source=\"pinterest/v5\"}"] == 2)
        #expect(metrics["pinrelay_events_unaccounted"] == 0)
        #expect(try stack.receivedEvents().isEmpty)
    }

    @Test("a call is refused whole in Pinterest's shape and codes")
    func refused() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let good = "{\"data\":[\(lead("e"))]}"
        let many = "{\"data\":[" + Array(repeating: "{}", count: 1_001).joined(separator: ",") + "]}"
        let outlet = "/v5/ad_accounts/\(Self.other)/events"
        let nobody = "/v5/ad_accounts/123/events"
        let cases: [(body: String, target: String, token: String?, status: Int, code: Int)] = [
            (good, Self.target, nil, 401, 2), (good, Self.target, "wrong", 401, 2), (good, Self.target, "", 401, 2),
            (good, Self.target, "token-of-the-outlet", 401, 2), (good, outlet, "wk_shop", 401, 2),
            (good, nobody, "wrong", 401, 2), (good, nobody, RelayStack.token, 404, 2),
            (good, nobody, "wk_shop", 404, 2),
            ("{", Self.target, RelayStack.token, 400, 4196), ("", Self.target, RelayStack.token, 400, 4196),
            ("{}", Self.target, RelayStack.token, 400, 4196),
            (#"{"data":[{}],"partner":1}"#, Self.target, RelayStack.token, 400, 4196),
            (many, Self.target, RelayStack.token, 400, 4196),
            (good, Self.target + "?test=maybe", RelayStack.token, 400, 4196),
        ]
        for (body, target, token, status, code) in cases {
            let answer = try post(stack, body, target: target, token: token)
            #expect(answer.status == status, "\(target) \(token ?? "none"): \(answer.text)")
            #expect(answer.json()["code"] as? Int == code)
            #expect((answer.json()["message"] as? String)?.isEmpty == false)
        }
        #expect(try TestHTTPClient.get(port: stack.publicPort, Self.target).status == 405)
        let metrics = try stack.metrics()
        #expect(metrics.filter { $0.key.hasPrefix("pinrelay_events_received") }.values.allSatisfy { $0 == 0 })
        #expect(metrics["pinrelay_input_faults_total{fault=\"unauthenticated\"}"] == 6)
        #expect(
            metrics["pinrelay_requests_total{route=\"/v5/ad_accounts/{id}/events\",status=\"401\"}"] == 6)
    }

    @Test("the token of a destination sends to that destination alone")
    func destinations() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        _ = try post(stack, "{\"data\":[\(lead("a"))]}")
        #expect(try stack.waitForEvents(1).count == 1)
        let metrics = try stack.metrics()
        #expect(metrics["pinrelay_events_received_total{source=\"pinterest/v5\"}"] == 1)
        #expect(metrics["pinrelay_events_queued{destination=\"outlet\"}"] == 0)
    }

    @Test("?test=true checks and answers alike, and keeps and counts nothing")
    func trial() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try post(
            stack, "{\"data\":[\(lead("a")),{}]}", target: Self.target + "?test=true")
        #expect(answer.status == 200)
        #expect((answer.json()["events"] as? [[String: String]])?.map { $0["status"] } == ["processed", "failed"])
        let metrics = try stack.metrics()
        #expect(metrics.filter { $0.key.hasPrefix("pinrelay_events_") }.values.allSatisfy { $0 == 0 })
        #expect(metrics["pinrelay_dead_letters"] == 0)
        #expect(try stack.receivedEvents().isEmpty)
    }

    @Test("a thousand events in one call all arrive, once each")
    func thousand() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try post(stack, "{\"data\":[\((0..<1_000).map { lead("e-\($0)") }.joined(separator: ","))]}")
        #expect(answer.json()["num_events_processed"] as? Int == 1_000)
        let ids = try stack.waitForEvents(1_000).compactMap { $0["event_id"] as? String }
        #expect(ids.count == 1_000 && Set(ids).count == 1_000)
    }

    @Test("nothing in clear reaches the journal, the log or the metrics, whatever stands where")
    func nothingInClear() throws {
        let stack = try RelayStack(
            configuration: Self.configuration, environment: ["PINRELAY_LOG_LEVEL": "trace"],
            sandboxArguments: ["--hang"])
        let secret = "jane.secret@example.com"
        let events = [
            lead("kept", #""user_data":{"em":["\#(secret)"],"partner_id":"\#(secret)"},"partner_name":"\#(secret)""#),
            lead(secret), lead("a", Self.user + #","language":"\#(secret)""#),
            lead("b", Self.user + #","\#(secret)":1"#),
            lead("c", #""user_data":{"em":["\#(secret)"],"click_id":"\#(secret)"}"#),
            lead("d", Self.user + #","custom_data":{"value":"\#(secret)","np":"\#(secret)"}"#),
            lead("e", Self.user + #","custom_data":{"np":"\#(secret)","external_measurement_id":"\#(secret)"}"#),
            #"{"event_name":"\#(secret)","event_id":"\#(secret)"}"#,
        ]
        let answer = try post(stack, "{\"data\":[\(events.joined(separator: ","))]}")
        #expect(answer.json()["num_events_processed"] as? Int == 3)
        #expect(!answer.text.contains("jane.secret"))
        let journal = String(decoding: stack.folder.allBytes(), as: UTF8.self)
        #expect(journal.contains("\"event_id\":\"kept\""))
        for text in [journal, stack.relay.output, try TestHTTPClient.get(port: stack.adminPort, "/metrics").text] {
            #expect(!text.contains("jane.secret"))
        }
    }
}
