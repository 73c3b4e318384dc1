import Testing

@testable import PinterestSandbox

@Suite("EventJudgement")
struct EventJudgementTests {
    @Test(
        "an event that fits the schema may still fail, alone",
        arguments: [
            (event(time: "\(now - 7 * 86_400 - 1)"), "in the past"),
            (event(time: "\(now + 301)"), "in the future"),
            (event(time: "\(now * 1000)"), "in the future"),
            (event(id: "\"\""), "event_id"),
            (event(name: "\"page visit\""), "event_name"),
            (event(name: "\"\""), "event_name"),
            (event(source: "\"email\""), "action_source"),
            (event(more: #""custom_data":{"value":"$5"}"#), "value"),
            (event(more: #""custom_data":{"value":""}"#), "value"),
            (event(more: #""custom_data":{"value":"1e3"}"#), "value"),
            (event(more: #""custom_data":{"contents":[{"item_price":"1,50"}]}"#), "value"),
        ])
    func failure(event: String, error: String) {
        let verdict = verdict(body(event))
        #expect(verdict.status == 422)
        #expect(verdict.code == 953)
        #expect(verdict.text("status") == "failed")
        #expect(verdict.text("error_message").contains(error))
        #expect(verdict.events.first?.isProcessed == false)
    }

    @Test("the limits of time are inclusive", arguments: [now - 7 * 86_400, now + 300])
    func timeLimits(time: Int64) {
        #expect(verdict(body(event(time: "\(time)"))).status == 200)
    }

    @Test(
        "what the upstream would only warn of is processed",
        arguments: [
            (event(name: "\"subscription\""), "labelled Unknown"),
            (event(user: #"{"em":["\#(hash.uppercased())"]}"#), "'em' is not in sha256 hashed format"),
            (event(user: #"{"em":["\#(hash)"],"country":["us"]}"#), "'country' is not in sha256 hashed format"),
            (event(more: #""custom_data":{"currency":"eur"}"#), "currency"),
            (event(user: #"{"client_ip_address":"0.0.0.0","client_user_agent":"x"}"#), "client_ip_address"),
        ])
    func warning(event: String, text: String) {
        let verdict = verdict(body(event))
        #expect(verdict.status == 200)
        #expect(verdict.text("warning_message").contains(text))
    }

    @Test("a mixed request is answered per event, with 200 or the status that is set", arguments: [200, 422])
    func mixed(status: Int) {
        var settings = SandboxSettings(token: "t0")
        settings.mixedStatus = status
        let verdict = verdict(body(event(id: "\"a\""), event(time: "1", id: "\"b\"")), settings: settings)
        #expect(verdict.status == status)
        #expect(verdict.entries.map { $0["status"] as? String } == ["processed", "failed"])
        #expect(verdict.events.map(\.isProcessed) == [true, false])
    }
}
