import RelayModel
import RelayTestKit
import Testing

@Suite("Keys and numbers that are known at run time")
struct EventTapeLookupTests {
    @Test(
        "a member is found by its exact key, the last one where it is repeated",
        arguments: [
            ("a", "4"), ("ab", "2"), ("", "3"), ("é", "[{\"a\":5}]"), ("b", nil), ("aa", nil), ("\"", nil),
        ])
    func named(key: String, expected: String?) throws {
        try withTape(#"{"a":{"b":1},"ab":2,"":3,"a":4,"é":[{"a":5}]}"#) { tape, root in
            let found = tape.member(root, named: Array(key.utf8).span).map { renderJSON(tape, $0) }
            #expect(found == expected)
        }
    }

    @Test("only objects have members", arguments: ["[1]", "\"a\"", "5", "null", "true"])
    func noObject(json: String) throws {
        try withTape(json) { tape, root in
            let found = tape.member(root, named: Array("a".utf8).span)
            #expect(found == nil)
        }
    }

    @Test(
        "a number is written as an integer where it is one",
        arguments: [(3.0, "3", true), (-0.0, "0", true), (2.5, "2.5", false), (1e18, "1000000000000000000", true)])
    func number(value: Double, text: String, isWhole: Bool) {
        var tape = EventTape()
        let before = tape.wordCount
        let node = tape.number(value)
        let isWholeLiteral = tape.isWholeLiteral(node)
        #expect(tape.copyNumberText(node) == text)
        #expect(isWholeLiteral == isWhole)
        #expect(tape.wordCount == before + 2)
    }
}
