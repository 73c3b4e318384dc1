import JSONTape
import RelayModel
import RelayTestKit
import Testing

@Suite("JSON onto the tape")
struct JSONTapeTests {
    @Test(
        "a document comes back as it was",
        arguments: [
            "{}", "[]", "\"\"", "null", "true", "-7", "[1,2,3]", "{\"a\":{\"b\":[{}]}}", "[18446744073709551615]",
            "{\"a\":\"x\\\"y\\\\z\",\"b\":[true,false,null,0.1,\"ü🙂\"]}", "[[\"\",\"a\"],[\"\\u0001\"]]",
            "{\"last\":\"text\",\"n\":[2449958197289549824,2449958197289549824]}",
        ])
    func roundTrip(_ json: String) throws {
        let rendered = try withTape(json) { tape, root in renderJSON(tape, root) }
        #expect(rendered == json)
    }

    @Test(
        "numbers that look like string words do not hide the last text",
        arguments: 0..<6)
    func numbersLikeStrings(_ count: Int) throws {
        // 0x22.. is simdjson's string tag, 0x6C.. its integer tag.
        let numbers = (0..<count).map { $0 % 2 == 0 ? "2449958197289549824" : "7782220156096217088" }
        let json = "[\"first\",\"last\"" + numbers.map { "," + $0 }.joined() + "]"
        try withTape(json) { tape, root in
            #expect(renderJSON(tape, root) == json)
            #expect(tape.textEnd == 4 + 5 + 1 + 4 + 4)
        }
    }

    @Test(
        "what is no JSON is refused by its fault and leaves the tape usable",
        arguments: [
            ("", JSONFault.empty), ("  \n", .empty), ("{", .malformed), ("{\"a\":}", .malformed), ("nope", .malformed),
            ("[1] x", .malformed), ("{\"a\":01}", .malformed), ("[\"\\x\"]", .malformed), ("[--1]", .malformed),
            ("\u{0}", .malformed), ("[1e]", .malformed),
        ])
    func faults(_ json: String, _ fault: JSONFault) throws {
        let parser = JSONTapeParser()
        var tape = EventTape()
        #expect(throws: fault) { try parser.parse(Array(json.utf8).span, onto: &tape) }
        let root = try parser.parse(Array("[1]".utf8).span, onto: &tape)
        #expect(renderJSON(tape, root) == "[1]")
    }

    @Test("containers nest to the limit and no deeper")
    func depth() throws {
        let parser = JSONTapeParser(maximumDepth: 8)
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)).utf8)
        }
        var tape = EventTape()
        _ = try parser.parse(nested(8).span, onto: &tape)
        tape.reset()
        #expect(throws: JSONFault.tooDeep) { try parser.parse(nested(9).span, onto: &tape) }
        #expect(throws: JSONFault.tooDeep) { try parser.parse(nested(100_000).span, onto: &tape) }
    }

    @Test("a document of the largest size is parsed, one byte more is refused")
    func capacity() throws {
        let parser = JSONTapeParser(maximumByteCount: 10_000)
        var tape = EventTape()
        func text(_ count: Int) -> [UInt8] { [0x22] + Array(repeating: 0x61, count: count - 2) + [0x22] }
        let root = try parser.parse(text(10_000).span, onto: &tape)
        #expect(tape.string(root).count == 9_998)
        tape.reset()
        #expect(throws: JSONFault.tooLarge) { try parser.parse(text(10_001).span, onto: &tape) }
    }

    @Test(
        "one value that the parser cannot hold does not cost the document",
        arguments: [
            ("[123456789012345678901234567890,1]", "[\"123456789012345678901234567890\",1]"),
            ("{\"a\":-1e999}", "{\"a\":\"-1e999\"}"),
            ("[\"cut \\ud83d\",\"\\ude00x\",\"\\ud83d\\ude00\"]", "[\"cut \u{FFFD}\",\"\u{FFFD}x\",\"😀\"]"),
            ("[\"\\ud83d\\\\ud83d\"]", "[\"\u{FFFD}\\\\ud83d\"]"),
        ])
    func repaired(_ json: String, _ expected: String) throws {
        #expect(try withTape(json) { tape, root in renderJSON(tape, root) } == expected)
    }

    @Test("bytes that are not UTF-8 become replacement characters")
    func brokenText() throws {
        var tape = EventTape()
        let bytes = Array("[\"a".utf8) + [0xFF, 0xC3, 0x28] + Array("é\"]".utf8)
        let root = try JSONTapeParser().parse(bytes.span, onto: &tape)
        #expect(renderJSON(tape, root) == "[\"a\u{FFFD}\u{FFFD}(é\"]")
    }

    @Test("a byte order mark is no part of the document")
    func byteOrderMark() throws {
        #expect(try withTape("\u{FEFF}[1]") { tape, root in renderJSON(tape, root) } == "[1]")
    }

    @Test("texts that stood on the tape before keep their place")
    func textsBefore() throws {
        var tape = EventTape()
        let header = tape.append("agent".utf8)
        let root = try JSONTapeParser().parse(Array("{\"k\":\"v\"}".utf8).span, onto: &tape)
        #expect(tape.copyString(header) == "agent")
        #expect(renderJSON(tape, root) == "{\"k\":\"v\"}")
    }

    @Test("random bytes never do more than throw")
    func randomBytes() throws {
        var random = SeededRandom(seed: 7)
        let parser = JSONTapeParser(maximumByteCount: 4_096, maximumDepth: 8)
        let alphabet = Array("{}[]\",:\\u0d8ae-+.1nulltruefals \u{FF}".utf8) + [0xFF, 0xC3, 0x80, 0x00]
        var tape = EventTape()
        for _ in 0..<4_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random)!
            }
            tape.reset()
            guard let root = try? parser.parse(bytes.span, onto: &tape) else { continue }
            #expect(!renderJSON(tape, root).isEmpty)
        }
    }
}
