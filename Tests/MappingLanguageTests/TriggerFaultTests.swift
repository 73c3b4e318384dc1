import MappingLanguage
import RelayTestKit
import Testing

@Suite("Trigger faults")
struct TriggerFaultTests {
    @Test("a fault names the column, what was found and what was expected", arguments: placesCases)
    func places(_ trigger: String, _ expected: String?) {
        guard let expected else { return #expect(faultMessage(trigger) == nil) }
        let found = faultMessage(trigger) ?? "no fault"
        #expect(found.hasPrefix(expected), "\(found)")
    }

    @Test("size, nesting and lists are bounded")
    func bounds() throws {
        let long = "x = \"" + String(repeating: "a", count: 65_536) + "\""
        #expect(faultMessage(long) == "the trigger is longer than 65536 bytes")
        let deep = { (depth: Int) in String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth) }
        #expect(try judge(deep(64), #"{"a":true}"#))
        #expect(faultMessage(deep(65)) == "column 65: parentheses nest deeper than 64")
        #expect(faultMessage(deep(30_000)) == "column 65: parentheses nest deeper than 64")
        #expect(faultMessage("a = " + String(repeating: "[", count: 20_000))?.contains("nest deeper than 64") == true)
        #expect(faultMessage(String(repeating: "length(", count: 9000))?.contains("nest deeper than 64") == true)
        let list = { (count: Int) in "a in [" + (0..<count).map(String.init).joined(separator: ",") + "]" }
        #expect(try judge(list(1024), #"{"a":1023}"#))
        #expect(faultMessage(list(1025)) == "column 6: a list of 1025 elements; the most is 1024")
        #expect(try judge(String(repeating: "!", count: 60_000) + "a", #"{"a":true}"#))
        #expect(try judge(String(repeating: "b or ", count: 13_000) + "a", #"{"a":true}"#))
        #expect(
            faultMessage("a = " + String(repeating: "9", count: 400))?.hasSuffix("expected a smaller number") == true)
    }

    @Test("whatever is cut, doubled or shuffled is read or is a fault, and judges every event")
    func mutations() throws {
        let seeds = TriggerTableTests.rows.map { Array($0.trigger.unicodeScalars) }.filter { !$0.isEmpty }
        let marks = Array("()[],!=<>.\\\"'*? \t\r\nandornotin0-+ü$x".unicodeScalars)
        var random = SeededRandom(seed: 4)
        try withTape(cartEvent) { tape, root in
            for _ in 0..<4000 {
                var scalars = seeds.randomElement(using: &random) ?? []
                for _ in 0..<Int.random(in: 1...4, using: &random) where !scalars.isEmpty {
                    let at = Int.random(in: 0..<scalars.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: scalars.remove(at: at)
                    case 1: scalars.insert(marks.randomElement(using: &random) ?? " ", at: at)
                    case 2: scalars.append(contentsOf: scalars[at...])
                    default: scalars.swapAt(at, Int.random(in: 0..<scalars.count, using: &random))
                    }
                }
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars)
                guard let trigger = try? Trigger(String(view)) else { continue }
                _ = trigger.matches(root, on: tape)
                _ = trigger.eventNames(atPath: "event")
            }
        }
    }

    static let placesCases: [(String, String?)] = [
        ("", "the trigger is empty"), (" \n\t ", "the trigger is empty"),
        ("type", nil),
        (
            "type =",
            "column 7: found the end, expected a field, a function, a text in quotes, a number, true, false or null"
        ),
        (
            #"type "track""#,
            "column 6: found `\"track\"`, expected one of = != < <= > >= in, `and`, `or` or the end"
        ),
        (#"type = "track" event = "x""#, "column 16: found `event`, expected `and`, `or` or the end"),
        (
            #"type = "track" and"#,
            "column 19: found the end, expected a field, a function, a text in quotes, a number"
        ),
        (#"and type = "track""#, "column 1: found `and`, expected a field or a value"),
        (#"(type = "track""#, "column 16: found the end, expected `and`, `or` or `)`"),
        (#"type = "track")"#, "column 15: found `)`, expected `and`, `or` or the end"),
        ("()", "column 2: found `)`, expected a field"),
        ("\"track\"", "column 8: found the end, expected one of = !="),
        (#"type = "track"#, "column 8: a text begins here, expected its closing \""),
        (#"x = "say \"hi\"""#, "column 12: found `h`, expected a blank or a sign behind the text"),
        (
            "größe = 1",
            "column 3: found `ö`, expected a blank, a dot or a sign (in a field's name it is escaped: `\\ö`)"
        ),
        ("a[0] = 1", "column 2: found `[`, expected a blank, a dot or a sign (a list's element is written `.0`)"),
        ("$.type = 1", "column 1: found `$`, expected a field, a value, a sign such as = or a parenthesis"),
        ("a. = 1", "column 4: found `=`, expected a field's name behind the dot"),
        ("a = 1e3", "column 5: found `1e3`, expected a number such as 42 or -0.5, without exponent"),
        ("a = 5.", "column 5: found `5.`, expected a number such as"),
        ("a = .5", "column 5: found `.`, expected a field"),
        ("a = -", "column 5: found `-`, expected a number"),
        ("a = 1_000", "column 5: found `1_000`, expected a number"),
        ("a => 1", "column 4: found `>`, expected a field"), ("a <> 1", "column 4: found `>`, expected a field"),
        ("a && b", "column 3: found `&`, expected a field, a value, a sign"),
        ("a = 1 = 1", "column 7: found `=`, expected `and`, `or` or the end"),
        ("a = \\", "column 5: found `\\`, expected"),
        (
            "uppercase(a) = 1",
            "column 1: found `uppercase`, expected a function: contains, match, lowercase, length"
        ),
        ("contains(a)", "column 11: found `)`, expected `,` and the text of contains"),
        ("contains(a, 5)", "column 13: found `5`, expected a text in quotes for contains"),
        ("match(a, b.c)", "column 10: found `b.c`, expected a text in quotes for match"),
        (#"contains(a, "b", "c")"#, "column 16: found `,`, expected `)` behind the text of contains"),
        (#"contains(a, "b") = 5"#, "column 20: found `5`, expected `true` or `false`"),
        (#"lowercase(contains(a, "b")) = 1"#, "column 11: found `contains`, expected a value"),
        ("a in 5", "column 6: found `5`, expected a list such as"),
        ("a in [1,]", "column 9: found `]`, expected a field"),
        ("a in [1 2]", "column 9: found `2`, expected `,` or `]`"),
        ("a in [b.c]", "column 7: found `b.c`, expected a text"),
        ("a in", "column 5: found the end, expected a field"), ("not", "column 4: found the end, expected a field"),
        ("a not in [1]", "column 3: found `not`, expected one of ="),
        ("a = b or or c", "column 10: found `or`, expected a field"),
        ("(a) = true", "column 5: found `=`, expected `and`, `or` or the end"),
        ("type = \"a\"\nand x = = 1", "line 2, column 9: found `=`, expected a field"),
        ("\\ä = 'ü' and % 1", "column 14: found `%`, expected a field"),
        ("a\u{0} = 1", "column 2: found `\u{0}`, expected"),
    ]
}
