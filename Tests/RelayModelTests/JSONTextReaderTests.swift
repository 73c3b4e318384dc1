import RelayModel
import Testing
import WireCodec

@Suite("JSON in texts")
struct JSONTextReaderTests {
    /// Reads a text and renders it again; nil when it is refused. Checks that the tape can still be written.
    private func read(_ text: String) -> String? {
        var tape = EventTape()
        let ref = tape.append(text.utf8)
        let node = JSONTextReader.read(ref, maximumDepth: 6, on: &tape)
        let after = tape.openArray()
        tape.bool(true)
        tape.close()
        guard tape.elementCount(after) == 1 else { return "the tape is broken" }
        return node.map { render($0, tape) }
    }

    private func render(_ node: TapeNode, _ tape: borrowing EventTape) -> String {
        switch tape.kind(node) {
        case .object:
            var parts: [String] = []
            var cursor = tape.firstMember(node)
            while let member = cursor {
                parts.append(tape.copyString(tape.key(member)) + "=" + render(member.value, tape))
                cursor = tape.nextMember(after: member, in: node)
            }
            return "{" + parts.joined(separator: ",") + "}"
        case .array:
            var parts: [String] = []
            var cursor = tape.firstElement(node)
            while let element = cursor {
                parts.append(render(element, tape))
                cursor = tape.nextElement(after: element, in: node)
            }
            return "[" + parts.joined(separator: ",") + "]"
        case .string: return "'" + tape.copyString(tape.string(node)) + "'"
        case .number: return "number"
        case .bool: return tape.bool(node) == true ? "true" : "false"
        case .null: return "null"
        }
    }

    @Test(
        "JSON is read",
        arguments: [
            ("[]", "[]"), ("{}", "{}"),
            (#" [ "a" , 1 , -2.5e+3 , true , false , null ] "#, "['a',number,number,true,false,null]"),
            (#"{"a":{"b":[1,{"c":"d"}]},"e":""}"#, "{a={b=[number,{c='d'}]},e=''}"),
            (#"["\u00e9\ud83d\ude00\n\t\"\\\/\b\f\r"]"#, "['é😀\n\t\"\\/\u{8}\u{c}\r']"),
            (#"["\ud800x"]"#, "['\u{FFFD}x']"),
            (#"["\ud800\u0041"]"#, "['\u{FFFD}']"), (#"["\udc00"]"#, "['\u{FFFD}']"), (#"{"\u0061":0}"#, "{a=number}"),
            ("[[[[[[1]]]]]]", "[[[[[[number]]]]]]"),
        ])
    func valid(text: String, expected: String) {
        #expect(read(text) == expected)
    }

    @Test(
        "what is no JSON is refused and leaves the tape well formed",
        arguments: [
            "", "[", "{", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "[01]", "[1.]",
            "[1e]", "[-]", "[+1]", "[tru]", "[nul", "[\"", "[\"\\", "[\"\\u12", "[\"\\x\"]", "[\"a\nb\"]", "[1] x",
            "[[]",
            "[[[[[[[1]]]]]]]", "[\"\\ud800\\u12\"]", "]", "[1 2]", "{\"a\" 1}", "{1:2}", "['a']",
        ])
    func refused(text: String) {
        #expect(read(text) == nil)
    }
}
