import Intake
import JSONTape
import RelayModel
import Testing

@Suite("Pinterest-shaped events")
struct PinterestEventsAdapterTests {
    private static let head = #""event_name":"checkout","action_source":"web","event_time":1795262400,"event_id":"e1""#
    private static let user = #""user_data":{"em":["x"]}"#

    private func items(
        _ body: String, _ limits: PinterestEventsLimits = PinterestEventsLimits()
    ) throws -> [IntakeItem] {
        var adapter = PinterestEventsAdapter(limits: limits)
        var parser = JSONTapeParser()
        var tape = EventTape()
        var items: [IntakeItem] = []
        let call = IntakeCall(route: .pinterestEvents, isPost: true, facts: CallFacts(receivedAtMicros: 1))
        try adapter.decode(call, body: Array(body.utf8).span, parser: &parser, tape: &tape, into: &items)
        return items
    }

    /// What is wrong with the only event; empty when it is fit.
    private func fault(_ event: String) throws -> String {
        let decoded = try decode(PinterestEventsAdapter(), .pinterestEvents, body: "{\"data\":[\(event)]}")
        return decoded.first?.reason.map { "\($0.rawValue): \(decoded[0].detail)" } ?? ""
    }

    private func fault(custom: String) throws -> String {
        try fault("{\(Self.head),\(Self.user),\"custom_data\":{\(custom)}}")
    }

    @Test("every field of the upstream's schema is taken")
    func complete() throws {
        let event = """
            {"event_name":"checkout","action_source":"app_ios","event_time":1795262400,"event_id":"e1",
             "event_source_url":null,"opt_out":false,"partner_name":"ss-x","language":"en","wifi":true,"app_id":"1",
             "app_name":null,"app_version":"2","device_brand":"b","device_carrier":"c","device_model":"m",
             "device_type":"t","os_version":"3","app_info":{},"device_info":{"any":1},
             "user_data":{"em":[],"ph":["1"],"ge":["f"],"db":["x"],"ln":["x"],"fn":["x"],"ct":["x"],"st":["x"],"zp":["x"],
              "country":["x"],"external_id":["x"],"hashed_maids":["x"],"client_ip_address":"203.0.113.9",
              "client_user_agent":"UA","click_id":"dj0~%-._","partner_id":null,"customer_type":"new"},
             "custom_data":{"currency":"EUR","value":"12.50","content_ids":["A"],"contents":[{"id":"A","item_price":"1",
              "quantity":1,"item_name":"n","item_category":"c","item_brand":"b"},{}],"num_items":1,"order_id":"o",
              "search_string":"s","opt_out_type":null,"content_name":"n","content_category":"c","content_brand":"b",
              "predicted_ltv":"1","np":"x","external_measurement_id":"m","external_measurement_vendor_id":7}}
            """
        #expect(try fault(event) == "")
        let decoded = try decode(PinterestEventsAdapter(), .pinterestEvents, body: "{\"data\":[\(event)]}")
        #expect(decoded.map(\.kind) == [.pinterestEvent])
        #expect(decoded.map(\.name) == ["checkout"])
    }

    @Test(
        "an event that lacks a required field fails",
        arguments: ["event_name", "action_source", "event_time", "event_id", "user_data"])
    func required(_ name: String) throws {
        let members = [
            "event_name": "\"checkout\"", "action_source": "\"web\"", "event_time": "1", "event_id": "\"e\"",
            "user_data": "{}",
        ]
        let event = members.filter { $0.key != name }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        #expect(try fault("{\(event)}") == "schema: \(name) is required")
    }

    @Test(
        "an event-level value of the wrong type or form fails",
        arguments: [
            ("event_name", "7", "must be a string"), ("event_id", "null", "must be a string"),
            ("event_id", "\" \"", "must not be empty"), ("event_time", "\"1795262400\"", "must be an integer"),
            ("event_time", "1.5", "must be an integer"),
            ("action_source", "\"site\"", "must be one of web, app_android, app_ios, offline"),
            ("opt_out", "\"true\"", "must be a boolean"), ("opt_out", "null", "must be a boolean"),
            ("language", "\"en-US\"", "must be a two-letter code"), ("app_info", "[]", "must be an object"),
            ("event_name", "\"jane@example.com\"", "must be a standard name, or 1 to 100 letters, digits, '_' and '-'"),
            ("custom_data", "7", "must be an object"),
        ])
    func types(_ name: String, _ value: String, _ rule: String) throws {
        #expect(try fault("{\(Self.head),\(Self.user),\"\(name)\":\(value)}") == "schema: \(name) \(rule)")
    }

    @Test(
        "custom_data is closed and typed",
        arguments: [
            (#""value":12.5"#, "custom_data.value must be a string"),
            (#""value":"12,50""#, "custom_data.value must be a decimal number as text"),
            (#""predicted_ltv":"1e3""#, "custom_data.predicted_ltv must be a decimal number as text"),
            (#""num_items":"1""#, "custom_data.num_items must be an integer"),
            (#""content_ids":"A""#, "custom_data.content_ids must be an array of strings"),
            (#""content_ids":[1]"#, "custom_data.content_ids must be an array of strings"),
            (#""contents":{}"#, "custom_data.contents must be an array of objects"),
            (#""contents":[7]"#, "custom_data.contents must be an object"),
            (#""contents":[{"id":1}]"#, "custom_data.contents.id must be a string"),
            (#""contents":[{"item_price":"x"}]"#, "custom_data.contents.item_price must be a decimal number as text"),
            (#""contents":[{"size":"L"}]"#, "custom_data.contents.size is not a field of the upstream's schema"),
            (#""category_name":"x""#, "custom_data.category_name is not a field of the upstream's schema"),
            (#""jane@example.com":"x""#, "custom_data.<masked> is not a field of the upstream's schema"),
            (#""content_ids":null"#, "custom_data.content_ids must be an array of strings"),
        ])
    func customData(_ members: String, _ detail: String) throws {
        #expect(try fault(custom: members) == "schema: \(detail)")
    }

    @Test("an unknown key fails an event, but not in user_data, which is open upstream")
    func unknownKeys() throws {
        let stranger = "\"advertiser_tracking_enabled\":true"
        #expect(
            try fault("{\(Self.head),\(Self.user),\(stranger)}")
                == "schema: advertiser_tracking_enabled is not a field of the upstream's schema")
        #expect(try fault("{\(Self.head),\"user_data\":{\(stranger)}}") == "")
        #expect(
            try fault("{\(Self.head),\"user_data\":{\"em\":\"x\"}}")
                == "schema: user_data.em must be an array of strings")
        #expect(
            try fault("{\(Self.head),\"user_data\":{\"click_id\":\"a b\"}}")
                == "schema: user_data.click_id must be up to 512 letters, digits and _.~%-")
    }

    @Test("one event's fault leaves the others alone, in their order")
    func mixed() throws {
        let good = "{\(Self.head),\(Self.user)}"
        let decoded = try decode(
            PinterestEventsAdapter(), .pinterestEvents,
            body: "{\"data\":[\(good),7,{\"event_name\":\"lead\",\"event_id\":\"e2\"},\(good)]}")
        #expect(decoded.map(\.reason) == [nil, .notAnEvent, .schema, nil])
        #expect(decoded[2].name == "lead" && decoded[2].messageID == "e2")
        #expect(decoded.allSatisfy { $0.kind == nil || $0.messageID.isEmpty })
    }

    @Test(
        "a body that is no list of events is refused whole",
        arguments: [
            ("", IntakeFault.emptyBody), ("{", .malformedJSON), ("[]", .notAnObject), ("{}", .dataMissing),
            (#"{"data":[]}"#, .dataMissing), (#"{"data":{}}"#, .dataMissing), (#"{"data":null}"#, .dataMissing),
            (#"{"data":[{}],"test":true}"#, .unexpectedMember),
        ])
    func refused(_ body: String, _ fault: IntakeFault) { #expect(throws: fault) { try items(body) } }

    @Test("limits are kept")
    func limits() throws {
        let thousand = "{\"data\":[" + Array(repeating: "{}", count: 1_000).joined(separator: ",") + "]}"
        #expect(try items(thousand).count == 1_000)
        #expect(throws: IntakeFault.tooManyItems) { try items(thousand.dropLast(2) + ",{}]}") }
        var limits = PinterestEventsLimits()
        limits.eventByteCount = 200
        let large = "{\(Self.head),\(Self.user),\"app_name\":\"\(String(repeating: "x", count: 200))\"}"
        guard case .bad(let bad) = try items("{\"data\":[\(large)]}", limits).first else {
            Issue.record("a large event is a bad item")
            return
        }
        #expect(bad.reason == .tooLarge)
        limits.byteCount = 10
        #expect(throws: IntakeFault.bodyTooLarge) { try items(thousand, limits) }
    }

    @Test(
        "the path names its account",
        arguments: [
            ("/v5/ad_accounts/549755885175/events", "549755885175"), ("/v5/ad_accounts/x/events", "x"),
            ("/v5/ad_accounts//events", nil), ("/v5/ad_accounts/1/2/events", nil), ("/v5/ad_accounts/events", nil),
            ("/v5/ad_accounts/1/events/", nil), ("/v5/ad_accounts/1", nil), ("/v4/ad_accounts/1/events", nil),
        ] as [(String, String?)])
    func path(_ path: String, _ account: String?) {
        let bytes = Array(path.utf8)
        let range = PinterestEventsPath.accountID(in: bytes.span)
        #expect(range.map { String(decoding: bytes[$0], as: UTF8.self) } == account)
        let route = IntakeRoute(path: bytes.span)
        #expect(route == (account == nil ? nil : .pinterestEvents))
    }
}
