import JSONTape
import MappingLanguage
import RelayModel
import RelayTestKit
import Testing

@Suite("What a resolution may cost")
struct MappingLimitTests {
    private let small: MappingLimits = {
        var limits = MappingLimits()
        limits.textByteCount = 10_000
        limits.wordCount = 2000
        limits.valueCount = 5000
        return limits
    }()

    @Test("a template that brings in placeholders of its own ends at the limit")
    func templateBomb() throws {
        let many = String(repeating: "{{b}}", count: 2000)
        let event = "{\"a\":\"\(many)\",\"b\":\"\(String(repeating: "x", count: 2000))\"}"
        #expect(try outcome(of: #"{"@template":"{{{a}}}"}"#, on: event, limits: small) == .failed)
        #expect(try outcome(of: #"{"@template":"{{{a}}}"}"#, on: event) == .failed)
    }

    @Test("a replacement that repeats the text around its matches ends at the limit")
    func replaceBomb() throws {
        let event = "{\"a\":\"\(String(repeating: "x", count: 3000))\"}"
        for code in ["$`", "$'", "$&$&$&$&$&"] {
            let mapping =
                "{\"@replace\":{\"pattern\":\"x\",\"replacement\":\"\(code)\",\"value\":{\"@path\":\"a\"}}}"
            #expect(try outcome(of: mapping, on: event, limits: small) == .failed)
        }
    }

    @Test("names of a flattened object end at the limit")
    func flattenBomb() throws {
        let key = String(repeating: "k", count: 300)
        let event = String(repeating: "{\"\(key)\":", count: 50) + "1" + String(repeating: "}", count: 50)
        let mapping = #"{"@flatten":{"value":{"@path":"$."},"separator":"."}}"#
        #expect(try outcome(of: mapping, on: event, limits: small) == .failed)
        #expect(try outcome(of: mapping, on: event) != .failed)
    }

    @Test("a result that doubles over and over ends at the limit")
    func doublingBomb() throws {
        var mapping = #"{"@path":"$."}"#
        for _ in 0..<20 {
            mapping =
                "{\"@transform\":{\"apply\":{\"a\":{\"@path\":\"$.\"},\"b\":{\"@path\":\"$.\"}},\"mapping\":\(mapping)}}"
        }
        #expect(try outcome(of: mapping) == .failed)
    }

    @Test("copies of the event end at the limit")
    func copies() throws {
        let event = "{\"l\":[\(Array(repeating: "1", count: 1500).joined(separator: ","))]}"
        #expect(try outcome(of: #"[{"@path":"l"}]"#, on: event, limits: small) != .failed)
        #expect(try outcome(of: #"[{"@path":"l"},{"@path":"l"},{"@path":"l"}]"#, on: event, limits: small) == .failed)
    }

    @Test("long lists end at the limit of values")
    func manyValues() throws {
        let event = "{\"l\":[\(Array(repeating: "{}", count: 1500).joined(separator: ","))]}"
        #expect(try outcome(of: #"{"@arrayPath":["l",{"@path":"a"}]}"#, on: event, limits: small) != .failed)
        #expect(
            try outcome(of: #"{"@arrayPath":["l",{"a":1,"b":2,"c":3,"d":4}]}"#, on: event, limits: small) == .failed)
        let text = "{\"t\":\"\(String(repeating: "x", count: 6000))\"}"
        let merge = #"{"@merge":{"direction":"right","objects":[{"@path":"t"}]}}"#
        #expect(try outcome(of: merge, on: text, limits: small) == .failed)
    }

    @Test("a deep event neither overflows the stack nor is refused")
    func deepEvent() throws {
        let event = "{\"l\":" + String(repeating: "[", count: 60) + "1" + String(repeating: "]", count: 60) + "}"
        #expect(try outcome(of: #"{"@template":"{{l}}"}"#, on: event) == .value("\"1\""))
        for mapping in [
            #"{"@json":{"mode":"encode","value":{"@path":"l"}}}"#, #"{"@excludeWhenNull":{"@path":"l"}}"#,
            #"{"@flatten":{"value":{"@path":"l"},"separator":"."}}"#,
        ] {
            guard case .value = try outcome(of: mapping, on: event) else {
                Issue.record("\(mapping) fails on a deep event")
                continue
            }
        }
    }

    @Test("a mapping may nest to its limit, over a deep event")
    func deepMapping() throws {
        let path = MappingValue.object([MappingMember("@path", .text("l"))])
        var mapping = path
        // Each directive takes two levels with its arguments.
        for _ in 0..<49 {
            let arguments = MappingValue.object([MappingMember("exists", path), MappingMember("then", mapping)])
            mapping = .object([MappingMember("@if", arguments)])
        }
        let compiled = try CompiledMapping(.object([MappingMember("a", mapping)]))
        let event = "{\"l\":" + String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + "}"
        try withTape(event) { tape, root in
            let result = try compiled.resolve(root, on: &tape)
            #expect(renderJSON(tape, try #require(result)).count == "{\"a\":}".count + 120)
        }
        #expect(throws: CompiledMapping.Faults.self) {
            try CompiledMapping(.object([MappingMember("a", .list([mapping]))]))
        }
    }

    @Test("a fault leaves a tape that can be read and written")
    func tapeAfterFault() throws {
        let mapping = try CompiledMapping(
            mappingValue(#"{"a":{"b":[{"@path":"l"},{"@path":"l"},{"@path":"l"}]}}"#), limits: small)
        let event = "{\"l\":[\(Array(repeating: "1", count: 1500).joined(separator: ","))]}"
        try withTape(event) { tape, root in
            let fault = runFault(of: mapping, on: root, &tape)
            #expect(fault != nil)
            let after = tape.openArray()
            tape.bool(true)
            tape.close()
            #expect(renderJSON(tape, after) == "[true]")
            #expect(tape.memberCount(root) == 1)
        }
    }
}
