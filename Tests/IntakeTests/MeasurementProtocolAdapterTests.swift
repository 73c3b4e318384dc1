import Intake
import RelayModel
import Testing

@Suite("Measurement Protocol bodies")
struct MeasurementProtocolAdapterTests {
    private func events(
        _ body: String, query: String = "", _ limits: MeasurementProtocolLimits = MeasurementProtocolLimits()
    ) throws -> [DecodedItem] {
        try decode(MeasurementProtocolAdapter(limits: limits), .measurementProtocol, query: query, body: body)
    }

    @Test("an event's parameters stand at top level, with what the body says for all")
    func eventData() throws {
        let items = try events(
            #"""
            {"client_id":"c1","user_id":"u1","timestamp_micros":5,"user_data":{"sha256_email_address":["h"]},
             "events":[{"name":"purchase","params":{"value":12.5,"items":[{"item_id":"A"}],"event_name":"evil"}},
                       {"name":"refund","timestamp_micros":"7"}]}
            """#, query: "measurement_id=G-1&api_secret=s3cret")
        #expect(items.map(\.kind) == [.measurementProtocol, .measurementProtocol])
        #expect(items.map(\.name) == ["purchase", "refund"])
        #expect(items.map(\.messageID) == ["", ""])
        #expect(
            items[0].json
                == #"{"event_name":"purchase","value":12.5,"items":[{"item_id":"A"}],"timestamp_micros":5,"client_id":"c1","#
                + #""user_id":"u1","user_data":{"sha256_email_address":["h"]},"x-ga-measurement_id":"G-1"}"#)
        #expect(items[1].json.contains(#""timestamp_micros":"7""#))
        #expect(!items.contains { $0.json.contains("s3cret") })
    }

    @Test(
        "the event's parameters come first, then the root",
        arguments: ["user_data", "ip_override", "user_agent", "user_id", "client_id", "timestamp_micros"])
    func precedence(_ key: String) throws {
        let own = try events(#"{"\#(key)":"root","events":[{"name":"a","params":{"\#(key)":"own"}}]}"#)[0]
        #expect(own.json == #"{"event_name":"a","\#(key)":"own"}"#)
        let root = try events(#"{"\#(key)":"root","events":[{"name":"a","params":{}}]}"#)[0]
        #expect(root.json == #"{"event_name":"a","\#(key)":"root"}"#)
    }

    @Test("an app's stream and device are kept")
    func app() throws {
        let item = try events(
            #"{"app_instance_id":"i","device":{"operating_system":"iOS"},"user_properties":{"p":{"value":1}},"events":[{"name":"a"}]}"#,
            query: "firebase_app_id=1%3A2%3Aios%3A3")[0]
        #expect(
            item.json
                == #"{"event_name":"a","app_instance_id":"i","device":{"operating_system":"iOS"},"#
                + #""x-ga-mp2-user_properties":{"p":{"value":1}},"firebase_app_id":"1:2:ios:3"}"#)
    }

    @Test(
        "consent in any case",
        arguments: [
            (#"{"ad_user_data":"GRANTED"}"#, .granted, .unset, false),
            (#"{"ad_user_data":"denied"}"#, .denied, .unset, true),
            (#"{"ad_storage":"Denied","ad_personalization":"GRANTED"}"#, .unset, .granted, true),
            (#"{"ad_personalization":"DENIED"}"#, .unset, .denied, false),
            (#"{"ad_user_data":true}"#, .unset, .unset, false),
            (#"{"ad_user_data":"GRANTEDX"}"#, .unset, .unset, false),
            ("null", .unset, .unset, false),
            ("[]", .unset, .unset, false),
        ] as [(String, ConsentSignal.State, ConsentSignal.State, Bool)])
    func consent(
        _ consent: String, _ adUserData: ConsentSignal.State, _ adPersonalization: ConsentSignal.State, _ isDenied: Bool
    ) throws {
        let signal = try events(#"{"consent":\#(consent),"events":[{"name":"a"}]}"#)[0].consent
        #expect(signal.adUserData == adUserData)
        #expect(signal.adPersonalization == adPersonalization)
        #expect(signal.isDenied == isDenied)
    }

    @Test(
        "the older flag against personalized advertising denies ad_personalization, and nothing else",
        arguments: [
            (#""non_personalized_ads":true"#, .denied), (#""nonPersonalizedAds":true"#, .denied),
            (#""non_personalized_ads":false"#, .unset), (#""non_personalized_ads":"x""#, .unset),
            (#""non_personalized_ads":true,"consent":{"ad_personalization":"GRANTED"}"#, .denied),
            (#""non_personalized_ads":false,"consent":{"ad_personalization":"GRANTED"}"#, .granted),
        ] as [(String, ConsentSignal.State)])
    func nonPersonalizedAds(_ members: String, _ expected: ConsentSignal.State) throws {
        let signal = try events("{\(members),\"events\":[{\"name\":\"a\"}]}")[0].consent
        #expect(signal.adPersonalization == expected)
        #expect(signal.isUnsaid && !signal.isDenied)
    }

    @Test("entries that are no events are bad items in their place")
    func badItems() throws {
        let items = try events(#"{"events":[7,{"params":{}},{"name":""},{"name":3},{"name":"ok","params":[]}]}"#)
        #expect(items.map(\.reason) == [.notAnEvent, .missingEventName, .missingEventName, .missingEventName, nil])
    }

    @Test("a single event without its array is taken")
    func lenient() throws {
        #expect(try events(#"{"events":{"name":"a"}}"#).map(\.name) == ["a"])
        #expect(try events(#"{"events":[]}"#).isEmpty)
    }

    @Test(
        "what is no body of events is refused",
        arguments: [
            ("", IntakeFault.emptyBody), ("[]", .notAnObject), ("{}", .eventsMissing),
            (#"{"events":null}"#, .eventsMissing), (#"{"events":"x"}"#, .eventsMissing),
        ])
    func refused(_ body: String, _ fault: IntakeFault) throws {
        #expect(throws: fault) { try events(body) }
    }

    @Test("limits are kept")
    func limits() throws {
        var limits = MeasurementProtocolLimits()
        limits.eventCount = 1
        limits.parameterCount = 1
        limits.sharedByteCount = 60
        #expect(throws: IntakeFault.tooManyItems) { try events(#"{"events":[{},{}]}"#, limits) }
        #expect(try events(#"{"events":[{"name":"a","params":{"x":1,"y":2}}]}"#, limits).map(\.reason) == [.tooLarge])
        let large = String(repeating: "x", count: 60)
        #expect(throws: IntakeFault.bodyTooLarge) { try events(#"{"user_id":"\#(large)","events":[]}"#, limits) }
        limits.byteCount = 10
        #expect(throws: IntakeFault.bodyTooLarge) { try events(#"{"events":[]}"#, limits) }
    }
}
