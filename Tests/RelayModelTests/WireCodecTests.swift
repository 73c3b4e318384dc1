import RelayModel
import RelayTestKit
import Testing
import WireCodec

@Suite("Wire codecs")
struct WireCodecTests {
    @Test(
        "percent escapes are decoded, broken ones stay",
        arguments: [
            ("abc", "abc"),
            ("a%20b+c", "a b c"),
            ("%41%6a%6A", "Ajj"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz%4g", "%zz%4g"),
            ("%%41", "%A"), ("%C3%A9", "é"), ("%FFx", "\u{FFFD}x"), ("%C3", "\u{FFFD}"), ("", ""), ("%2525", "%25"),
        ])
    func percent(_ text: String, _ expected: String) {
        var tape = EventTape()
        let ref = tape.percentDecoded(tape.append(text.utf8))
        #expect(tape.copyString(ref) == expected)
        var bytes: [UInt8] = []
        PercentDecoder.append(Array(text.utf8).span, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("a plus stays where it is no space")
    func plus() {
        var tape = EventTape()
        let ref = tape.percentDecoded(tape.append("a+b%2B".utf8), plusIsSpace: false)
        #expect(tape.copyString(ref) == "a+b+")
    }

    @Test("a text without escapes is answered without a copy")
    func noCopy() {
        var tape = EventTape()
        let ref = tape.append("plain~text".utf8)
        #expect(tape.percentDecoded(ref) == ref)
    }

    @Test(
        "a query's parameters in order",
        arguments: [
            ("a=1&b=2", ["a=1", "b=2"]), ("a", ["a="]), ("a=&=b&c", ["a=", "=b", "c="]), ("&&a=1&&", ["a=1"]), ("", []),
            ("a=b=c", ["a=b=c"]), ("=", ["="]), ("a=1&richsstsse", ["a=1", "richsstsse="]),
        ])
    func query(_ query: String, _ expected: [String]) {
        var tape = EventTape()
        tape.append("before".utf8)
        var scanner = QueryScanner(tape.append(query.utf8))
        tape.append("&after=1".utf8)
        var pairs: [String] = []
        while let pair = scanner.next(on: tape) {
            pairs.append(tape.copyString(pair.key) + "=" + tape.copyString(pair.value))
        }
        #expect(pairs == expected)
    }

    @Test("a parameter is found by its decoded name, the first one wins")
    func queryValue() {
        var tape = EventTape()
        let query = tape.append("x=0&write%4Bey=a%20b&writeKey=c".utf8)
        #expect(tape.copyString(tape.queryValue(query, "writeKey")) == "a b")
        #expect(tape.queryValue(query, "write").isEmpty)
    }

    @Test(
        "a cookie is found by its exact name",
        arguments: [
            ("_epik=abc", "abc"), ("a=b; _epik=abc; c=d", "abc"), ("x_epik=no; _epik=yes", "yes"), ("_epik", nil),
            ("a=_epik=x", nil),
            ("_epik=\"q\"", "q"),
            ("  _epik=v  ;", "v"),
            ("_epik=", ""),
            ("", nil),
            ("_epik=1;_epik=2", "1"),
            ("_epik=\"", "\""), (";;;", nil),
        ] as [(String, String?)])
    func cookie(_ header: String, _ expected: String?) {
        let bytes = Array(header.utf8)
        let value = CookieScanner.value(of: "_epik", in: bytes.span)
        #expect(value.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
    }

    @Test(
        "Base64 in both alphabets, padded or not",
        arguments: [
            ("", []),
            ("Zg==", [0x66]),
            ("Zg", [0x66]),
            ("Zm8=", [0x66, 0x6F]),
            ("Zm9v", [0x66, 0x6F, 0x6F]),
            ("-_8", [0xFB, 0xFF]),
            ("+/8=", [0xFB, 0xFF]), ("Z", nil), ("Zm9v!", nil), ("Zm=v", nil), ("Z===", nil), ("====", nil),
        ] as [(String, [UInt8]?)])
    func base64(_ text: String, _ expected: [UInt8]?) {
        let decoded = Base64.decode(Array(text.utf8)[...])
        #expect(decoded == expected)
    }

    @Test(
        "UTF-8 is repaired byte by byte",
        arguments: [
            ([0x61], "a"),
            ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
            ([0xE2, 0x82, 0xAC], "€"),
            ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF0, 0x9F, 0x99, 0x82], "🙂"),
            ([0xF0, 0x9F, 0x99], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xE0, 0x9F, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], String)])
    func repair(_ bytes: [UInt8], _ expected: String) {
        var output: [UInt8] = []
        UTF8Repair.append(bytes.span, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == expected)
        let isWellFormed = UTF8Repair.isWellFormed(output.span)
        #expect(isWellFormed)
        var tape = EventTape()
        let ref = tape.appendRepaired(bytes.span)
        #expect(tape.copyString(ref) == expected)
    }

    @Test("random queries decode to well-formed text and never trap")
    func randomQueries() {
        var random = SeededRandom(seed: 3)
        let alphabet = Array("ab=&%+41fF~;\"".utf8) + [0x80, 0xC3, 0xFF, 0x00]
        for _ in 0..<4_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random)!
            }
            var tape = EventTape()
            var scanner = QueryScanner(tape.append(bytes))
            while let pair = scanner.next(on: tape) {
                for ref in [pair.key, pair.value] {
                    let text = tape.percentDecoded(ref)
                    let isWellFormed = UTF8Repair.isWellFormed(tape[text].span)
                    #expect(isWellFormed)
                }
            }
            _ = CookieScanner.value(of: "ab", in: bytes.span)
            _ = Base64.decode(bytes.span)
        }
    }
}
