import MappingLanguage
import Testing

@Suite("Trigger event names")
struct TriggerNamesTests {
    @Test("the names outside which a trigger cannot be true are told where they can be", arguments: segmentCases)
    func segment(_ trigger: String, _ names: [String]?) throws {
        #expect(try Trigger(trigger).eventNames(atPath: "event") == names)
    }

    @Test("the path is the caller's")
    func path() throws {
        let trigger = try Trigger(#"event_name in ["purchase", "refund"] and a.b = "c""#)
        #expect(trigger.eventNames(atPath: "event_name") == ["purchase", "refund"])
        #expect(trigger.eventNames(atPath: "a.b") == ["c"])
        #expect(trigger.eventNames(atPath: "event") == nil)
    }

    @Test("an event of another name is never taken", arguments: TriggerTableTests.rows)
    func sound(_ row: TableRow) throws {
        guard let trigger = try? Trigger(row.trigger), let names = trigger.eventNames(atPath: "event") else { return }
        if !names.contains("Product Added") { #expect(try !judge(row.trigger)) }
    }

    static let segmentCases: [(String, [String]?)] = [
        (#"event = "A""#, ["A"]), (#""A" = event"#, ["A"]), (#"event == 'A'"#, ["A"]), (#"type = "track""#, nil),
        (#"type = "track" AND event = "A""#, ["A"]), (#"type = "track", event = "A""#, ["A"]),
        (#"event = "A" or event = "B" or event = "A""#, ["A", "B"]), (#"event in ["B", "A"]"#, ["B", "A"]),
        (#"event in ["A", null]"#, nil), (#"event in ["A", 5]"#, nil), ("event in []", []), ("event in names", nil),
        (#"event = "A" or type = "page""#, nil), (#"event = "A" and (x or y)"#, ["A"]),
        (#"event in ["A", "B"] and event in ["B", "C"]"#, ["B"]), (#"event = "A" and event = "B""#, []),
        (#"event != "A""#, nil), (#"!(event != "A")"#, ["A"]), (#"!(event = "A")"#, nil),
        (#"not (event != "A" and event != "B")"#, ["A", "B"]), (#"not (event != "A" or x)"#, ["A"]),
        (#"lowercase(event) = "a""#, nil), (#"contains(event, "A")"#, nil), (#"event = null"#, nil), ("false", []),
        ("true", nil), (#"false or event = "A""#, ["A"]), (#"name = "A""#, nil), (#"properties.event = "A""#, nil),
        (#"(type = "track" and event = "A") or (type = "screen" and event = "B")"#, ["A", "B"]),
        ("type = track", nil),
    ]
}
