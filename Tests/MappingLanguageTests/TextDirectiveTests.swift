import Testing

/// `@template`, `@case` and `@replace`: `mapping-language.md` 1.3 and 1.4.
@Suite("Directives that make texts")
struct TextDirectiveTests {
    private static let event = #"""
        {"a": "{{b}}", "b": "B", "c": "}}", "n": 42.50, "three": 3.0, "big": 1e21, "tiny": 1e-7, "t": true, "nul": null,
         "l": [1, null, ["x", null], {}, "y"], "o": {"k": 1}, "money": "$& $1 $$", "o2": "{", "{x": "brace",
         "text": "a.b-c", "ids": 12345678901234567890}
        """#

    @Test(
        "a template fills its placeholders in",
        arguments: [
            ("{{b}}", "B"), ("<{{ b }}>", "<B>"), ("{{\\n b\\t}}", "B"), ("{{\u{A0}b\u{3000}}}", "B"),
            ("{{b}}{{b}}", "BB"), ("{{b | upcase}}", ""), ("{{nul}}|{{nope}}|", "||"), ("{{n}} {{three}}", "42.5 3"),
            ("{{big}} {{tiny}}", "1e+21 1e-7"), ("{{t}}", "true"), ("{{l}}", "1,,x,,[object Object],y"),
            ("{{o}}", "[object Object]"), ("{{ }}", "[object Object]"), ("{{.}}", "[object Object]"), ("{{}}", "{{}}"),
            ("{{b", "{{b"), ("b}}", "b}}"), ("{{{b", "{{{b"), ("{b}", "{b}"), ("{{b}", "{{b}"), ("{{b}}}", "B}"),
            ("{{{b}}", ""), ("{{{{x}}", ""), ("{ {{b}} }", "{ B }"), ("{{money}}", "$& $1 $$"), ("{{o.k}}", "1"),
            ("{{l.length}}", "5"), ("{{l[0]}}", "1"), ("{{l['0']}}", "1"), ("{{$.b}}", ""), ("", ""),
            ("{{ids}}", "12345678901234567000"), ("plain", "plain"),
        ])
    func template(template: String, expected: String) throws {
        #expect(try outcome(of: "{\"@template\":\"\(template)\"}", on: Self.event) == .value("\"\(expected)\""))
    }

    @Test(
        "triple braces are filled in first, and what they bring is read again",
        arguments: [
            ("{{{b}}}", "B"), ("{{{a}}}", "B"), ("{{a}}", "{{b}}"), ("{{{a}}}{{a}}", "B{{b}}"), ("{{{ b }}}!", "B!"),
            ("{{{c}}}", "}}"), ("{{b{{{c}}}", "B"), ("{{{{x}}}", "brace"), ("{{{b}}}}", "B}"),
            ("{{{o2}}}{b}}", "B"), ("{{ {{{b}}} }}", ""), ("{{{nope}}}", ""),
        ])
    func tripleBraces(template: String, expected: String) throws {
        #expect(try outcome(of: "{\"@template\":\"\(template)\"}", on: Self.event) == .value("\"\(expected)\""))
    }

    @Test("a template may come from the event")
    func templateFromEvent() throws {
        #expect(try outcome(of: #"{"@template":{"@path":"a"}}"#, on: Self.event) == .value("\"B\""))
        #expect(try outcome(of: #"{"@template":{"@path":"n"}}"#, on: Self.event) == .failed)
        #expect(try outcome(of: #"{"@template":{"@path":"nope"}}"#, on: Self.event) == .failed)
    }

    @Test(
        "letters change case by Unicode's full mappings",
        arguments: [
            ("upper", "straße", "STRASSE"), ("upper", "ärger ŉ ﬁ", "ÄRGER ʼN FI"), ("lower", "ÄRGER", "ärger"),
            ("lower", "İstanbul", "i\u{307}stanbul"), ("upper", "ıi", "II"), ("lower", "ΟΔΟΣ ΣΑΣ Σ", "οδος σας σ"),
            ("lower", "ΣΑ'Σ.", "σα'ς."), ("upper", "aZ9-", "AZ9-"), ("lower", "aZ9-", "az9-"), ("upper", "😀я", "😀Я"),
        ])
    func letterCase(operation: String, text: String, expected: String) throws {
        let constant = "{\"@case\":{\"operator\":\"\(operation)\",\"value\":\"\(text)\"}}"
        let fromEvent = "{\"@case\":{\"operator\":\"\(operation)\",\"value\":{\"@path\":\"x\"}}}"
        #expect(try outcome(of: constant) == .value("\"\(expected)\""))
        #expect(try outcome(of: fromEvent, on: "{\"x\":\"\(text)\"}") == .value("\"\(expected)\""))
    }

    @Test(
        "what is no text passes @case unchanged",
        arguments: [
            ("n", "42.5"), ("t", "true"), ("nul", "null"), ("o", "{\"k\":1}"), ("l[2]", "[\"x\",null]"),
        ])
    func caseOfOthers(path: String, expected: String) throws {
        let mapping = "{\"@case\":{\"operator\":\"upper\",\"value\":{\"@path\":\"\(path)\"}}}"
        #expect(try outcome(of: mapping, on: Self.event) == .value(expected))
    }

    @Test("@case needs a value and an operator, and another operator shows at a text only")
    func caseFaults() throws {
        #expect(try outcome(of: #"{"@case":{"operator":"lower"}}"#) == .absent)
        #expect(try outcome(of: #"{"@case":{"value":"x"}}"#) == .refused)
        #expect(try outcome(of: #"{"@case":{"operator":"UPPER","value":{"@path":"event"}}}"#) == .failed)
        #expect(try outcome(of: #"{"@case":{"operator":"UPPER","value":{"@path":"properties.qty"}}}"#) == .value("2"))
        #expect(try outcome(of: #"{"@case":{"operator":"UPPER","value":{"@path":"nope"}}}"#) == .absent)
    }

    @Test(
        "@replace searches plain text",
        arguments: [
            (#""pattern":".""#, "ab-c"), (#""pattern":"b-""#, "a.c"), (#""pattern":"B","ignorecase":true"#, "a.-c"),
            (#""pattern":"B""#, "a.b-c"), (#""pattern":"[a-c]""#, "a.b-c"), (#""pattern":"(""#, "a.b-c"),
            (#""pattern":".","replacement":"$&$&""#, "a..b-c"), (#""pattern":".","replacement":"$$""#, "a$b-c"),
            (#""pattern":".","replacement":"$1$0$""#, "a$1$0$b-c"), (#""pattern":".","replacement":"[$`]""#, "a[a]b-c"),
            (#""pattern":"-","replacement":"[$']""#, "a.b[c]c"),
            (#""pattern":".","replacement":"-","pattern2":"-","replacement2":"+""#, "a+b+c"),
            (#""pattern":".","pattern2":"-""#, "abc"), (#""pattern":".","pattern2":"-","replacement2":5"#, "ab-c"),
            ("\"pattern\":\".\",\"pattern2\":\"\"", "ab-c"), (#""pattern":"a","replacement":"","global":true"#, ".b-c"),
        ])
    func replace(arguments: String, expected: String) throws {
        let mapping = "{\"@replace\":{\(arguments),\"value\":{\"@path\":\"text\"}}}"
        #expect(try outcome(of: mapping, on: Self.event) == .value("\"\(expected)\""))
    }

    @Test("without global the first one is replaced, by both pairs")
    func replaceOnce() throws {
        let mapping = #"{"@replace":{"pattern":"a","replacement":"x","pattern2":"b","replacement2":"y","global":false,"#
        #expect(try outcome(of: mapping + #""value":"abab"}}"#) == .value(#""xyab""#))
    }

    @Test(
        "case is folded as JavaScript's plain regular expressions fold it",
        arguments: [
            ("ä", "Ä", "_"), ("ß", "SS", "SS"), ("ß", "ẞ", "ẞ"), ("k", "\u{212A}", "\u{212A}"), ("σ", "ς", "_"),
            ("ı", "I", "I"), ("ſ", "s", "s"), ("я", "Я", "_"), ("😀", "😀", "_"), ("µ", "μ", "_"),
        ])
    func folding(pattern: String, text: String, expected: String) throws {
        let mapping =
            "{\"@replace\":{\"pattern\":\"\(pattern)\",\"replacement\":\"_\",\"ignorecase\":true,\"value\":\"\(text)\"}}"
        #expect(try outcome(of: mapping) == .value("\"\(expected)\""))
    }

    @Test("numbers and booleans become texts for @replace, everything else an empty one")
    func replaceOthers() throws {
        func replaced(_ path: String) throws -> MappingOutcome {
            try outcome(
                of: "{\"@replace\":{\"pattern\":\"e\",\"replacement\":\"E\",\"value\":{\"@path\":\"\(path)\"}}}",
                on: Self.event)
        }
        #expect(try replaced("big") == .value(#""1E+21""#))
        #expect(try replaced("t") == .value(#""truE""#))
        for path in ["nope", "nul", "l", "o"] { #expect(try replaced(path) == .value("\"\"")) }
        #expect(try outcome(of: #"{"@replace":{"pattern":"e","value":""}}"#) == .absent)
    }

    @Test("a second pair that is too long shows where there is a text")
    func longSecondPair() throws {
        let arguments = #""pattern":"a","pattern2":"abcdefghijk""#
        #expect(try outcome(of: "{\"@replace\":{\(arguments),\"value\":{\"@path\":\"event\"}}}") == .failed)
        #expect(try outcome(of: "{\"@replace\":{\(arguments),\"value\":{\"@path\":\"nope\"}}}") == .value("\"\""))
        #expect(try outcome(of: "{\"@replace\":{\(arguments),\"value\":\"x\"}}") == .refused)
    }
}
