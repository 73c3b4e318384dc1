import Mapping
import MappingLanguage
import RelayModel
import Testing

@Suite("Mappings of the configuration")
struct OwnMappingTests {
    private static let shipped = "type = \"track\" and event = \"Order Shipped\""

    private func track(
        _ members: String, _ rules: [MappingRule], settings: MappingSettings = MappingSettings()
    ) throws -> Outcome {
        try map("{\"messageId\":\"m\",\(members)}", .segmentTrack, settings: settings, rules: rules, tracing: true)
    }

    @Test("one takes an event that no table knows, under its own name")
    func takesUnknown() throws {
        let rules = [
            try own("shipped", Self.shipped, "checkout", #"{"custom_data":{"value":{"@path":"$.properties.x"}}}"#)
        ]
        let outcome = try track(#""event":"Order Shipped","properties":{"x":7.5,"value":3,"currency":"EUR"}"#, rules)
        #expect(outcome.name == "checkout")
        #expect(outcome["value"] == "7.5")
        #expect(outcome["currency"] == "EUR")
        #expect(outcome.trace["custom_data.value"] == "properties.x")
        #expect(outcome.mappings == ["shipped"])
        #expect(try track(#""event":"order shipped""#, rules).reason == .unmapped)
    }

    @Test("without an event name it inherits what the tables say, and the preset gives way")
    func inherits() throws {
        let rules = [try own("mine", "type = \"track\" and event = \"Order Completed\"", nil, #"{"language":"de"}"#)]
        let outcome = try track(#""event":"Order Completed""#, rules)
        #expect(outcome.name == "checkout")
        #expect(outcome["language"] == "de")
        #expect(outcome.drops == ["segment-order-completed checkout"])
        #expect(try track(#""event":"Refunded""#, [try own("all", "type = \"track\"", nil)]).reason == .unmapped)
        var settings = MappingSettings()
        settings.unknownNames = .custom
        #expect(
            try track(#""event":"Refunded""#, [try own("all", "type = \"track\"", nil)], settings: settings).name
                == "custom")
    }

    @Test("two events come from one, with the same id; the first of two with the same name stands")
    func fansOut() throws {
        let rules = [
            try own("vip", "type = \"track\" and event = \"Order Completed\"", "lead"),
            try own("vip again", "type = \"track\" and event = \"Order Completed\"", "lead", #"{"language":"fr"}"#),
        ]
        let outcome = try track(#""event":"Order Completed","properties":{"value":3}"#, rules)
        #expect(outcome.events.map { $0["event_name"] } == ["lead", "checkout"])
        #expect(Set(outcome.events.map { $0["event_id"] }) == ["m"])
        #expect(outcome.drops == ["vip again lead"])
        #expect(outcome.events.allSatisfy { $0["language"] == nil })
    }

    @Test("beside a GA4 checkout all results have the order's id, derived ids are shared, and a set id is its own")
    func sharedIDs() throws {
        func purchase(_ members: String, _ fields: String?) throws -> Outcome {
            let rules = [try own("vip", "event_name = \"purchase\"", "lead", fields)]
            return try map(
                "{\"event_name\":\"purchase\",\"client_id\":\"c\"\(members)}", .measurementProtocol, rules: rules)
        }
        let order = try purchase(#","transaction_id":"T-1""#, nil)
        #expect(order.events.map { $0["event_id"] } == ["T-1", "T-1"])
        let derived = try purchase("", #"{"custom_data":{"order_id":"A"}}"#)
        #expect(derived.events.count == 2 && derived.events[0]["event_id"] == derived.events[1]["event_id"])
        let set = try purchase(#","transaction_id":"T-1""#, #"{"event_id":"own"}"#)
        #expect(set.events.map { $0["event_id"] } == ["own", "T-1"])
    }

    @Test("a preset is switched off, renamed, given fields, or replaced by an own mapping of its name")
    func presets() throws {
        let off = MappingRule(
            name: "segment-order-completed", kind: .preset, isEnabled: false, eventName: nil, fields: nil)
        #expect(try track(#""event":"Order Completed""#, [off]).reason == .unmapped)
        #expect(try track(#""event":"Product Added""#, [off]).name == "add_to_cart")
        let fields = MappingRule(
            name: "segment-order-completed", kind: .preset, isEnabled: nil, eventName: nil,
            fields: try fields(#"{"custom_data.order_id":{"@path":"$.properties.number"}}"#))
        let changed = try track(
            #""event":"order_completed","properties":{"number":5,"order_id":"x","value":1}"#, [fields])
        #expect(changed["order_id"] == "5" && changed["value"] == "1" && changed.name == "checkout")
        let renamed = MappingRule(
            name: "segment-page", kind: .preset, isEnabled: nil, eventName: .standard(.viewContent), fields: nil)
        #expect(try map(#"{"messageId":"m"}"#, .segmentPage, rules: [renamed]).name == "view_content")
        let replaced = try own("segment-order-completed", Self.shipped, "checkout")
        #expect(try track(#""event":"Order Completed""#, [replaced]).reason == .unmapped)
        #expect(try track(#""event":"Order Shipped""#, [replaced]).name == "checkout")
        let disabled = try own("segment-order-completed", Self.shipped, "checkout", isEnabled: false)
        #expect(try track(#""event":"Order Completed""#, [disabled]).name == "checkout")
        #expect(try track(#""event":"Order Shipped""#, [disabled]).reason == .unmapped)
    }

    @Test("a switched-off preset does not fall to the option for unknown names, and neither does what is taken")
    func unknownNames() throws {
        var settings = MappingSettings()
        settings.unknownNames = .custom
        let off = MappingRule(
            name: "segment-order-completed", kind: .preset, isEnabled: false, eventName: nil, fields: nil)
        #expect(try track(#""event":"Order Completed""#, [off], settings: settings).reason == .unmapped)
        let taken = try track(#""event":"Order Shipped""#, [try own("s", Self.shipped, "lead")], settings: settings)
        #expect(taken.events.map { $0["event_name"] } == ["lead"])
        #expect(
            try track(#""event":"Other""#, [try own("s", Self.shipped, "lead")], settings: settings).name == "custom")
    }

    @Test(
        "screen, identify, group and alias calls can be taken",
        arguments: [
            (SourceKind.segmentScreen, "screen"), (.segmentIdentify, "identify"), (.segmentGroup, "group"),
            (.segmentAlias, "alias"),
        ])
    func otherTypes(kind: SourceKind, type: String) throws {
        let rules = [try own("t", "type = \"\(type)\"", "signup")]
        #expect(try map(#"{"messageId":"m"}"#, kind, rules: rules).name == "signup")
        let others = SourceKind.allCases.filter { $0.isSegment && $0 != kind && $0 != .segmentPage }
        for other in others { #expect(try map(#"{"messageId":"m"}"#, other, rules: rules).reason != nil) }
    }

    @Test("a mapping that fails gives a failure, holds its name, and leaves the others alone")
    func fails() throws {
        let rules = [
            try own(
                "broken", "type = \"track\"", "checkout",
                #"{"custom_data":{"value":{"@path":{"@path":"$.properties.n"}}}}"#),
            try own("lead", "type = \"track\"", "lead"),
        ]
        let outcome = try track(#""event":"Order Completed","properties":{"n":5}"#, rules)
        #expect(outcome.reason == nil)
        #expect(outcome.events.map { $0["event_name"] } == ["lead"])
        #expect(outcome.failures.count == 1 && outcome.failures.first?.hasPrefix("broken: ") == true)
        #expect(outcome.drops == ["segment-order-completed checkout"])
    }

    @Test("an event name that the fields make is one of Pinterest's, or a failure")
    func madeName() throws {
        let rules = [try own("n", "type = \"track\"", nil, #"{"event_name":{"@path":"$.properties.as"}}"#)]
        #expect(try track(#""event":"x","properties":{"as":"lead"}"#, rules).name == "lead")
        let other = try track(#""event":"x","properties":{"as":"jane@example.com"}"#, rules)
        #expect(other.failures.count == 1 && !other.failures[0].contains("jane"))
    }

    @Test("a time that a mapping sets can keep its own result from being sent, and no other")
    func refusedBeside() throws {
        let rules = [try own("old", "type = \"track\"", "lead", #"{"event_time":"2020-01-01T00:00:00Z"}"#)]
        let outcome = try track(#""event":"Order Completed""#, rules)
        #expect(outcome.events.map { $0["event_name"] } == ["checkout"])
        #expect(outcome.notSent == [.tooOld])
        #expect(try track(#""event":"x""#, rules).reason == .tooOld)
    }
}
