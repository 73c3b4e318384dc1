import JSONTape
import RelayModel
import RelayTestKit
import Testing
import WireCodec

@Suite("The JSON writer")
struct JSONWriterTests {
    @Test("containers, keys and scalars get their commas")
    func shape() {
        var json = JSONWriter(reserving: 64)
        json.beginObject()
        json.key("a")
        json.integer(-12)
        json.key(Array("b\"".utf8).span)
        json.beginArray()
        json.beginObject()
        json.endObject()
        json.bool(true)
        json.null()
        json.raw(Array("1.50".utf8).span)
        json.beginArray()
        json.endArray()
        json.endArray()
        json.key("c")
        json.string("text")
        json.endObject()
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"a":-12,"b\"":[{},true,null,1.50,[]],"c":"text"}"#)
    }

    @Test("integers of every length", arguments: [0, 9, 10, -1, 1_234_567_890, Int64.max, Int64.min])
    func integers(_ value: Int64) {
        var json = JSONWriter()
        json.integer(value)
        #expect(String(decoding: json.bytes, as: UTF8.self) == String(value))
    }

    @Test(
        "texts are escaped, and broken UTF-8 is replaced",
        arguments: [
            ("plain", #""plain""#),
            ("a\"b\\c", #""a\"b\\c""#),
            ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{1F}", #""\u0000\u001f""#),
            ("é€🙂", #""é€🙂""#), ("\u{7F}", "\"\u{7F}\""), ("", #""""#),
        ])
    func strings(_ text: String, _ expected: String) {
        var json = JSONWriter()
        json.string(Array(text.utf8).span)
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test("bytes that are not UTF-8 become U+FFFD each")
    func brokenText() {
        var json = JSONWriter()
        json.string(([0x61, 0xFF, 0xE2, 0x82, 0x62, 0xED, 0xA0, 0x80] as [UInt8]).span)
        #expect(String(decoding: json.bytes, as: UTF8.self) == "\"a\u{FFFD}\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}\"")
    }

    @Test("taking the bytes starts a new text")
    func take() {
        var json = JSONWriter()
        json.integer(1)
        #expect(json.take() == Array("1".utf8))
        json.integer(2)
        #expect(json.take() == Array("2".utf8))
    }

    @Test("whatever bytes are written as a string, a parser reads valid text back")
    func randomBytes() throws {
        var random = SeededRandom(seed: 11)
        let parser = JSONTapeParser()
        var tape = EventTape()
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var json = JSONWriter()
            json.string(bytes.span)
            tape.reset()
            let node = try parser.parse(json.bytes.span, onto: &tape)
            var repaired: [UInt8] = []
            UTF8Repair.append(bytes.span, to: &repaired)
            #expect(Array(tape[tape.string(node)]) == repaired)
        }
    }
}
