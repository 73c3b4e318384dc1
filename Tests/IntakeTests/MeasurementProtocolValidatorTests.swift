import Intake
import JSONTape
import RelayModel
import Testing

@Suite("What the debug route says of a Measurement Protocol body")
struct MeasurementProtocolValidatorTests {
    /// 2026-11-21T12:00:00Z in microseconds: the time of receipt.
    private static let now: Int64 = 1_795_262_400_000_000

    private func messages(_ body: String, query: String = "measurement_id=G-1&api_secret=s") -> [ValidationMessage] {
        var parser = JSONTapeParser()
        var tape = EventTape()
        return MeasurementProtocolValidator.validate(
            Array(body.utf8).span, query: tape.append(query.utf8), receivedAtMicros: Self.now, parser: &parser,
            tape: &tape)
    }

    /// Code and path of each finding.
    private func findings(_ body: String, query: String = "measurement_id=G-1") -> [String] {
        messages(body, query: query).map {
            $0.fieldPath.isEmpty ? $0.code.rawValue : "\($0.code.rawValue) \($0.fieldPath)"
        }
    }

    private func event(_ members: String) -> String { #"{"client_id":"1.2","events":[{"name":"a",\#(members)}]}"# }

    private func parameters(_ members: String, root: String = "") -> String {
        #"{"client_id":"1.2",\#(root)"events":[{"name":"a","params":{\#(members)}}]}"#
    }

    @Test("a good body gives no finding")
    func good() {
        let hash = String(repeating: "ab", count: 32)
        let body = """
            {"client_id":"1.2","user_id":"u","timestamp_micros":"\(Self.now - 1_000_000)","non_personalized_ads":false,
             "user_properties":{"tier":{"value":"gold"}},"consent":{"ad_user_data":"GRANTED","ad_personalization":"DENIED"},
             "user_data":{"sha256_email_address":["\(hash)"],"address":[{"sha256_first_name":"\(hash)","country":"US"}]},
             "user_location":{"city":"Rome"},"ip_override":"2001:db8::1","device":{"category":"mobile"},
             "validation_behavior":"ENFORCE_RECOMMENDATIONS",
             "events":[{"name":"purchase","timestamp_micros":\(Self.now),"params":{"transaction_id":"T","value":9.5,
              "currency":"EUR","session_id":"1","page_location":"https://shop.example/\(String(repeating: "x", count: 300))",
              "items":[{"item_id":"A","item_name":"Mug","price":9.5,"quantity":1,"size":"L"}]}}]}
            """
        #expect(messages(body).isEmpty)
    }

    @Test(
        "what is no body gives one finding",
        arguments: [
            ("", ["VALUE_INVALID"]), ("{", ["VALUE_INVALID"]), ("[]", ["VALUE_INVALID"]), ("a=b", ["VALUE_INVALID"]),
            ("{}", ["VALUE_REQUIRED client_id", "VALUE_REQUIRED events"]),
            (#"{"client_id":"","events":[]}"#, ["VALUE_REQUIRED client_id", "VALUE_REQUIRED events"]),
            (#"{"client_id":"1","events":{}}"#, ["VALUE_INVALID events"]),
            (#"{"client_id":"1","events":[7,{}]}"#, ["VALUE_INVALID events", "VALUE_REQUIRED events"]),
        ])
    func bodies(_ body: String, _ expected: [String]) { #expect(findings(body) == expected) }

    @Test(
        "root members",
        arguments: [
            (#""user_id":7"#, ["VALUE_INVALID user_id"]),
            (#""timestamp_micros":"soon""#, ["VALUE_INVALID timestamp_micros"]),
            (#""timestamp_micros":1"#, ["VALUE_OUT_OF_BOUNDS timestamp_micros"]),
            (#""timestamp_micros":1795262800000000"#, ["VALUE_OUT_OF_BOUNDS timestamp_micros"]),
            (#""timestamp_micros":1795003200000000"#, []),
            (#""timestamp_micros":1795003199999999"#, ["VALUE_OUT_OF_BOUNDS timestamp_micros"]),
            (#""consent":{"ad_user_data":"yes"}"#, ["VALUE_INVALID consent.ad_user_data"]),
            (#""consent":{"ads":"GRANTED"}"#, ["VALUE_INVALID consent.ads"]),
            (#""consent":true"#, ["VALUE_INVALID consent"]),
            (
                #""user_data":{"sha256_email_address":"jane@example.com"}"#,
                ["VALUE_INVALID user_data.sha256_email_address"]
            ),
            (
                #""user_data":{"address":{"sha256_last_name":["x"]}}"#,
                ["VALUE_INVALID user_data.address.sha256_last_name"]
            ),
            (#""ip_override":"nowhere""#, ["VALUE_INVALID ip_override"]),
            (#""validation_behavior":"STRICT""#, ["VALUE_INVALID validation_behavior"]),
            (#""session_id":"1""#, ["VALUE_INVALID session_id"]),
            (#""user_properties":{"p":{"value":1},"p":{"value":2}}"#, ["NAME_DUPLICATED user_properties.p"]),
            (#""user_properties":{"p":1}"#, ["VALUE_REQUIRED user_properties.p"]),
            (#""user_properties":{"first_open_time":{"value":1}}"#, ["NAME_RESERVED user_properties.first_open_time"]),
            (#""user_properties":{"google_p":{"value":1}}"#, ["NAME_RESERVED user_properties.google_p"]),
        ] as [(String, [String])])
    func rootMembers(_ members: String, _ expected: [String]) {
        #expect(findings(#"{"client_id":"1.2",\#(members),"events":[{"name":"a"}]}"#) == expected)
    }

    @Test(
        "event names",
        arguments: [
            ("add_to_cart", nil), ("_badname", "NAME_INVALID"), ("1st", "NAME_INVALID"), ("a-b", "NAME_INVALID"),
            ("sp ace", "NAME_INVALID"), ("ad_click", "NAME_RESERVED"), ("session_start", "NAME_RESERVED"),
            ("firebase_x", "NAME_RESERVED"), ("ga_x", "NAME_RESERVED"), ("google_x", "NAME_RESERVED"),
            ("gtag.x", "NAME_RESERVED"), ("gt", nil), (String(repeating: "n", count: 40), nil),
            (String(repeating: "n", count: 41), "NAME_INVALID"),
        ] as [(String, String?)])
    func eventNames(_ name: String, _ code: String?) {
        let found = findings(#"{"client_id":"1.2","events":[{"name":"\#(name)"}]}"#)
        #expect(found == (code.map { ["\($0) events"] } ?? []))
    }

    @Test("Google's own example reads as Google's does")
    func googlesExample() {
        let found = messages(#"{"client_id":"1.2","events":[{"name":"_badname"}]}"#)
        #expect(
            found.map(\.description)
                == ["Event at index: [0] has invalid name [_badname]. Names must start with an alphabetic character."])
    }

    @Test("the limits hold at the bound and break behind it")
    func limits() {
        func list(_ count: Int, _ part: (Int) -> String) -> String { (0..<count).map(part).joined(separator: ",") }
        func events(_ count: Int) -> String {
            "{\"client_id\":\"1\",\"events\":[" + list(count) { _ in "{\"name\":\"a\"}" } + "]}"
        }
        func items(_ count: Int) -> String {
            parameters("\"items\":[" + list(count) { _ in "{\"item_id\":\"A\"}" } + "]")
        }
        func properties(_ count: Int) -> String {
            "{\"client_id\":\"1\",\"user_properties\":{" + list(count) { "\"p\($0)\":{\"value\":1}" }
                + "},\"events\":[{\"name\":\"a\"}]}"
        }
        func value(_ length: Int) -> String { parameters("\"x\":\"" + String(repeating: "ü", count: length) + "\"") }
        func property(_ length: Int) -> String {
            "{\"client_id\":\"1\",\"user_properties\":{\"p\":{\"value\":\"" + String(repeating: "v", count: length)
                + "\"}},\"events\":[{\"name\":\"a\"}]}"
        }
        func user(_ length: Int) -> String {
            "{\"client_id\":\"1\",\"user_id\":\"" + String(repeating: "u", count: length)
                + "\",\"events\":[{\"name\":\"a\"}]}"
        }
        func own(_ count: Int) -> String {
            parameters("\"items\":[{\"item_id\":\"A\"," + list(count) { "\"own\($0)\":1" } + "}]")
        }
        let cases: [((Int) -> String, Int, String)] = [
            (events, 25, "EXCEEDED_MAX_ENTITIES events"),
            ({ parameters(list($0) { "\"p\($0)\":1" }) }, 25, "EXCEEDED_MAX_ENTITIES events.params"),
            (items, 200, "EXCEEDED_MAX_ENTITIES events.params.items"),
            (properties, 25, "EXCEEDED_MAX_ENTITIES user_properties"),
            (value, 100, "VALUE_OUT_OF_BOUNDS events.params.x"),
            (property, 36, "VALUE_OUT_OF_BOUNDS user_properties.p.value"), (user, 256, "VALUE_OUT_OF_BOUNDS user_id"),
            (own, 27, "EXCEEDED_MAX_ENTITIES events.params.items"),
        ]
        for (body, bound, finding) in cases {
            #expect(findings(body(bound)) == [], "\(finding) at \(bound)")
            #expect(findings(body(bound + 1)) == [finding])
        }
    }

    @Test("a body of 130 kB is too large")
    func size() {
        let small = #"{"client_id":"1.2","events":[{"name":"a"}]}"#
        #expect(findings(small + String(repeating: " ", count: 129_999 - small.utf8.count)) == [])
        #expect(findings(small + String(repeating: " ", count: 130_000 - small.utf8.count)) == ["VALUE_OUT_OF_BOUNDS"])
    }

    @Test(
        "parameters",
        arguments: [
            (#""a":1,"b":2,"a":3"#, ["NAME_DUPLICATED events.params.a"]),
            (#""_x":1"#, ["NAME_INVALID events.params._x"]), (#""ga_x":1"#, ["NAME_RESERVED events.params.ga_x"]),
            (#""items":{}"#, ["VALUE_INVALID events.params.items"]),
            (#""items":[7]"#, ["VALUE_INVALID events.params.items"]),
            (#""items":[{"item_id":"A","item_id":"B"}]"#, ["NAME_DUPLICATED events.params.items.item_id"]),
            (#""ip_override":"x""#, ["VALUE_INVALID events.params.ip_override"]),
            (#""nested":{"a":1},"value":"9,50""#, []),
        ] as [(String, [String])])
    func parameterRules(_ members: String, _ expected: [String]) { #expect(findings(parameters(members)) == expected) }

    @Test(
        "recommendations are told only where they are asked for",
        arguments: [
            (#""nested":{"a":1}"#, ["VALUE_INVALID events.params.nested"]),
            (#""value":"9","currency":"EUR""#, ["VALUE_INVALID events.params.value"]),
            (#""value":9"#, ["VALUE_REQUIRED events.params.currency"]),
            (#""currency":"EURO""#, ["VALUE_INVALID events.params.currency"]),
            (#""items":[{"price":1}]"#, ["VALUE_REQUIRED events.params.items"]),
        ] as [(String, [String])])
    func recommendations(_ members: String, _ expected: [String]) {
        #expect(findings(parameters(members)) == [])
        let root = #""validation_behavior":"ENFORCE_RECOMMENDATIONS","#
        #expect(findings(parameters(members, root: root)) == expected)
    }

    @Test("an app's body needs an app instance id of 32 hex digits in place of a client id")
    func app() {
        let app = "firebase_app_id=1:2:ios:3"
        #expect(
            findings(#"{"client_id":"1","events":[{"name":"a"}]}"#, query: app) == ["VALUE_REQUIRED app_instance_id"])
        let short = #"{"app_instance_id":"abcd","events":[{"name":"a"}]}"#
        #expect(findings(short, query: app) == ["VALUE_INVALID app_instance_id"])
        let good = #"{"app_instance_id":"0123456789abcdef0123456789ABCDEF","events":[{"name":"a"}]}"#
        #expect(findings(good, query: app) == [])
        #expect(findings(good) == ["VALUE_REQUIRED client_id"])
    }

    @Test("neither secret nor ids of the stream are looked at")
    func secrets() { #expect(findings(#"{"client_id":"1","events":[{"name":"a"}]}"#, query: "") == []) }

    @Test("a body with endless faults gives a bounded answer")
    func bounded() {
        let events = (0..<2_000).map { _ in "{\"name\":\"_\"}" }.joined(separator: ",")
        #expect(messages("{\"client_id\":\"1\",\"events\":[\(events)]}").count == 100)
    }

    @Test("no finding holds a value")
    func privacy() {
        let found = messages(
            #"{"client_id":"1","user_data":{"sha256_email_address":"jane@example.com"},"user_id":7,"ip_override":"s3cret","events":[{"name":"a","params":{"x":"\#(String(repeating: "s3cret", count: 30))"}}]}"#
        )
        #expect(found.count == 4)
        #expect(!found.contains { $0.description.contains("jane") || $0.description.contains("s3cret") })
    }
}
