import Foundation
import RelayTestKit
import Testing

@Suite("The Measurement Protocol's debug route, and its errors")
struct DebugRouteTests {
    private static let configuration = """
        destinations: [{ name: shop, ad_account_id: "\(RelayStack.account)", token: "\(RelayStack.token)" }]
        sources:
          - { name: web, kind: ga4, measurement_ids: [G-1], api_secrets: [s3cret] }
        """
    private static let email = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"  // jane@example.com

    private func post(_ stack: RelayStack, _ target: String, _ body: String) throws -> TestHTTPClient.Answer {
        try TestHTTPClient.post(port: stack.publicPort, target, body)
    }

    private func entries(_ answer: TestHTTPClient.Answer) -> [[String: Any]] {
        answer.json()["pinrelay"] as? [[String: Any]] ?? []
    }

    @Test("tells what is wrong in Google's shape and what would be sent, and keeps and counts nothing")
    func debug() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try post(
            stack, "/debug/mp/collect?measurement_id=G-1&api_secret=s3cret",
            """
            {"client_id":"1.2","user_data":{"sha256_email_address":"\(Self.email)"},"consent":{"ad_user_data":"GRANTED"},
             "events":[{"name":"purchase","params":{"transaction_id":"T-1","value":9.5,"currency":"eur"}},
              {"name":"_badname"},{"params":{}},{"name":"generate_lead","params":{"user_data":{"phone_number":"1"}}}]}
            """)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.headers["cache-control"] == "no-store")
        let messages = answer.json()["validationMessages"] as? [[String: String]] ?? []
        #expect(messages.map { $0["validationCode"] } == ["NAME_INVALID", "VALUE_REQUIRED"])
        #expect(messages.allSatisfy { Set($0.keys) == ["fieldPath", "description", "validationCode"] })
        #expect(messages.first?["fieldPath"] == "events")
        let entries = entries(answer)
        #expect(entries.map { $0["result"] as? String } == ["sent", "not_sent", "dead", "dead"])
        #expect(entries.map { $0["event"] as? String } == ["purchase", "_badname", nil, "generate_lead"])
        #expect(entries.map { $0["reason"] as? String } == [nil, "unmapped", "missing_event_name", "no_identity"])
        let upstream = try #require(entries.first?["pinterest_event"] as? [String: Any])
        #expect(upstream["event_name"] as? String == "checkout")
        #expect(upstream["event_id"] as? String == "T-1")
        #expect((upstream["user_data"] as? [String: [String]])?["em"] == [Self.email])
        #expect((upstream["custom_data"] as? [String: Any])?["currency"] as? String == "EUR")
        let metrics = try stack.metrics()
        #expect(metrics.filter { $0.key.hasPrefix("pinrelay_events_") }.values.allSatisfy { $0 == 0 })
        #expect(metrics["pinrelay_requests_total{route=\"/debug/mp/collect\",status=\"200\"}"] == 1)
        #expect(try stack.receivedEvents().isEmpty)
    }

    @Test("a good body has an empty list of findings")
    func good() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let answer = try post(
            stack, "/debug/mp/collect?measurement_id=G-1&api_secret=s3cret",
            #"{"client_id":"1.2","events":[{"name":"purchase","params":{"value":1,"currency":"EUR"}}]}"#)
        #expect(answer.text.hasPrefix(#"{"validationMessages":[],"pinrelay":["#))
    }

    @Test("a call that the live route would refuse is told why, whatever Google's rules say of its body")
    func refused() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let body = #"{"client_id":"1.2","events":[{"name":"purchase"}]}"#
        let cases = [
            ("measurement_id=G-1&api_secret=wrong", body, "wrong_api_secret", 0),
            ("measurement_id=G-1", body, "wrong_api_secret", 0),
            ("measurement_id=G-9&api_secret=s3cret", body, "unknown_measurement_id", 0),
            ("measurement_id=G-1&api_secret=s3cret", "{", "malformed_json", 1),
        ]
        for (query, body, reason, findingCount) in cases {
            let answer = try post(stack, "/debug/mp/collect?\(query)", body)
            #expect(answer.status == 200)
            #expect((answer.json()["validationMessages"] as? [Any])?.count == findingCount)
            #expect(entries(answer).map { $0["result"] as? String } == ["refused"])
            #expect(entries(answer).map { $0["reason"] as? String } == [reason])
        }
        #expect(try stack.metrics().filter { $0.key.hasPrefix("pinrelay_input_faults") }.values.allSatisfy { $0 == 0 })
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/debug/mp/collect").status == 405)
    }

    private static let faulty: [(query: String, body: String, status: Int, code: String)] = [
        ("measurement_id=G-1&api_secret=s3cret", "{", 400, "malformed_json"),
        ("measurement_id=G-1&api_secret=s3cret", "{}", 400, "events_missing"),
        ("measurement_id=G-1&api_secret=no", #"{"events":[{"name":"a"}]}"#, 403, "wrong_api_secret"),
        ("measurement_id=G-9&api_secret=s3cret", #"{"events":[{"name":"a"}]}"#, 403, "unknown_measurement_id"),
    ]

    @Test("measurement_protocol_errors: strict answers faults with 4xx, code and message")
    func strict() throws {
        let stack = try RelayStack(
            configuration: "listen: { measurement_protocol_errors: strict }\n" + Self.configuration)
        for (query, body, status, code) in Self.faulty {
            let answer = try post(stack, "/mp/collect?\(query)", body)
            #expect(answer.status == status)
            #expect(answer.json()["code"] as? String == code)
            #expect((answer.json()["message"] as? String)?.isEmpty == false)
        }
        let good = try post(stack, "/mp/collect?measurement_id=G-1&api_secret=s3cret", #"{"events":[{"name":"a"}]}"#)
        #expect(good.status == 204)
    }

    @Test("without it they are answered 204 and counted, as Google does")
    func lenient() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        for (query, body, _, code) in Self.faulty {
            let answer = try post(stack, "/mp/collect?\(query)", body)
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            #expect(try stack.metrics()["pinrelay_input_faults_total{fault=\"\(code)\"}"] == 1)
        }
        #expect(try stack.receivedEvents().isEmpty)
    }

    @Test("times at event and request level, user data, address and denied consent, as JSON text or as a form")
    func live() throws {
        let stack = try RelayStack(configuration: Self.configuration)
        let target = "/mp/collect?measurement_id=G-1&api_secret=s3cret"
        let now = Int(Date().timeIntervalSince1970)
        _ = try TestHTTPClient.post(
            port: stack.publicPort, target, headers: ["Content-Type": "text/plain;charset=UTF-8"],
            """
            {"client_id":"1.2","timestamp_micros":"\(now - 100)000000","ip_override":"203.0.113.7","user_agent":"UA/1",
             "user_data":{"sha256_email_address":["\(Self.email)"],"address":{"country":"us"}},
             "events":[{"name":"purchase","params":{"transaction_id":"T-1"}},
              {"name":"purchase","timestamp_micros":\(now - 200)000000,"params":{"transaction_id":"T-2"}}]}
            """)
        _ = try post(
            stack, target,
            """
            {"client_id":"1.2","consent":{"ad_user_data":"DENIED"},"ip_override":"203.0.113.7","user_agent":"UA/1",
             "events":[{"name":"purchase","params":{"transaction_id":"T-3"}}]}
            """)
        _ = try TestHTTPClient.post(
            port: stack.publicPort, target, headers: ["Content-Type": "application/x-www-form-urlencoded"],
            "client_id=1.2&ip_override=203.0.113.8&user_agent=UA%2F2&events[0][name]=purchase"
                + "&events[0][params][transaction_id]=T-4&events[0][params][value]=7.50&events[0][params][currency]=EUR"
        )
        let events = try stack.waitForEvents(3)
        #expect(events.map { $0["event_id"] as? String } == ["T-1", "T-2", "T-4"])
        try #require(events.count == 3)
        #expect(events[0]["event_time"] as? Int == now - 100)
        #expect(events[1]["event_time"] as? Int == now - 200)
        let user = events[1]["user_data"] as? [String: Any]
        #expect(user?["em"] as? [String] == [Self.email])
        #expect(user?["country"] as? [String] == ["79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"])
        #expect(user?["client_ip_address"] as? String == "203.0.113.7")
        #expect((events[2]["user_data"] as? [String: Any])?["client_user_agent"] as? String == "UA/2")
        #expect((events[2]["custom_data"] as? [String: Any])?["value"] as? String == "7.50")
        let metrics = try stack.metrics()
        #expect(metrics["pinrelay_events_not_sent_total{source=\"web\",reason=\"no_consent\"}"] == 1)
    }
}
