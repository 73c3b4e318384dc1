import MappingLanguage
import RelayModel
import RelayTestKit
import Testing

/// `mapping-language.md` 1.5.
@Suite("Validation of a mapping")
struct MappingValidationTests {
    @Test(
        "a fault is told with its path",
        arguments: [
            (#"{"a":{"@oops":1}}"#, "/a has an unknown directive: @oops."),
            (#"{"a":{"@Path":"x"}}"#, "/a has an unknown directive: @Path."),
            (#"{"a":{"@batchKeys":[]}}"#, "/a has an unknown directive: @batchKeys."),
            (
                #"{"a":{"b":{"@path":"x","@literal":1}}}"#,
                "/a/b should have one key that begins with @ but it has 2: @path, @literal."
            ),
            (#"{"a":{"@path":"x","b":1}}"#, "/a should have @path as its only key but it has 2 keys."),
            (#"{"@path":"x","b":1}"#, "/ should have @path as its only key but it has 2 keys."),
            (#"{"a":{"@path":5}}"#, "/a/@path should be a text or a directive but it is a number."),
            (#"{"a":{"@template":null}}"#, "/a/@template should be a text or a directive but it is a null."),
            (#"{"a":{"@path":{"@oops":1}}}"#, "/a/@path has an unknown directive: @oops."),
            (#"{"a":{"@literal":{"@oops":1}}}"#, "/a/@literal has an unknown directive: @oops."),
            (#"{"a":{"@if":5}}"#, "/a/@if should be an object but it is a number."),
            (
                #"{"a":{"@if":{"@path":"x"}}}"#,
                "/a/@if should hold arguments and no directive but it has @path."
            ),
            (#"{"a":{"@if":{"exists":1,"then":{"@oops":1}}}}"#, "/a/@if/then has an unknown directive: @oops."),
            (#"{"a":{"@if":{"exists":1,"then":{"b":{"@oops":1}}}}}"#, "/a/@if/then/b has an unknown directive: @oops."),
            (#"{"a":{"@if":{"exists":1,"other":{"@oops":1}}}}"#, "/a/@if/other has an unknown directive: @oops."),
            (
                #"{"a":{"@case":{"operator":"lower","value":5}}}"#,
                "/a/@case/value should be a text or a directive but it is a number."
            ),
            (
                #"{"a":{"@case":{"operator":{"@literal":"lower"},"value":"x"}}}"#,
                "/a/@case/operator should be a text but it is a directive."
            ),
            (#"{"a":{"@replace":{"value":"x"}}}"#, "/a/@replace should have the argument pattern but it does not."),
            (#"{"a":{"@replace":{"pattern":"x"}}}"#, "/a/@replace should have the argument value but it does not."),
            (
                #"{"a":{"@replace":{"pattern":"","value":"x"}}}"#,
                "/a/@replace/pattern should have at least 1 characters."
            ),
            (
                #"{"a":{"@replace":{"pattern":"😀😀😀😀😀😀","value":"x"}}}"#,
                "/a/@replace/pattern should have at most 10 characters but it has 12."
            ),
            (
                #"{"a":{"@replace":{"pattern":"a","replacement":null,"value":"x"}}}"#,
                "/a/@replace/replacement should be a text but it is a null."
            ),
            (
                #"{"a":{"@replace":{"pattern":"a","ignorecase":"yes","value":"x"}}}"#,
                "/a/@replace/ignorecase should be a boolean but it is a text."
            ),
            (
                #"{"a":{"@replace":{"pattern":"a","value":7}}}"#,
                "/a/@replace/value should be a text or a directive but it is a number."
            ),
            (#"{"a":{"@arrayPath":"x"}}"#, "/a/@arrayPath should be a list but it is a text."),
            (#"{"a":{"@arrayPath":[]}}"#, "/a/@arrayPath should have a path as its first element."),
            (#"{"a":{"@arrayPath":[5]}}"#, "/a/@arrayPath/0 should be a text or a directive but it is a number."),
            (
                #"{"a":{"@merge":{"direction":"right","objects":{"@path":"x"}}}}"#,
                "/a/@merge/objects should be a list but it is a directive."
            ),
            (
                #"{"a":{"@merge":{"direction":"right","objects":[5]}}}"#,
                "/a/@merge/objects/0 should be an object or a directive but it is a number."
            ),
            (
                #"{"a":{"@merge":{"direction":"right","objects":[{"b":{"@oops":1}}]}}}"#,
                "/a/@merge/objects/0/b has an unknown directive: @oops."
            ),
            (
                #"{"a":{"@merge":{"direction":"up","objects":[]}}}"#,
                "/a/@merge/direction should be one of left, right but it is up."
            ),
            (
                #"{"a":{"@flatten":{"separator":"."}}}"#, "/a/@flatten should have the argument value but it does not."
            ),
            (
                #"{"a":{"@flatten":{"value":1,"separator":{"@path":"x"}}}}"#,
                "/a/@flatten/separator should be a text but it is a directive."
            ),
            (#"{"a":{"@json":{"value":1}}}"#, "/a/@json should have the argument mode but it does not."),
            (
                #"{"a":{"@json":{"mode":"parse","value":1}}}"#,
                "/a/@json/mode should be one of encode, decode but it is parse."
            ),
            (#"{"a":{"@transform":{"apply":{}}}}"#, "/a/@transform should have the argument mapping but it does not."),
            (
                #"{"a":{"@transform":{"apply":"x","mapping":{}}}}"#,
                "/a/@transform/apply should be an object or a directive but it is a text."
            ),
            (
                #"{"a":{"@transform":{"apply":{"b":{"@oops":1}},"mapping":{}}}}"#,
                "/a/@transform/apply/b has an unknown directive: @oops."
            ),
        ])
    func fault(mapping: String, expected: String) throws {
        #expect(try faults(of: mapping) == [expected])
    }

    @Test("all faults of a mapping come together, those that show on every event included")
    func allAtOnce() throws {
        let mapping = #"""
            {"a": {"@oops": 1}, "b": {"c": {"@path": 5}}, "d": {"@path": "fine"}, "e": {"@if": {"then": 1}},
             "f": {"@replace": {"pattern": 1, "value": 2, "global": 3}}}
            """#
        let expected = [
            "/a has an unknown directive: @oops.",
            "/b/c/@path should be a text or a directive but it is a number.",
            "/f/@replace/pattern should be a text but it is a number.",
            "/f/@replace/value should be a text or a directive but it is a number.",
            "/f/@replace/global should be a boolean but it is a number.",
            "/e/@if needs the argument exists or blank.",
        ]
        #expect(try faults(of: mapping) == expected)
    }

    @Test("faults carry keys, directives and list positions apart")
    func path() throws {
        let mapping = MappingValue.object([
            MappingMember(
                "a/b", .object([MappingMember("@merge", .object([MappingMember("objects", .list([.null]))]))]))
        ])
        let faults = #expect(throws: CompiledMapping.Faults.self) { try CompiledMapping(mapping) }
        #expect(faults?.all.first?.path == ["a/b", "@merge", "objects", "0"])
    }

    @Test(
        "what fails on every event in a place that validation does not look at is refused",
        arguments: [
            (#"{"a":[{"@oops":1}]}"#, "/a/0/@oops is no directive."),
            (#"{"a":{"@literal":{"b":{"@oops":1}}}}"#, "/a/@literal/b/@oops is no directive."),
            (#"{"a":{"@excludeWhenNull":{"b":{"@path":5}}}}"#, "/a/@excludeWhenNull/b/@path needs a text, got number."),
            (#"{"a":[{"@merge":{"direction":"right"}}]}"#, "/a/0/@merge needs a list of objects."),
            (
                #"{"a":[{"@transform":{"apply":{"b":{"@path":5}},"mapping":{"c":1}}}]}"#,
                "/a/0/@transform should be a text or a directive but it is a number."
            ),
        ])
    func certain(mapping: String, expected: String) throws {
        #expect(try faults(of: mapping) == [expected])
    }

    @Test("in a shape or a branch the same waits for an event that gets there")
    func uncertain() throws {
        let shape = #"{"@arrayPath":["LIST",{"a":{"@oops":1}}]}"#
        #expect(try outcome(of: shape.replacing("LIST", with: "properties.tags")) == .failed)
        #expect(try outcome(of: shape.replacing("LIST", with: "properties.none")) == .absent)
        #expect(try outcome(of: #"{"@if":{"exists":{"@path":"nope"},"then":[{"@oops":1}],"else":2}}"#) == .value("2"))
    }

    @Test("where validation does not look, the original's own reading holds")
    func unchecked() throws {
        #expect(
            try outcome(of: #"[{"@path":"event","x":{"@path":"userId"}}]"#)
                == .value(#"[{"@path":"event","x":"u-17"}]"#))
        #expect(try outcome(of: #"[{"@path":"userId","@literal":1}]"#) == .value(#"["u-17"]"#))
        #expect(try outcome(of: #"[{"@case":{"operator":"upper","value":5}}]"#) == .value("[5]"))
        #expect(try outcome(of: #"[{"@replace":{"pattern":5,"value":"x"}}]"#) == .value(#"[""]"#))
        #expect(try outcome(of: #"[{"@arrayPath":[]}]"#) == .value("[null]"))
        #expect(
            try outcome(of: #"[{"@flatten":{"separator":{"@path":"properties.order"},"value":{"a":{"b":1}}}}]"#)
                == .value(#"[{"aSO-10-77b":1}]"#))
        #expect(
            try outcome(of: #"[{"@merge":{"direction":{"@literal":"left"},"objects":[{"a":1},{"a":2}]}}]"#)
                == .value(#"[{"a":1}]"#))
        #expect(try outcome(of: #"[{"@json":{"mode":"parse","value":"1"}}]"#) == .value("[null]"))
    }

    @Test("@liquid is refused wherever it stands, with a word on what to use instead")
    func liquid() throws {
        #expect(
            try faults(of: #"{"a":{"@liquid":"{{ x }}"}}"#)
                == ["/a/@liquid is not supported here: write the value with @template, @if, @case and @replace."])
        #expect(
            try faults(of: #"{"a":{"@if":{"exists":{"@path":"x"},"then":[{"@liquid":"y"}]}}}"#)
                == [
                    "/a/@if/then/0/@liquid is not supported here: write the value with @template, @if, @case and @replace."
                ])
    }

    @Test("a number that JSON does not have is refused", arguments: [".5", "0x10", "1_000", "+1", "nan", ""])
    func number(text: String) {
        #expect(throws: CompiledMapping.Faults.self) {
            try CompiledMapping(.object([MappingMember("n", .number(text))]))
        }
    }

    @Test("a mapping that nests too deep is refused") func depth() throws {
        var deep = MappingValue.text("x")
        for _ in 0..<1000 { deep = .list([deep]) }
        let faults = #expect(throws: CompiledMapping.Faults.self) {
            try CompiledMapping(.object([MappingMember("a", deep)]))
        }
        #expect(faults?.all.map(\.description) == ["/ should nest at most 100 levels deep."])
    }

    @Test("what goes wrong on an event is told without the event's values")
    func runFaults() throws {
        let mapping = try CompiledMapping(mappingValue(#"{"a":{"@path":{"@path":"secret"}}}"#))
        let events = [
            (#"{"secret":{"email":"ann@shop.example"}}"#, "/a/@path needs a text, got object"),
            ("{}", "/a/@path needs a text, got undefined"),
        ]
        for (event, expected) in events {
            try withTape(event) { tape, root in
                let fault = runFault(of: mapping, on: root, &tape)
                #expect(fault?.message == expected)
            }
        }
    }
}
