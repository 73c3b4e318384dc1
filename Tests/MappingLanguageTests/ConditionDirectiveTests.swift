import Testing

/// `@if`, `@literal` and `@excludeWhenNull`: `mapping-language.md` 1.3.
@Suite("Directives that choose")
struct ConditionDirectiveTests {
    private static let event = #"""
        {"nul": null, "e": "", "zero": 0, "f": false, "sp": "  ", "s0": "0", "t": true, "o": {}, "l": [], "ll": [[]],
         "ln": [null], "le": [""], "l0": [0], "lf": [false], "l2": [null, null], "deep": [[[""]]]}
        """#

    @Test(
        "exists holds for everything but null and absent",
        arguments: [("nul", "n"), ("nope", "n"), ("e", "y"), ("zero", "y"), ("f", "y"), ("l", "y"), ("o", "y")])
    func exists(path: String, expected: String) throws {
        let mapping = "{\"@if\":{\"exists\":{\"@path\":\"\(path)\"},\"then\":\"y\",\"else\":\"n\"}}"
        #expect(try outcome(of: mapping, on: Self.event) == .value("\"\(expected)\""))
    }

    @Test(
        "blank holds for everything that is not blank",
        arguments: [
            ("nul", "n"), ("nope", "n"), ("e", "n"), ("zero", "n"), ("f", "n"), ("l", "n"), ("ll", "n"), ("ln", "n"),
            ("le", "n"), ("deep", "n"), ("sp", "y"), ("s0", "y"), ("t", "y"), ("o", "y"), ("l0", "y"), ("lf", "y"),
            ("l2", "y"),
        ])
    func blank(path: String, expected: String) throws {
        let mapping = "{\"@if\":{\"blank\":{\"@path\":\"\(path)\"},\"then\":\"y\",\"else\":\"n\"}}"
        #expect(try outcome(of: mapping, on: Self.event) == .value("\"\(expected)\""))
    }

    @Test("exists decides where both stand, even when it is null")
    func both() throws {
        let tested = #""blank":{"@path":"t"},"then":"y","else":"n""#
        #expect(try outcome(of: "{\"@if\":{\"exists\":null,\(tested)}}", on: Self.event) == .value("\"n\""))
        #expect(try outcome(of: "{\"@if\":{\"exists\":false,\(tested)}}", on: Self.event) == .value("\"y\""))
        #expect(
            try outcome(of: "{\"@if\":{\"exists\":{\"@path\":\"nope\"},\(tested)}}", on: Self.event) == .value("\"n\""))
    }

    @Test(
        "no condition, or falsy constants alone, fail on every event and are refused",
        arguments: [
            #""then":1"#, #""exists":null"#, #""exists":"","blank":0"#, #""exists":false"#, #""blank":null"#,
        ])
    func noCondition(arguments: String) throws {
        #expect(try outcome(of: "{\"@if\":{\(arguments)}}") == .refused)
    }

    @Test("a taken then may be anything; a taken else that is a falsy constant gives absent")
    func branches() throws {
        for (constant, expected) in [("null", "null"), ("false", "false"), ("0", "0"), ("\"\"", "\"\"")] {
            let then = "{\"@if\":{\"exists\":1,\"then\":\(constant)}}"
            let otherwise = "{\"@if\":{\"exists\":{\"@path\":\"nope\"},\"else\":\(constant)}}"
            let wrapped = "{\"@if\":{\"exists\":{\"@path\":\"nope\"},\"else\":{\"@literal\":\(constant)}}}"
            #expect(try outcome(of: then) == .value(expected))
            #expect(try outcome(of: otherwise) == .absent)
            #expect(try outcome(of: wrapped) == .value(expected))
        }
    }

    @Test("a branch that is missing gives absent")
    func missingBranch() throws {
        #expect(try outcome(of: #"{"@if":{"exists":1,"else":2}}"#) == .absent)
        #expect(try outcome(of: #"{"@if":{"exists":{"@path":"nope"},"then":2}}"#) == .absent)
    }

    @Test("only the chosen branch is resolved")
    func chosenBranch() throws {
        let failing = #"{"@path":{"@path":"nope"}}"#
        #expect(try outcome(of: "{\"@if\":{\"exists\":1,\"then\":1,\"else\":\(failing)}}") == .value("1"))
        #expect(try outcome(of: "{\"@if\":{\"exists\":1,\"then\":\(failing),\"else\":1}}") == .failed)
    }

    @Test("what always fails is left to the events in a branch that not all of them take")
    func failingBranch() throws {
        let failing = #"{"@if":{"then":1}}"#
        let taken = "{\"@if\":{\"exists\":{\"@path\":\"event\"},\"then\":\(failing)}}"
        let avoided = "{\"@if\":{\"exists\":{\"@path\":\"nope\"},\"then\":\(failing),\"else\":1}}"
        #expect(try outcome(of: taken) == .failed)
        #expect(try outcome(of: avoided) == .value("1"))
    }

    @Test("@literal resolves what it holds, and leaves texts alone")
    func literal() throws {
        #expect(
            try outcome(of: #"{"@literal":[{"@path":"userId"},"{{userId}}"]}"#) == .value(#"["u-17","{{userId}}"]"#))
        #expect(try outcome(of: #"{"@literal":{"@literal":{"@path":"userId"}}}"#) == .value(#""u-17""#))
        #expect(try outcome(of: #"{"@literal":{"@path":"nope"}}"#) == .absent)
    }

    @Test("@excludeWhenNull drops null keys of nested objects, and enters no list")
    func excludeWhenNull() throws {
        func excluded(_ value: String) throws -> MappingOutcome { try outcome(of: "{\"@excludeWhenNull\":\(value)}") }
        #expect(try excluded("null") == .absent)
        #expect(try excluded(#"{"@path":"nope"}"#) == .absent)
        for constant in ["\"\"", "0", "false", "[null]", "[{\"a\":null}]", "{}"] {
            #expect(try excluded(constant) == .value(constant))
        }
        #expect(
            try excluded(#"{"a":{"b":{"c":null,"d":1}},"e":null,"f":[null]}"#)
                == .value(#"{"a":{"b":{"d":1}},"f":[null]}"#))
    }
}
