import Foundation
import RelayTestKit
import Testing

@Suite("What a Segment call says of person and time")
struct SegmentContextTests {
    /// Posts one batch of one track and returns what arrived of it.
    private func arrived(
        _ item: String, _ batch: String = "", headers: [String: String] = [:]
    ) throws -> [String: Any] {
        let stack = try RelayStack(environment: ["PINRELAY_TRUSTED_PROXIES": "127.0.0.0/8"])
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/batch",
            headers: ["X-Forwarded-For": "198.51.100.7"].merging(headers) { _, new in new },
            """
            {"writeKey":"wk","batch":[{"type":"track","event":"Signed Up","userId":"u","messageId":"m",
             "properties":{"email":"a@example.com"}\(item)}]\(batch)}
            """)
        #expect(answer.status == 200)
        let events = try stack.waitForEvents(1)
        #expect(events.count == 1)
        return events.first ?? [:]
    }

    private func person(_ event: [String: Any]) -> [String: Any] { event["user_data"] as? [String: Any] ?? [:] }

    @Test("a batch's context fills what an event's own leaves open")
    func batchContext() throws {
        let event = try arrived(
            #","context":{"locale":"de-DE"}"#,
            #","context":{"locale":"fr","ip":"203.0.113.9","userAgent":"UA/1","page":{"url":"https://shop.example/"}}"#)
        #expect(event["language"] as? String == "de")
        #expect(event["event_source_url"] as? String == "https://shop.example/")
        #expect(person(event)["client_ip_address"] as? String == "203.0.113.9")
        #expect(person(event)["client_user_agent"] as? String == "UA/1")
    }

    @Test("the sender's clock is corrected by its sentAt, in the batch or beside the event", arguments: [true, false])
    func skew(_ isOnBatch: Bool) throws {
        let format = ISO8601DateFormatter()
        let now = Date()
        // The sender's clock is two hours slow, and the event was made ten minutes before it was sent.
        let sentAt = ",\"sentAt\":\"\(format.string(from: now - 7_200))\""
        let timestamp = ",\"timestamp\":\"\(format.string(from: now - 7_800))\""
        let event = try isOnBatch ? arrived(timestamp, sentAt) : arrived(timestamp + sentAt)
        let expected = Int(now.timeIntervalSince1970) - 600
        let time = try #require(event["event_time"] as? Int)
        #expect(abs(time - expected) <= 5, "\(time - expected)")
    }

    private static let browser = ["Origin": "https://shop.example", "User-Agent": "Mozilla/5.0"]

    @Test("the connection's address belongs to the person in browser calls only, or when the context says direct")
    func connection() throws {
        #expect(person(try arrived(""))["client_ip_address"] == nil)
        #expect(person(try arrived("", headers: ["User-Agent": "analytics-python/2"]))["client_user_agent"] == nil)
        let inBrowser = person(try arrived("", headers: Self.browser))
        #expect(inBrowser["client_ip_address"] as? String == "198.51.100.7")
        #expect(inBrowser["client_user_agent"] as? String == "Mozilla/5.0")
        let direct = person(try arrived(#","context":{"direct":true}"#))
        #expect(direct["client_ip_address"] as? String == "198.51.100.7")
        #expect(
            person(try arrived("", #","context":{"direct":true}"#))["client_ip_address"] as? String == "198.51.100.7")
    }

    @Test("0.0.0.0 means that no address is wanted, from wherever")
    func noAddress() throws {
        for place in [(#","context":{"ip":"0.0.0.0","direct":true}"#, ""), ("", #","context":{"ip":"0.0.0.0"}"#)] {
            let event = try arrived(place.0, place.1, headers: Self.browser)
            #expect(person(event)["client_ip_address"] == nil)
        }
    }

    /// The hashes are `printf '%s' VALUE | sha256sum`.
    @Test("a list of users gives lists of hashes")
    func users() throws {
        let event = try arrived(
            #","user_data":[{"email":"jane@example.com","phone":"+14155552671"},{"email":"A@example.com"}]"#)
        #expect(
            person(event)["em"] as? [String] == [
                "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d",
                "08168cd80dfd534ab0f10af10f1303fe00af2d43ab5c1432360d137f8197e17a",
            ])
        #expect(
            person(event)["ph"] as? [String] == ["758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"])
    }
}
