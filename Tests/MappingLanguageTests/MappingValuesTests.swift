import JSONTape
import MappingLanguage
import RelayModel
import RelayTestKit
import Testing

/// `mapping-language.md` 1.1.
@Suite("Values of a mapping")
struct MappingValuesTests {
    @Test(
        "constants stand for themselves",
        arguments: [
            "7", "-7", "1.25", "true", "false", "null", "\"\"", "\"$.event\"", "\"{{event}}\"", "[]", "{}",
            "[1,[\"a\",{\"b\":null}]]", "{\"_metadata\":{\"label\":\"x\"},\"a\":1}",
        ])
    func constants(json: String) throws {
        #expect(try outcome(of: json) == .value(json))
    }

    @Test("every kind of value stays what it is, and only absent keys go")
    func kept() throws {
        let mapping = #"{"a":null,"b":"","c":0,"d":false,"e":{},"f":[],"g":{"@path":"nope"}}"#
        #expect(try outcome(ofRoot: mapping) == .value(#"{"a":null,"b":"","c":0,"d":false,"e":{},"f":[]}"#))
    }

    @Test("a list keeps the place of an absent element")
    func holes() throws {
        #expect(try outcome(of: #"[{"@path":"nope"},1,{"@path":"nope"}]"#) == .value("[null,1,null]"))
    }

    @Test("absent keys go at all depths, within lists too")
    func depths() throws {
        #expect(try outcome(of: #"{"a":[{"b":{"c":{"@path":"nope"}}}]}"#) == .value(#"{"a":[{"b":{}}]}"#))
    }

    @Test("whole numbers are whole however they are written", arguments: [("3.0", "3"), ("1e3", "1000"), ("-0", "0")])
    func wholeNumbers(written: String, expected: String) throws {
        let mapping = try CompiledMapping(.object([MappingMember("n", .number(written))]))
        try withTape("{}") { tape, root in
            let result = try mapping.resolve(root, on: &tape)
            let object = try #require(result)
            let member = tape.value(object, "n")
            let number = try #require(member)
            let isWhole = tape.isWholeLiteral(number)
            #expect(isWhole)
            #expect(tape.copyNumberText(number) == expected)
        }
    }

    @Test("a repeated key counts once, with its last value at the first one's place")
    func repeatedKeys() throws {
        let mapping = #"{"a":1,"b":2,"a":3}"#
        #expect(try outcome(ofRoot: mapping) == .value(#"{"a":3,"b":2}"#))
        #expect(try CompiledMapping(mappingValue(mapping)).rootKeys == ["a", "b"])
    }

    @Test("the event must be an object", arguments: ["[1]", "\"x\"", "null", "5"])
    func eventKind(event: String) throws {
        let mapping = try CompiledMapping(mappingValue(#"{"a":1}"#))
        try withTape("{\"e\":\(event)}") { tape, root in
            let member = tape.member(root, "e")
            let fault = runFault(of: mapping, on: try #require(member), &tape)
            #expect(fault != nil)
        }
    }

    @Test("a root that is a directive may yield any value")
    func directiveRoot() throws {
        #expect(try outcome(ofRoot: #"{"@path":"properties.tags"}"#) == .value(#"["new","red"]"#))
        #expect(try outcome(ofRoot: #"{"@path":"nope"}"#) == .absent)
        #expect(try outcome(ofRoot: #"{"@literal":null}"#) == .value("null"))
    }

    @Test("a root that is no object is refused", arguments: ["[]", "\"x\"", "5", "null", "true"])
    func otherRoots(root: String) throws {
        #expect(try outcome(ofRoot: root) == .refused)
    }

    @Test("the root directive takes all other root keys as its mapping")
    func rootDirective() throws {
        let mapping = #"""
            {"__segment_internal_directive": {"@transform": {"apply": {"@path": "properties"}}},
             "o": {"@path": "order"}, "e": {"@path": "event"}}
            """#
        #expect(try outcome(ofRoot: mapping) == .value(#"{"o":"SO-10-77"}"#))
        #expect(try CompiledMapping(mappingValue(mapping)).rootKeys == nil)
    }

    @Test(
        "a root directive of another form is refused, and the part that is wrong named",
        arguments: [
            ("5", "/__segment_internal_directive should be an object with a single directive."),
            (
                #"{"@transform":{},"@literal":{}}"#,
                "/__segment_internal_directive should be an object with a single directive."
            ),
            (
                #"{"@transform":5}"#,
                "/__segment_internal_directive/@transform should be an object but it is a number."
            ),
        ])
    func badRootDirective(value: String, fault: String) throws {
        #expect(try faults(of: "{\"__segment_internal_directive\":\(value),\"a\":1}") == [fault])
    }

    @Test("the root's keys are told where they are known") func rootKeys() throws {
        #expect(try CompiledMapping(mappingValue(#"{"b":1,"a":{"@path":"x"}}"#)).rootKeys == ["b", "a"])
        #expect(try CompiledMapping(mappingValue(#"{"@literal":{"a":1}}"#)).rootKeys == nil)
    }

    @Test("the paths that it reads are told, as a whole and by key")
    func paths() throws {
        let mapping = try CompiledMapping(
            mappingValue(
                #"""
                {"a": {"@path": "$.properties['list price']"}, "b": {"@template": "{{{x.y}}} {{ z }} {{x.y}}"},
                 "c": {"@arrayPath": ["$.properties.products", {"id": {"@path": "$.sku"}, "all": {"@path": "$."}}]},
                 "d": {"@transform": {"apply": {"q": {"@path": "l[0].m"}}, "mapping": {"@path": "q"}}},
                 "e": {"@if": {"exists": {"@path": "userId"}, "then": {"@path": "$."}, "else": 5}}}
                """#))
        #expect(mapping.paths(ofKey: "a") == ["properties.list price"])
        #expect(mapping.paths(ofKey: "b") == ["x.y", "z"])
        let products = ["properties.products", "properties.products[].sku", "properties.products[]"]
        #expect(mapping.paths(ofKey: "c") == products)
        #expect(mapping.paths(ofKey: "d") == ["l[0].m"])
        #expect(mapping.paths(ofKey: "e") == ["userId", "$."])
        #expect(mapping.paths == ["properties.list price", "x.y", "z"] + products + ["l[0].m", "userId", "$."])
    }

    @Test("one mapping serves many events on one tape")
    func manyEvents() throws {
        let mapping = try CompiledMapping(mappingValue(#"{"a":{"@path":"n"},"b":{"@template":"<{{n}}>"}}"#))
        try withTape(#"[{"n":1},{"n":"x"},{}]"#) { tape, root in
            var results: [String] = []
            var cursor = tape.firstElement(root)
            while let event = cursor {
                cursor = tape.nextElement(after: event, in: root)
                let result = try mapping.resolve(event, on: &tape)
                results.append(renderJSON(tape, try #require(result)))
            }
            #expect(results == [#"{"a":1,"b":"<1>"}"#, #"{"a":"x","b":"<x>"}"#, #"{"b":"<>"}"#])
        }
    }
}
