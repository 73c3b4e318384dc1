import MappingLanguage
import Testing

@Suite("Trigger warnings")
struct TriggerWarningTests {
    @Test("what Segment's own reader decides alike has no warning", arguments: silentCases)
    func silent(_ trigger: String) throws {
        #expect(try Trigger(trigger).warnings == [])
    }

    @Test("what it decides otherwise has one, with its place", arguments: warnedCases)
    func warned(_ trigger: String, _ warning: String) throws {
        let warnings = try Trigger(trigger).warnings
        #expect(warnings.contains { $0.hasPrefix(warning) }, "\(warnings)")
    }

    @Test("there are never many")
    func bounded() throws {
        let trigger = (0..<500).map { "x\($0) = '\($0)'" }.joined(separator: " or ")
        #expect(try Trigger(trigger).warnings.count == 20)
    }

    static let silentCases: [String] = [
        #"type = "track""#, #"type="track""#, #"type = "track" and event = "A""#,
        #"type = "track" AND event = "A""#,
        #"type = "track", event = "A""#, #"type = "page" or userId != null or event = "A""#,
        #"type = "track" and (event = "A" or event = "B")"#, #"properties.total >= 42.5"#, "properties.x = true",
        #"contains(properties.a-b, "x")"#, #"match(event, "A*")"#, #"match(event, "*A")"#, #"match(event, "*")"#,
        #"context.page.path != "/cart""#, #"properties.list\ price = 9"#, #"properties.products.\0.price = 5"#,
        #"type = "page" and (type = "track" or contains(event, "Added"))"#, #"event_name = 'purchase' or x OR !y"#,
    ]

    static let warnedCases: [(String, String)] = [
        ("event = 'A'", "column 9: Segment's own reader keeps single quotes"),
        ("type = track", "column 8: `track` without quotes is read as a text"),
        (
            #"event = "A" or event = "B" and userId = "c""#,
            "column 13: here `and` binds tighter than `or`; Segment's own reader joins all conditions of this level by `and`"
        ),
        (
            #"event = "A" OR event = "B""#,
            "column 13: here the conditions are joined by `or`; Segment's own reader joins"
        ),
        (#"event = "A" or(event = "B")"#, "column 13: here the conditions are joined by `or`"),
        (
            #"type = "t", event = "A" or event = "B""#,
            "column 11: here `and` binds tighter than `or`; Segment's own reader joins all conditions of this level by `or`"
        ),
        (#"!(event = "A")"#, "column 1: Segment's own reader ignores `!`"),
        (#"!event = "A""#, "column 1: Segment's own reader ignores"),
        (#"! contains(event, "A")"#, "column 1: Segment's own reader cannot read a `!` with a blank"),
        (#"not event = "A""#, "column 1: Segment's own reader skips `not`"),
        (#"((event = "A"))"#, "column 2: parentheses within parentheses"),
        (
            #"name = "x" and (contains(event, "A") or event = "B")"#,
            "column 38: Segment's own reader ends the group"
        ),
        (#"messageId = "A""#, "column 1: Segment's own reader does not know `messageId` and drops"),
        (#"contains(type, "A")"#, "column 10: Segment's own reader does not take `type` in contains"),
        (#"!match(event, "A*")"#, "column 2: Segment's own reader says no where `event` is missing"),
        (
            #"match(event, "*A*")"#,
            "column 14: here the pattern describes the whole text; Segment's own reader asks whether it begins with `*A`"
        ),
        (#"match(event, "A")"#, "column 14: here the pattern"),
        (#"match(event, "A?B*")"#, "column 14: here the pattern"),
        ("properties.x != 5", "column 17: Segment's own reader says no where the field is missing or no number"),
        ("properties.x != true", "column 17: `!= true` is true for nearly every event"),
        (#"properties.x > "5""#, "column 16: a text is in no order here"),
        ("event = null", "column 9: Segment's own reader compares"),
        ("type != NULL", "column 9: Segment's own reader takes `NULL` for a text"),
        ("event = 5", "column 9: Segment's own reader compares"),
        ("name = true", "column 8: Segment's own reader compares `name` with the text `true`"),
        (#"event == "A""#, "column 7: Segment's own reader never finds anything equal by `==`"),
        (#"event!="A""#, "column 6: Segment's own reader cannot read `!=` without a blank behind it"),
        ("properties.x>5", "column 13: Segment's own reader cannot read `>` without a blank before it"),
        (#"event in ["A"]"#, "column 7: a condition with `in` is never true"),
        ("properties.x = [1]", "column 16: Segment's own reader does not know lists"),
        (#""A" = event"#, "column 1: Segment's own reader does not know a condition that begins with a value"),
        ("properties.x", "column 1: Segment's own reader does not know a field without a comparison"),
        (#"lowercase(event) = "a""#, "column 1: Segment's own reader does not know `lowercase`"),
        ("properties.x = properties.y", "column 16: Segment's own reader compares with the text `properties.y`"),
        (#"properties.a\.b = 1"#, #"column 1: Segment's own reader splits `properties.a\.b`"#),
        ("properties.0 = 1", "column 1: Segment's own reader misreads"),
        (#"event.x = "A""#, "column 1: Segment's own reader takes `event.x` for `event`"),
        ("properties != null", "column 1: Segment's own reader takes `properties` for"),
        (
            "name = \"a\"\r\nand event = \"B\"",
            "line 2, column 1: Segment's own reader cannot read the carriage return"
        ),
    ]
}
