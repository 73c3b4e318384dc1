import Mapping
import RelayModel
import Testing

@Suite("Derived event ids, consent and trace")
struct EventIDTests {
    private func server(_ members: String, settings: MappingSettings = MappingSettings()) throws -> String? {
        try map(
            "{\"event_name\":\"add_to_cart\",\"timestamp_micros\":1795262100000000\(members)}", .measurementProtocol,
            settings: settings)["event_id"]
    }

    @Test("a derived id has 32 hex digits and is the same each time")
    func stable() throws {
        let id = try #require(try server(#","client_id":"1.2""#))
        #expect(id.utf8.count == 32)
        #expect(id.allSatisfy { $0.isHexDigit })
        #expect(try server(#","client_id":"1.2""#) == id)
    }

    @Test("it depends on source, person, name, time and order")
    func parts() throws {
        let id = try server(#","client_id":"1.2""#)
        var settings = MappingSettings()
        settings.sourceName = "other"
        #expect(try server(#","client_id":"1.2""#, settings: settings) != id)
        #expect(try server(#","client_id":"1.3""#) != id)
        #expect(try server(#","client_id":"1.2","transaction_id":"t""#) != id)
        #expect(try server(#","client_id":"1.2","event_time":1795262101"#) != id)
        let otherName = try map(
            #"{"event_name":"purchase","timestamp_micros":1795262100000000,"client_id":"1.2"}"#, .measurementProtocol)
        #expect(otherName["event_id"] != id)
    }

    @Test("it does not depend on when the event was received")
    func skewed() throws {
        let json =
            #"{"event":"Signed Up","anonymousId":"a","timestamp":"2026-11-21T11:00:00Z","sentAt":"2026-11-21T11:00:05Z"}"#
        let first = try track(json)
        let second = try track(json) { call, _ in call.receivedAtMicros += 30_000_000 }
        #expect(first["event_id"] == second["event_id"])
        #expect(first["event_time"] != second["event_time"])
    }

    @Test("a browser hit's id comes from what identifies the hit")
    func browserHit() throws {
        let id = try hit("add_to_cart", #""_hit":"G-1|1.2|99|3|0|add_to_cart","value":5"#)["event_id"]
        #expect(try hit("add_to_cart", #""_hit":"G-1|1.2|99|3|0|add_to_cart","value":6"#)["event_id"] == id)
        #expect(try hit("add_to_cart", #""_hit":"G-1|1.2|99|3|1|add_to_cart","value":5"#)["event_id"] != id)
    }

    @Test("a Segment event without messageId has one too")
    func segment() throws {
        let id = try track(#"{"event":"Signed Up","userId":"u","timestamp":1795262000}"#)["event_id"]
        #expect(id?.utf8.count == 32)
    }

    @Test("consent and the browser's opt-out signal are handed on")
    func signals() throws {
        var tape = EventTape()
        let root = tape.openObject()
        tape.close()
        var event = SourceEvent(kind: .ga4Hit, root: root, call: CallFacts(receivedAtMicros: now))
        event.name = tape.append("purchase".utf8)
        event.consent.adStorage = .denied
        event.call.globalPrivacyControl = true
        var out = MappingResults()
        var hashing = RecordingHash()
        let reason = MappingTable().map(event, on: &tape, hashing: &hashing, into: &out)
        #expect(reason == nil)
        #expect(out.events.first?.consent.isDenied == true)
        #expect(out.events.first?.globalPrivacyControl == true)
    }

    @Test("the trace tells each field's origin")
    func trace() throws {
        let json = #"""
            {"event":"Order Completed","messageId":"m","timestamp":"2026-11-21T11:00:00Z","userId":"u",
            "properties":{"email":"a@x","products":[{"sku":"s","price":5}]},"context":{"locale":"de-AT"}}
            """#
        let trace = try track(json, tracing: true).trace
        #expect(trace["user_data.em"] == "properties.email")
        #expect(trace["user_data.external_id"] == "userId")
        #expect(trace["event_id"] == "messageId")
        #expect(trace["event_time"] == "timestamp")
        #expect(trace["language"] == "context.locale")
        #expect(trace["custom_data.contents[0].id"] == "properties.products[0].sku")
        #expect(trace["custom_data.value"] == "sum of price x quantity")
        #expect(trace["custom_data.content_ids"] == "ids of contents")
        #expect(trace["action_source"] == "default")
        #expect(try track(json).trace.isEmpty)
    }

    @Test("the trace tells what was not used, with path and value, and what was read member by member")
    func losses() throws {
        let outcome = try track(
            #"""
            {"event":"Order Completed","userId":"guest","properties":{"value":"1,50","revenue":5,"products":[{"sku":"s"},
            {"sku":"t","price":"x"}],"user_data":[{"em":"a"},{"em":"b@c","address":{"city":"null"}}]},
            "traits":{"address":[{"city":"Bonn"},{"city":"guest"}]}}
            """#, tracing: true)
        #expect(
            Set(outcome.losses).isSuperset(of: [
                #"custom_data.value <- properties.value ["1,50"]: unusable"#,
                #"user_data.external_id <- userId ["guest"]: placeholder"#,
                #"custom_data.contents[].item_price <- properties.products[1].price ["x"]: unusable"#,
                #"user_data.em <- properties.user_data[0].em ["a"]: not_an_email"#,
                #"user_data.ct <- properties.user_data[1].address.city ["null"]: placeholder"#,
                #"user_data.ct <- traits.address[1].city ["guest"]: placeholder"#,
            ]), "\(outcome.losses)")
        #expect(outcome.trace["user_data.em"] == "properties.user_data[1].em")
        #expect(
            outcome.containers == [
                "properties.products", "properties.user_data", "properties.user_data[1].address", "traits.address",
            ])
    }

    @Test("a trace changes nothing")
    func traceIsPassive() throws {
        let members = #""value":"5","items":[{"item_id":"a"}],"user_data":{"email":"a@x"},"_hit":"h""#
        let plain = try hit("purchase", members)
        let traced = try hit("purchase", members, tracing: true)
        #expect(plain.events == traced.events)
    }
}
