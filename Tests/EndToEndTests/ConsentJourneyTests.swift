import Foundation
import RelayTestKit
import Testing

@Suite("Consent and privacy signals, from the call to the upstream")
struct ConsentJourneyTests {
    private static let destinations =
        "destinations: [{ name: shop, ad_account_id: \"\(RelayStack.account)\", token: \"\(RelayStack.token)\" }]\n"

    private func person(_ event: [String: Any]) -> [String: Any] { event["user_data"] as? [String: Any] ?? [:] }

    private func custom(_ event: [String: Any]) -> [String: Any] { event["custom_data"] as? [String: Any] ?? [:] }

    /// Sends one Segment order per choice of the category; the order's id is the choice.
    private func sendOrders(_ stack: RelayStack) throws {
        for choice in ["true", "false", "unsaid"] {
            let consent = choice == "unsaid" ? "{}" : #"{"categoryPreferences":{"Advertising":\#(choice)}}"#
            let answer = try TestHTTPClient.post(
                port: stack.publicPort, "/v1/track",
                """
                {"writeKey":"wk","event":"Order Completed","messageId":"\(choice)","userId":"u",
                 "context":{"ip":"203.0.113.9","userAgent":"UA/1","consent":\(consent)},
                 "properties":{"order_id":"\(choice)","email":"a@example.com","products":[{"sku":"s"}]}}
                """)
            #expect(answer.status == 200)
        }
    }

    @Test(
        "a Segment source's category decides by policy, and on_denial says what becomes of the refused",
        arguments: [
            ("require", "drop", ["true"], []), ("require", "opt_out", ["true"], ["false", "unsaid"]),
            ("respect", "drop", ["true", "unsaid"], []), ("respect", "opt_out", ["true", "unsaid"], ["false"]),
            ("ignore", "drop", ["true", "false", "unsaid"], []),
            ("ignore", "opt_out", ["true", "false", "unsaid"], []),
        ] as [(String, String, Set<String>, Set<String>)])
    func segment(_ policy: String, _ onDenial: String, _ whole: Set<String>, _ optedOut: Set<String>) throws {
        let stack = try RelayStack(
            configuration: Self.destinations + """
                sources:
                  - { name: backend, kind: segment, write_keys: [wk], consent_category: Advertising,
                      consent: \(policy), on_denial: \(onDenial) }
                """)
        try sendOrders(stack)
        let events = try stack.waitForEvents(whole.count + optedOut.count)
        let ids = { (wanted: Bool) in
            Set(events.filter { ($0["opt_out"] as? Bool ?? false) == wanted }.compactMap { $0["event_id"] as? String })
        }
        #expect(ids(false) == whole)
        #expect(ids(true) == optedOut)
        for event in events {
            let isOut = event["opt_out"] != nil
            let keys = Set(person(event).keys)
            #expect(
                keys == Set(isOut ? [] : ["em", "external_id"]).union(["client_ip_address", "client_user_agent"]))
        }
        let refused = try stack.metrics()[#"pinrelay_events_not_sent_total{source="backend",reason="no_consent"}"#]
        #expect((refused ?? 0) == Double(3 - whole.count - optedOut.count))
    }

    private static let ldp = destinations + "privacy: { ldp: { us_privacy: true, gpp: true } }\n"

    @Test("privacy strings of hits, Measurement Protocol and Segment ask for limited data processing")
    func privacyStrings() throws {
        let stack = try RelayStack(configuration: Self.ldp)
        let query = "v=2&tid=G-1&cid=1.2&en=purchase&ep.user_data.email=a%40example.com"
        for (index, signal) in [
            "ep.us_privacy=1YYN", "sst.us_privacy=1YYN", "us_privacy=1YYN",
            "sst.gpp=DBABLA~BVVVkkkkkpFY&sst.gpp_sid=7", "ep.gpp=DBABLA~BVQqAAAACg", "ep.us_privacy=1YNN",
        ].enumerated() {
            _ = try TestHTTPClient.get(
                port: stack.publicPort, "/g/collect?\(query)&_p=1&_s=\(index)&ep.transaction_id=hit\(index)&\(signal)")
        }
        _ = try TestHTTPClient.post(
            port: stack.publicPort, "/mp/collect?measurement_id=G-1",
            """
            {"client_id":"1.2","user_data":{"email":"a@example.com"},"events":[{"name":"purchase",
             "params":{"transaction_id":"mp","us_privacy":"1YYN"}}]}
            """)
        _ = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/track",
            """
            {"writeKey":"wk","event":"Order Completed","messageId":"segment","properties":{"email":"a@example.com",
             "us_privacy":"1YYN"},"context":{"traits":{"address":{"state":"CA","country":"US"}}}}
            """)
        let events = try stack.waitForEvents(8)
        let flagged = events.filter { custom($0)["opt_out_type"] as? String == "LDP" }
            .compactMap { $0["event_id"] as? String }
        #expect(Set(flagged) == ["hit0", "hit1", "hit2", "hit3", "mp", "segment"])
        let segment = try #require(events.first { $0["event_id"] as? String == "segment" })
        #expect((person(segment)["st"] as? [String])?.count == 2)
        #expect((person(segment)["country"] as? [String])?.count == 2)
    }

    @Test("without the option a privacy string changes nothing")
    func withoutOption() throws {
        let stack = try RelayStack()
        _ = try TestHTTPClient.get(
            port: stack.publicPort,
            "/g/collect?v=2&tid=G-1&cid=1.2&en=purchase&ep.user_data.email=a%40example.com&ep.us_privacy=1YYN")
        let event = try #require(try stack.waitForEvents(1).first)
        #expect(custom(event)["opt_out_type"] == nil)
    }

    @Test(
        "several persons on a Measurement Protocol body, in params or at its root, and on a hit become lists of hashes")
    func users() throws {
        let stack = try RelayStack()
        let users = #"[{"email":"a@example.com"},{"email":"b@example.com","phone_number":"+14155550100"}]"#
        for body in [
            #"{"client_id":"1","user_data":\#(users),"events":[{"name":"purchase","params":{"transaction_id":"root"}}]}"#,
            #"{"client_id":"1","user_data":{"email":"x@example.com"},"events":[{"name":"purchase","params":{"transaction_id":"params","user_data":\#(users)}}]}"#,
        ] {
            _ = try TestHTTPClient.post(port: stack.publicPort, "/mp/collect?measurement_id=G-1", body)
        }
        _ = try TestHTTPClient.get(
            port: stack.publicPort,
            "/g/collect?v=2&tid=G-1&cid=1.2&en=purchase&ep.transaction_id=hit&ep.user_data.0.email=a%40example.com"
                + "&ep.user_data.1.email=b%40example.com&ep.user_data.1.phone_number=%2B14155550100")
        let events = try stack.waitForEvents(3)
        #expect(Set(events.compactMap { $0["event_id"] as? String }) == ["root", "params", "hit"])
        #expect(Set(events.map { person($0)["em"] as? [String] ?? [] }).count == 1)
        for event in events {
            #expect((person(event)["em"] as? [String])?.count == 2)
            #expect((person(event)["ph"] as? [String])?.count == 1)
        }
    }

    @Test("a Firebase app id names its source")
    func firebaseAppID() throws {
        let stack = try RelayStack(
            configuration: Self.destinations + """
                sources: [{ name: app, kind: ga4, measurement_ids: ["1:2:android:3"] }]
                """)
        for id in ["1:2:android:3", "1%3A2%3Aandroid%3A3", "9:9:android:9"] {
            _ = try TestHTTPClient.post(
                port: stack.publicPort, "/mp/collect?firebase_app_id=\(id)",
                """
                {"app_instance_id":"i","events":[{"name":"purchase","params":{"transaction_id":"\(id)",
                 "user_data":{"email":"a@example.com"}}}]}
                """)
        }
        let events = try stack.waitForEvents(2)
        #expect(events.allSatisfy { $0["action_source"] as? String == "app_android" })
        #expect(try stack.metrics()[#"pinrelay_events_received_total{source="app"}"#] == 2)
    }

    @Test("check warns of a region and a state that do not exist, and still ends with 0")
    func check() throws {
        let folder = TemporaryFolder()
        let file = try folder.write(
            "c.yaml",
            Self.destinations + """
                sources: [{ name: web, kind: ga4, default_region: XX }]
                privacy: { ldp: { states: [ZZ] } }
                """)
        let process = try BinaryProcess(["check", "--config", file], environment: [:])
        #expect(process.exitCode(within: 40) == 0)
        #expect(process.output.contains("source web: default_region XX is no country"))
        #expect(process.output.contains("ZZ is no US state"))
    }
}
