import MappingLanguage
import Testing

@Suite("Trigger patterns")
struct TriggerGlobTests {
    @Test("a pattern describes the whole text", arguments: wholeCases)
    func whole(_ pattern: String, _ text: String, _ expected: Bool) throws {
        let trigger = try Trigger("match(x, \"\(pattern)\")")
        let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        #expect(try judge(trigger.text, "{\"x\":\"\(escaped)\"}") == expected)
    }

    @Test("a pattern that is no pattern is a fault", arguments: faultsCases)
    func faults(_ pattern: String, _ message: String) throws {
        let found = try #require(faultMessage("match(event, \"\(pattern)\")"))
        #expect(found.hasPrefix("column 14: the pattern `\""))
        #expect(found.hasSuffix("holds \(message)"))
    }

    @Test("patterns made to be slow are not", .timeLimit(.minutes(1)))
    func linear() throws {
        let text = String(repeating: "a", count: 50_000)
        let stars = String(repeating: "*a", count: 200)
        let needle = String(repeating: "a", count: 5000)
        let sets = String(repeating: "[a-b]", count: 60)
        for pattern in ["\(stars)*b", "*\(needle)b*", "*\(sets)b*", "?*\(sets)?b"] {
            #expect(try !judge("match(x, \"\(pattern)\")", "{\"x\":\"\(text)\"}"))
        }
        #expect(try judge("match(x, \"\(stars)\")", "{\"x\":\"\(text)\"}"))
        #expect(try !judge("contains(x, \"\(needle)b\")", "{\"x\":\"\(text)\"}"))
    }

    static let wholeCases: [(String, String, Bool)] = [
        ("", "", true), ("", "a", false), ("*", "", true), ("*", "a\nb/c", true), ("**", "a", true),
        ("a", "a", true),
        ("a", "ab", false), ("a*", "a", true), ("a*", "ab", true), ("a*", "ba", false), ("*a", "ba", true),
        ("*a", "ab", false), ("*a*", "bab", true), ("*a*", "b", false), ("a*a", "a", false), ("a*a", "aa", true),
        ("a*b*c", "aXbYc", true), ("a*b*c", "acb", false), ("*ab*ab*", "abab", true), ("*ab*ab*", "aba", false),
        ("*aab", "aaab", true), ("a**b", "ab", true), ("?", "a", true), ("?", "", false), ("?", "ab", false),
        ("?", "ü", true), ("??", "ü", false), ("?", "👍", true), ("a?c", "abc", true), ("*?", "", false),
        ("*?", "ab", true), ("?*?", "a", false), ("?*?", "ab", true), ("*?b*", "ab", true), ("*?b*", "b", false),
        ("[abc]", "b", true), ("[abc]", "d", false), ("[a-c]x", "bx", true), ("[^a-c]", "d", true),
        ("[^a-c]", "b", false),
        ("[à-ü]", "é", true), ("[à-ü]", "e", false), ("[a\\]]", "]", true), ("[a-]", "-", true),
        ("[\\^a]", "^", true),
        ("*[0-9]", "v12", true), ("*[0-9]", "v1x", false), ("[0-9]*[0-9]", "7", false), ("*[ab]?", "xxbz", true),
        ("\\*", "*", true), ("\\*", "a", false), ("\\?x", "?x", true), ("a\\\\b", "a\\b", true),
        ("\\[a", "[a", true),
        ("]", "]", true), ("a.c", "abc", false), ("(a|b)", "(a|b)", true), ("Ü*", "Über", true),
        ("*ß", "Maß", true),
    ]

    static let faultsCases: [(String, String)] = [
        ("[a", "a `[` without its `]`"), ("[", "a `[` without its `]`"), ("[]", "nothing between `[` and `]`"),
        ("[^]", "nothing between `[` and `]`"), ("[z-a]", "the range `z-a` runs backwards"),
        ("a\\", "nothing behind the last backslash"), ("[a-", "a `[` without its `]`"),
        (
            "*?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "more than 64 characters between two stars, with ? or [] among them"
        ),
    ]
}
