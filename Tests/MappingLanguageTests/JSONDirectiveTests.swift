import MappingLanguage
import Testing

/// `@json`: `mapping-language.md` 1.3.
@Suite("JSON in a mapping")
struct JSONDirectiveTests {
    private func encoded(_ event: String, _ path: String = "v") throws -> MappingOutcome {
        try outcome(of: "{\"@json\":{\"mode\":\"encode\",\"value\":{\"@path\":\"\(path)\"}}}", on: event)
    }

    private func decoded(_ text: String, limits: MappingLimits = MappingLimits()) throws -> MappingOutcome {
        let quoted = "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        let mapping = #"{"@json":{"mode":"decode","value":{"@path":"v"}}}"#
        return try outcome(of: mapping, on: "{\"v\":\(quoted)}", limits: limits)
    }

    @Test(
        "values are written as JavaScript writes them",
        arguments: [
            ("null", "null"), ("1.50", "1.5"), ("1e21", "1e+21"), ("1e-7", "1e-7"), ("-0.0", "0"), ("100", "100"),
            ("[ 1, { } ]", "[1,{}]"), ("true", "true"), ("12345678901234567890", "12345678901234567000"),
        ])
    func encode(value: String, expected: String) throws {
        #expect(try encoded("{\"v\":\(value)}") == .value("\"\(expected)\""))
    }

    @Test("texts are escaped as JavaScript escapes them") func escapes() throws {
        let event = #"{"v":"\"\\/\b\f\n\r\t\u0001\u007fé😀\u2028"}"#
        let expected = #"\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001"# + "\u{7F}é😀\u{2028}" + #"\""#
        #expect(try encoded(event) == .value("\"\(expected)\""))
    }

    @Test("keys come once, list positions first") func keyOrder() throws {
        #expect(
            try encoded(#"{"v":{"b":1,"10":2,"a":3,"2":4,"b":5,"01":6}}"#)
                == .value(#""{\"2\":4,\"10\":2,\"b\":5,\"a\":3,\"01\":6}""#))
    }

    @Test("absent keys are left out, absent elements are null, absent itself stays absent") func absent() throws {
        let mapping = #"{"@json":{"mode":"encode","value":{"a":{"@path":"nope"},"l":[{"@path":"nope"}]}}}"#
        #expect(try outcome(of: mapping) == .value(#""{\"l\":[null]}""#))
        #expect(try encoded("{}") == .absent)
    }

    @Test(
        "JSON is read",
        arguments: [
            ("{\"a\":[1,2.50,\"x\",null,true]}", "{\"a\":[1,2.50,\"x\",null,true]}"), (" 5 ", "5"), ("\"x\"", "\"x\""),
            ("null", "null"), ("[]", "[]"), ("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}"),
        ])
    func decode(text: String, expected: String) throws {
        #expect(try decoded(text) == .value(expected))
    }

    @Test("a text that is no JSON stays as it is", arguments: ["", "x", "{", "[1,]", "{'a':1}", "01", "+1", "NaN"])
    func noJSON(text: String) throws {
        #expect(try decoded(text) == .value("\"\(text)\""))
    }

    @Test("a text that nests too deep stays as it is") func tooDeep() throws {
        var limits = MappingLimits()
        limits.decodedDepth = 3
        #expect(try decoded("[[[1]]]", limits: limits) == .value("[[[1]]]"))
        #expect(try decoded("[[[[1]]]]", limits: limits) == .value("\"[[[[1]]]]\""))
    }

    @Test("what is no text passes decoding unchanged, absent included") func decodeOthers() throws {
        let mapping = #"{"@json":{"mode":"decode","value":{"@path":"v"}}}"#
        for value in ["5", "null", "[1]", "{\"a\":1}", "false"] {
            #expect(try outcome(of: mapping, on: "{\"v\":\(value)}") == .value(value))
        }
        #expect(try outcome(of: mapping, on: "{}") == .absent)
    }

    @Test("decoded values are values like all others") func useOfDecoded() throws {
        let mapping =
            #"{"@transform":{"apply":{"@json":{"mode":"decode","value":{"@path":"v"}}},"mapping":{"@path":"a[1].b"}}}"#
        #expect(try outcome(of: mapping, on: #"{"v":"{\"a\":[0,{\"b\":1e3}]}"}"#) == .value("1000"))
    }

    @Test("a mode in other letters passes validation and gives nothing", arguments: ["Encode", "DECODE"])
    func otherCase(mode: String) throws {
        #expect(try outcome(of: "{\"@json\":{\"mode\":\"\(mode)\",\"value\":{\"@path\":\"event\"}}}") == .absent)
    }

    @Test("a falsy constant as value fails on every event", arguments: ["0", "\"\"", "false", "null"])
    func falsyValue(value: String) throws {
        #expect(try outcome(of: "{\"@json\":{\"mode\":\"encode\",\"value\":\(value)}}") == .refused)
    }
}
