import RelayModel
import RelayTestKit
import Testing

@Suite("The event tape")
struct EventTapeTests {
    @Test("built values read back as JSON")
    func building() {
        var tape = EventTape()
        let root = tape.openObject()
        tape.key("list")
        tape.openArray()
        tape.integer(-3)
        tape.bool(true)
        tape.null()
        tape.decimal(tape.append("1.50".utf8))
        tape.openObject()
        tape.close()
        tape.close()
        tape.key(tape.append("näme".utf8))
        tape.string(copying: "v\"x".utf8)
        tape.close()
        #expect(renderJSON(tape, root) == #"{"list":[-3,true,null,1.50,{}],"näme":"v\"x"}"#)
    }

    @Test("a copied value is the same elsewhere, containers and raw numbers included")
    func copying() throws {
        let json = #"{"a":[{"b":7},[],{"c":[1.5,18446744073709551615,"x"]}],"d":{}}"#
        try withTape(json) { tape, root in
            let outer = tape.openArray()
            tape.copy(root)
            tape.copy(root)
            tape.close()
            #expect(renderJSON(tape, outer) == "[\(json),\(json)]")
            #expect(renderJSON(tape, root) == json)
        }
    }

    @Test("a member's key can be shared")
    func sharedKey() throws {
        try withTape(#"{"kind":1}"#) { tape, root in
            let copy = tape.openObject()
            let member = tape.firstMember(root)
            tape.key(of: try #require(member))
            tape.bool(false)
            tape.close()
            #expect(renderJSON(tape, copy) == #"{"kind":false}"#)
        }
    }

    @Test("the last member of a name wins, and nulls count as absent on a path")
    func members() throws {
        try withTape(#"{"a":1,"a":2,"n":null,"o":{"p":{"q":"x"}},"s":"t"}"#) { tape, root in
            #expect(tape.member(root, "a").flatMap { tape.integer($0) } == 2)
            #expect(tape.member(root, "n") != nil)
            #expect(tape.value(root, "n") == nil)
            #expect(tape.value(root, "o", "p", "q").map { tape.copyString(tape.string($0)) } == "x")
            #expect(tape.value(root, "o", "x", "q") == nil)
            #expect(tape.value(root, "s", "t") == nil)
            #expect(tape.memberCount(root) == 5)
        }
    }

    @Test("a value of another kind answers absent")
    func otherKinds() throws {
        try withTape(#"["1",1,true,null,{},[]]"#) { tape, root in
            var cursor = tape.firstElement(root)
            var texts = 0
            while let node = cursor {
                texts += tape.string(node).isEmpty ? 0 : 1
                #expect(tape.firstMember(node) == nil)
                #expect(tape.firstElement(node) == nil)
                cursor = tape.nextElement(after: node, in: root)
            }
            #expect(texts == 1)
            #expect(tape.elementCount(root) == 6)
        }
    }

    @Test(
        "numbers become decimal text without exponent",
        arguments: [
            ("0", "0"), ("-0.0", "0"), ("1.10", "1.1"), ("3.0", "3"), ("1e3", "1000"), ("1.5e-7", "0.00000015"),
            ("-2.5e20", "-250000000000000000000"), ("1e-300", ""), ("12345678901234567890", "12345678901234567890"),
            ("0.1", "0.1"), ("9007199254740993", "9007199254740993"), ("1e21", "1000000000000000000000"),
            ("123456.789e3", "123456789"),
        ])
    func numberText(_ number: String, _ text: String) throws {
        try withTape("[\(number)]") { tape, root in
            let first = tape.firstElement(root)
            let node = try #require(first)
            #expect(tape.copyString(tape.numberText(node)) == text)
            #expect(tape.copyNumberText(node) == text)
        }
    }

    @Test(
        "a text is a number only by JSON's grammar",
        arguments: [
            ("1", "1"), ("-1.50", "-1.50"), ("0.5", "0.5"), ("1e2", "100"), ("1E+2", "100"), ("1e400", "\"1e400\""),
            ("01", "\"01\""), ("1.", "\"1.\""), (".5", "\".5\""), ("1,5", "\"1,5\""), ("", "\"\""), ("-", "\"-\""),
            ("+1", "\"+1\""), ("1e", "\"1e\""), ("0x1", "\"0x1\""), ("NaN", "\"NaN\""), ("1 ", "\"1 \""),
        ])
    func numberOrString(_ text: String, _ expected: String) {
        var tape = EventTape()
        let node = tape.numberOrString(tape.append(text.utf8))
        #expect(renderJSON(tape, node) == expected)
    }

    @Test(
        "whole numbers are read exactly or not at all",
        arguments: [
            ("7", 7), ("7.0", 7), ("-7", -7), ("7.5", nil), ("9223372036854775808", nil), ("1e3", 1000), ("1e40", nil),
        ] as [(String, Int64?)])
    func integers(_ number: String, _ value: Int64?) throws {
        try withTape("[\(number)]") { tape, root in
            #expect(tape.firstElement(root).flatMap { tape.integer($0) } == value)
            let decimal = tape.decimal(tape.append(number.utf8))
            if !number.contains("e") { #expect(tape.integer(decimal) == value) }
        }
    }

    @Test("after a reset the tape takes a new document")
    func reset() throws {
        try withTape(#"{"a":1}"#) { tape, root in
            #expect(tape.document == root)
            tape.reset()
            #expect(tape.document == nil)
            #expect(tape.textEnd == 0)
        }
    }

    @Test(
        "the approximate size of a value is that of its compact JSON",
        arguments: [
            #"{"event":"Order Completed","properties":{"list":["one","two","three"],"flag":true,"no":[false,null]}}"#,
            #"{"a":[0,1,10,-1,-10,9223372036854775807,-9223372036854775808,18446744073709551615]}"#,
            #"[1.5,[0.5,[2.5]],{"x":{"y":{"z":7}}}]"#,
        ])
    func size(_ json: String) throws {
        try withTape(json) { tape, root in #expect(tape.approximateByteCount(root) == json.utf8.count) }
    }

    @Test(
        "where it is not exact, the approximate size is too small",
        arguments: [#"["\n\u00e9"]"#, "[1234.5678]", "[1e300]", "[[],{},[{}]]"])
    func sizeIsNoMore(_ json: String) throws {
        try withTape(json) { tape, root in #expect(tape.approximateByteCount(root) < json.utf8.count) }
    }
}
