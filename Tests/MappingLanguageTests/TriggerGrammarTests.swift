import MappingLanguage
import Testing

@Suite("Trigger grammar")
struct TriggerGrammarTests {
    @Test(
        "not binds tighter than and, and and tighter than or; a comma is an and; parentheses decide",
        arguments: precedenceCases)
    func precedence(_ trigger: String, _ truths: String, _ expected: Bool) throws {
        let members = truths.map { "\"\($0)\":true" }.joined(separator: ",")
        #expect(try judge(trigger, "{\(members)}") == expected)
    }

    @Test("values compare by type, as in JavaScript", arguments: comparisonCases)
    func comparison(_ trigger: String, _ value: String, _ expected: Bool) throws {
        #expect(try judge(trigger, "{\"x\":\(value)}") == expected)
    }

    @Test("a value is in a list, or it is not", arguments: membershipCases)
    func membership(_ trigger: String, _ value: String, _ expected: Bool?) throws {
        guard let expected else { return #expect(faultMessage(trigger) != nil) }
        #expect(try judge(trigger, "{\"x\":\(value)}") == expected)
    }

    @Test("functions take every value", arguments: functionsCases)
    func functions(_ trigger: String, _ value: String, _ expected: Bool) throws {
        #expect(try judge(trigger, "{\"x\":\(value),\"y\":\"aBc\"}") == expected)
    }

    @Test("a value alone is true only when it is true itself", arguments: aloneCases)
    func alone(_ trigger: String, _ value: String, _ expected: Bool) throws {
        #expect(try judge(trigger, "{\"x\":\(value)}") == expected)
    }

    @Test("paths lead through objects and lists; escapes make any character part of a name", arguments: pathsCases)
    func paths(_ trigger: String, _ event: String?) throws {
        guard let event else { return #expect(faultMessage(trigger) != nil) }
        #expect(try judge(trigger, event))
    }

    @Test("texts are taken as they stand, byte by byte", arguments: textsCases)
    func texts(_ trigger: String, _ value: String, _ expected: Bool?) throws {
        guard let expected else { return #expect(faultMessage(trigger) != nil) }
        #expect(try judge(trigger, "{\"x\":\(value)}") == expected)
    }

    @Test(
        "a word on the right of a field's = is a text, unless it names a field of every event or is a longer path",
        arguments: wordsCases)
    func words(_ trigger: String, _ event: String, _ expected: Bool) throws {
        #expect(try judge(trigger, event) == expected)
    }

    @Test("a root that is no object has no fields", arguments: ["[1]", "\"a\"", "5", "null", "true"])
    func root(_ event: String) throws {
        #expect(try judge("type = null", event))
        #expect(try !judge(#"type = "track""#, event))
    }

    static let precedenceCases: [(String, String, Bool)] = [
        ("a or b and c", "a", true), ("a or b and c", "b", false), ("(a or b) and c", "a", false),
        ("(a or b) and c", "bc", true), ("not a and b", "b", true), ("not a and b", "ab", false),
        ("not (a and b)", "a", true), ("! a or b", "ab", true), ("not not a", "a", true), ("!!!a", "a", false),
        ("a, b or c", "c", true), ("a, b or c", "a", false), ("a or b, c", "a", true), ("(a or b), c", "a", false),
        ("a and not b or not c and b", "b", true), ("a and not b or not c and b", "abc", false),
        ("((((a))))", "a", true), ("!(!(a) or !(b))", "ab", true), ("!(!(a) or !(b))", "a", false),
        ("a and (b or (c and (a or b)))", "ac", true), ("NOT a AND NOT b", "c", true), ("a Or b aNd c", "a", true),
    ]

    static let comparisonCases: [(String, String, Bool)] = [
        ("x = 1", "1.0", true), ("x = 1", "1e0", true), ("x = -0.5", "-0.5", true), ("x = +5", "5", true),
        ("x = 0", "-0", true), ("x = 9007199254740993", "9007199254740992", true), ("x = 0.1", "0.1", true),
        ("x = 18446744073709551615", "18446744073709551615", true), ("x > 10", "9", false),
        ("x > 9.99", "10", true),
        ("x >= 10", "10", true), ("x <= 10", "10.0000001", false), ("5 < x", "6", true), ("5 < x", "\"6\"", false),
        ("x < 5", "null", false), ("x > 5", "null", false), ("x > 5", "true", false), (#"x > "a""#, "\"b\"", false),
        (#"x = "1""#, "1", false), ("x = 1", "\"1\"", false), ("x = true", "1", false),
        ("x = null", "false", false),
        (#"x = """#, "\"\"", true), (#"x = """#, "null", false), ("x != null", "{}", true),
        ("x = null", "[]", false),
        (#"x = ["a", 1, null, [true]]"#, #"["a", 1.0, null, [true]]"#, true), ("x = []", "[]", true),
        (#"x = ["a", "b"]"#, #"["b", "a"]"#, false), ("x = [1]", "[1, 2]", false), ("x = [1, 2]", "[1]", false),
    ]

    static let membershipCases: [(String, String, Bool?)] = [
        (#"x in ["a", "b"]"#, "\"b\"", true), (#"x in ["a", "b"]"#, "\"c\"", false),
        ("x in [1, 2.5]", "2.50", true),
        ("x in []", "null", false), ("x in [null]", "null", true), ("missing in [null]", "1", true),
        ("x IN [true, false]", "false", true), (#""a" in x"#, #"["b", "a"]"#, true), (#""a" in x"#, "\"a\"", false),
        (#""a" in missing"#, "1", false), ("2 in x", "[1, 2]", true), (#"not "a" in x"#, "[\"b\"]", true),
        ("[1] in x", "[[1], 2]", true), (#"lowercase(x) in ["ab"]"#, "\"AB\"", true),
        ("x in [a, b]", "\"a\"", true),
        (#"x in ['it''s']"#, "1", nil), ("x in [[1, [2]], 3]", "[1, [2]]", true),
    ]

    static let functionsCases: [(String, String, Bool)] = [
        (#"lowercase(x) = "ärger straße""#, "\"ÄRGER Straße\"", true),
        (#"lowercase(x) = "abc""#, "\"abcd\"", false),
        (#"lowercase(x) = "abcd""#, "\"ABC\"", false), ("lowercase(x) = null", "5", true),
        ("lowercase(x) = lowercase(y)", "\"AbC\"", true), (#""abc" = lowercase(x)"#, "\"ABC\"", true),
        (#"contains(lowercase(x), "sale")"#, "\"Big SALE\"", true),
        (#"match(LOWERCASE(x), "b*e")"#, "\"Big SALE\"", true),
        (#"lowercase(x) = "i̇x""#, "\"İX\"", true), ("length(x) = 3", "\"abc\"", true),
        ("length(x) = 3", "\"äb\"", true),
        ("length(x) = 2", "[1, [2, 3]]", true), ("length(x) = 0", "null", true), ("length(x) = 0", "\"\"", true),
        ("length(x) = null", "{}", true), ("length(x) = null", "12", true),
        ("length(lowercase(x)) = 3", "\"İ\"", true),
        ("length(missing) = 0", "1", true), (#"typeof(x) = "string""#, "\"a\"", true),
        (#"typeof(x) = "number""#, "1", true),
        (#"typeof(x) = "list""#, "[]", true), (#"typeof(x) = "bool""#, "false", true),
        (#"typeof(x) = "null""#, "null", true),
        (#"typeof(missing) = "null""#, "1", true), (#"typeof(x) = "object""#, "{}", true),
        ("typeof(x) = list", "[]", true),
        (#"length(typeof(x)) = 6"#, "\"\"", true), (#"contains(x, "")"#, "\"\"", true),
        (#"contains(x, "")"#, "null", false),
        (#"contains(x, "1")"#, "1", false), (#"contains(x, "a") = true"#, "\"a\"", true),
        (#"contains(x, "a") = false"#, "null", true), (#"match(x, "a") != true"#, "\"b\"", true),
        (#"contains(x, "aab")"#, "\"aaab\"", true), (#"contains(x, "abab")"#, "\"abaabab\"", true),
    ]

    static let aloneCases: [(String, String, Bool)] = [
        ("x", "true", true), ("x", "1", false), ("x", "\"true\"", false), ("x", "null", false),
        ("!x", "null", true),
        ("not x", "1", true), ("true", "1", true), ("false or x", "true", true), ("null", "1", false),
        ("TRUE and x", "true", true),
    ]

    static let pathsCases: [(String, String?)] = [
        (#"a.b.c = 1"#, #"{"a":{"b":{"c":1}}}"#), (#"a\.b = 1"#, #"{"a.b":1}"#), (#"a . b = 1"#, #"{"a":{"b":1}}"#),
        ("a.\n b = 1", #"{"a":{"b":1}}"#), (#"a.0 = 1"#, #"{"a":[1]}"#), (#"a.1.b = 1"#, #"{"a":[0,{"b":1}]}"#),
        (#"a.0 = 1"#, #"{"a":{"0":1}}"#), (#"a.\1 = 1"#, #"{"a":[0,1]}"#), (#"\0 = 1"#, #"{"0":1}"#),
        (#"a.01 = null"#, #"{"a":[0,1]}"#), (#"a.9 = null"#, #"{"a":[0,1]}"#),
        ("a.99999999999999999999 = null", #"{"a":[0]}"#),
        (#"\$a = 1"#, #"{"$a":1}"#), (#"a\ b = 1"#, #"{"a b":1}"#), (#"\ü\ß = 1"#, #"{"üß":1}"#), (#"\👍🏽 = 1"#, nil),
        (#"a\\b = 1"#, #"{"a\\b":1}"#), (#"\a\b = 1"#, #"{"ab":1}"#), (#"\and = 1"#, #"{"and":1}"#),
        (#"a.and = 1"#, #"{"a":{"and":1}}"#), (#"a.null.or = 1"#, #"{"a":{"null":{"or":1}}}"#),
        (#"contains = 1"#, #"{"contains":1}"#), (#"length.in = 1"#, #"{"length":{"in":1}}"#),
        ("a-b_c = 1", #"{"a-b_c":1}"#),
        ("a = 1", #"{"a":0,"b":2,"a":1}"#), ("a.b = null", #"{"a":"text"}"#),
        ("a.b.c.d.e = null", #"{"a":{"b":5}}"#),
        (#"a\.b.c\[0\] = 1"#, #"{"a.b":{"c[0]":1}}"#), ("_a = 1", #"{"_a":1}"#), ("a=1", #"{"a":1}"#),
        ("a\t=\n1", #"{"a":1}"#),
        ("a = 1 and\r\n b = 2", #"{"a":1,"b":2}"#),
    ]

    static let textsCases: [(String, String, Bool?)] = [
        (#"x = "it's""#, #""it's""#, true), (#"x = 'say "hi"'"#, #""say \"hi\"""#, true),
        (#"x = "a\n""#, #""a\\n""#, true),
        ("x = \"a\nb\"", #""a\nb""#, true), (#"x = "C:\""#, #""C:\\""#, true),
        (#"x = "Größe 👍""#, #""Größe 👍""#, true),
        ("x = \"e\u{301}\"", "\"\u{E9}\"", false), (#"x = " a ""#, #""a""#, false), (#"x = "A""#, #""a""#, false),
        (#"x = "null""#, "null", false), (#"x="and"and y"#, #""and","y":true"#, nil),
    ]

    static let wordsCases: [(String, String, Bool)] = [
        ("x = abc", #"{"x":"abc"}"#, true), ("x != abc", #"{"x":"abc"}"#, false),
        ("x = abc", #"{"x":1,"abc":1}"#, false),
        ("userId = anonymousId", #"{"userId":"a","anonymousId":"a"}"#, true), ("x = \\abc", #"{"x":"abc"}"#, true),
        ("x = y.z", #"{"x":"a","y":{"z":"a"}}"#, true), ("x < y", #"{"x":1,"y":2}"#, true),
        ("1 = y", #"{"y":1}"#, true),
        ("a.x = a.y", #"{"a":{"x":[1,"a"],"y":[1.0,"a"]}}"#, true), ("a.x = a.x", #"{"a":{"x":{}}}"#, false),
        ("a.x != a.x", #"{"a":{"x":{}}}"#, true), ("a.x = a.y", "{}", true),
        ("a.x = a.y", #"{"a":{"x":[],"y":[0]}}"#, false),
        ("x in y", #"{"x":1,"y":[1]}"#, true), ("contains(x, abc)", #"{"x":"zabcz"}"#, true),
    ]
}
