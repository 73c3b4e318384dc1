import Testing

/// `@arrayPath`, `@merge`, `@flatten` and `@transform`: `mapping-language.md` 1.3.
@Suite("Directives that shape lists and objects")
struct ObjectDirectiveTests {
    private static let event = #"""
        {"l": [{"a": 1}, {"a": null}, 5, "xy", null, [{"a": 2}]], "o": {"b": 1, "2": "two", "1": "one", "b.c": 2},
         "t": "ab😀", "n": 5, "nul": null, "deep": {"x": {"y": [{"z": 1}], "e": {}, "f": []}, "x.y": 9},
         "empty": {"": {"a": {"": 1}}}}
        """#

    private func result(_ mapping: String) throws -> MappingOutcome { try outcome(of: mapping, on: Self.event) }

    // MARK: @arrayPath

    @Test("a shape sees the element alone")
    func shape() throws {
        #expect(
            try result(#"{"@arrayPath":["l",{"v":{"@path":"a"},"n":{"@path":"n"}}]}"#)
                == .value(#"[{"v":1},{"v":null},{},{},{"v":null,"n":null},{}]"#))
        #expect(try result(#"{"@arrayPath":["l",{"@path":"length"}]}"#) == .value("[null,null,null,2,null,1]"))
    }

    @Test("a shape may be any directive, another @arrayPath included")
    func directiveShape() throws {
        #expect(
            try result(#"{"@arrayPath":["l",{"@arrayPath":["$.",{"i":{"@path":"a"}}]}]}"#)
                == .value(#"[[{"i":1}],[{"i":null}],5,"xy",null,[{"i":2}]]"#))
        #expect(
            try result(#"{"@arrayPath":["l",{"@template":"<{{a}}>"}]}"#)
                == .value(#"["<1>","<>","<>","<>","<>","<>"]"#))
    }

    @Test(
        "without a shape that is an object with keys the value is returned as it is",
        arguments: ["", ",{}", ",\"x\"", ",null", ",[1]", ",5"])
    func noShape(rest: String) throws {
        #expect(try result("{\"@arrayPath\":[\"deep.x.y\"\(rest)]}") == .value(#"[{"z":1}]"#))
    }

    @Test("null, absent and scalars are returned as they are")
    func noList() throws {
        #expect(try result(#"{"@arrayPath":["nul",{"a":1}]}"#) == .value("null"))
        #expect(try result(#"{"@arrayPath":["n",{"a":1}]}"#) == .value("5"))
        #expect(try result(#"{"@arrayPath":["nope",{"a":1}]}"#) == .absent)
    }

    @Test("the list may come from a directive, and further entries are ignored")
    func listFromDirective() throws {
        let list = #"{"@json":{"mode":"decode","value":"[{\"a\":1},{\"a\":2}]"}}"#
        #expect(try result("{\"@arrayPath\":[\(list),{\"@path\":\"a\"},5,6]}") == .value("[1,2]"))
        #expect(
            try result(#"{"@arrayPath":[{"@literal":[{"a":{"@path":"n"}},{"a":7}]},{"@path":"a"}]}"#) == .value("[5,7]")
        )
    }

    // MARK: @merge

    @Test(
        "the direction says which object wins, in exactly that spelling",
        arguments: [("right", "2"), ("left", "1"), ("LEFT", "2"), ("Right", "2")])
    func direction(direction: String, expected: String) throws {
        #expect(
            try result("{\"@merge\":{\"direction\":\"\(direction)\",\"objects\":[{\"a\":1},{\"a\":2}]}}")
                == .value("{\"a\":\(expected)}"))
    }

    @Test("null overwrites, and so does an absent value: its key vanishes")
    func overwriting() throws {
        #expect(
            try result(#"{"@merge":{"direction":"right","objects":[{"a":1,"b":1},{"a":null,"b":{"@path":"nope"}}]}}"#)
                == .value(#"{"a":null}"#))
        #expect(
            try result(#"{"@merge":{"direction":"left","objects":[{"b":{"@path":"nope"}},{"b":1}]}}"#) == .value("{}"))
    }

    @Test("what is no object is skipped; texts and lists are spread")
    func spreading() throws {
        func merged(_ path: String) throws -> MappingOutcome {
            try result("{\"@merge\":{\"direction\":\"right\",\"objects\":[{\"0\":1},{\"@path\":\"\(path)\"}]}}")
        }
        for path in ["nul", "nope", "n"] { #expect(try merged(path) == .value(#"{"0":1}"#)) }
        #expect(try merged("t") == .value("{\"0\":\"a\",\"1\":\"b\",\"2\":\"\u{FFFD}\",\"3\":\"\u{FFFD}\"}"))
        #expect(try merged("deep.x.y") == .value(#"{"0":{"z":1}}"#))
    }

    @Test("merging is shallow") func shallow() throws {
        #expect(
            try result(#"{"@merge":{"direction":"right","objects":[{"a":{"b":1}},{"a":{"c":2}}]}}"#)
                == .value(#"{"a":{"c":2}}"#))
    }

    @Test("objects with many keys merge as small ones do") func manyKeys() throws {
        let members = (0..<50).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let later = (0..<50).reversed().map { "\"k\($0)\":\($0 + 100)" }.joined(separator: ",")
        let expected = (0..<50).map { "\"k\($0)\":\($0 + 100)" }.joined(separator: ",")
        let mapping = "{\"@merge\":{\"direction\":\"right\",\"objects\":[{\(members)},{\"@path\":\"$.\"}]}}"
        #expect(try outcome(of: mapping, on: "{\(later)}") == .value("{\(expected)}"))
    }

    // MARK: @flatten

    @Test("objects and lists become names, and empty ones vanish")
    func flatten() throws {
        #expect(try result(#"{"@flatten":{"value":{"@path":"deep.x"},"separator":"/"}}"#) == .value(#"{"y/0/z":1}"#))
        #expect(
            try result(#"{"@flatten":{"value":{"@path":"deep.x"},"separator":"/","omitArrays":true}}"#)
                == .value(#"{"y":[{"z":1}],"f":[]}"#))
        #expect(
            try result(#"{"@flatten":{"value":{"@path":"deep.x.y"},"separator":"/","omitArrays":1}}"#)
                == .value(#"{"":[{"z":1}]}"#))
    }

    @Test("on a clash of names the later one wins") func clash() throws {
        #expect(
            try result(#"{"@flatten":{"value":{"@path":"o"},"separator":"."}}"#)
                == .value(#"{"1":"one","2":"two","b":1,"b.c":2}"#))
        #expect(try result(#"{"@flatten":{"value":{"a.b":1,"a":{"b":2}},"separator":"."}}"#) == .value(#"{"a.b":2}"#))
    }

    @Test("scalars stand under the empty name, and an empty name so far is none") func emptyNames() throws {
        #expect(try result(#"{"@flatten":{"value":{"@path":"n"},"separator":"."}}"#) == .value(#"{"":5}"#))
        #expect(try result(#"{"@flatten":{"value":{"@path":"nul"},"separator":"."}}"#) == .value(#"{"":null}"#))
        #expect(try result(#"{"@flatten":{"value":{"@path":"empty"},"separator":"."}}"#) == .value(#"{"a.":1}"#))
    }

    @Test(
        "a separator that is missing or empty fails on every event",
        arguments: [#"{"value":1}"#, #"{"value":1,"separator":""}"#])
    func separator(arguments: String) throws {
        #expect(try result("{\"@flatten\":\(arguments)}") == .refused)
    }

    // MARK: @transform

    @Test("the mapping sees what was applied, and nothing else") func transform() throws {
        #expect(
            try result(#"{"@transform":{"apply":{"v":{"@path":"n"}},"mapping":{"a":{"@path":"v"},"b":{"@path":"n"}}}}"#)
                == .value(#"{"a":5}"#))
        #expect(
            try result(
                #"{"@transform":{"apply":{"v":{"@path":"nope"}},"mapping":{"@merge":{"direction":"right","objects":[{"v":1},{"@path":"$."}]}}}}"#
            )
                == .value(#"{"v":1}"#))
    }

    @Test("a result that is no object has no paths but its length") func appliedScalars() throws {
        func length(_ apply: String) throws -> MappingOutcome {
            try result("{\"@transform\":{\"apply\":\(apply),\"mapping\":{\"@path\":\"length\"}}}")
        }
        #expect(try length(#"{"@path":"t"}"#) == .value("4"))
        #expect(try length(#"{"@path":"l"}"#) == .value("6"))
        #expect(try length(#"{"@path":"nope"}"#) == .absent)
        #expect(try length(#"{"@path":"n"}"#) == .absent)
        #expect(try length(#"{"@path":"nul"}"#) == .value("null"))
    }

    @Test("applying needs an object to work on; none at all counts as an empty one") func nestedTransform() throws {
        let inner = #"{"@transform":{"apply":{"v":1},"mapping":{"@path":"v"}}}"#
        #expect(try result("{\"@arrayPath\":[\"deep.x.y\",\(inner)]}") == .value("[1]"))
        #expect(try result("{\"@arrayPath\":[\"l\",\(inner)]}") == .failed)
        #expect(try result("{\"@transform\":{\"apply\":{\"@path\":\"nope\"},\"mapping\":\(inner)}}") == .value("1"))
        #expect(try result("{\"@transform\":{\"apply\":{\"@path\":\"t\"},\"mapping\":\(inner)}}") == .failed)
    }

    @Test("what is applied may hold a root directive of its own") func appliedRoot() throws {
        let apply = #"{"__segment_internal_directive":{"@literal":{}},"a":{"@path":"n"}}"#
        #expect(
            try result("{\"@transform\":{\"apply\":\(apply),\"mapping\":{\"@path\":\"mapping.a\"}}}") == .value("5"))
    }
}
