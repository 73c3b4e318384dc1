import Testing

/// `mapping-language.md` 1.2.
@Suite("Paths into an event")
struct EventPathTests {
    private static let event = #"""
        {"a$": {"b": 1}, "ab": 2, "$": {"event": 3}, "a": {"b": 4, "": 5, "01": 6}, "a[b]": 7, "[x] y": 8,
         " pad ": 9, "a\\": {"b": 10}, "list": [[11, 12], {"01": 13}], "code": "xy😀z", "t": true, "n": 5, "z": 0,
         "zero": 0.00, "f": false, "e": "", "nul": null, "d": {"list price": 14, "a": {"b": 15}, "0": 16},
         "dup": 1, "dup": 17, "it's": 18, "length": 19, "é": {"ü": 20}}
        """#

    @Test(
        "a path finds its value",
        arguments: [
            ("$.a.b", "4"), ("a.b", "4"), ("a$.b", "2"), ("$.$.event", "3"), ("$.a$.b", "1"), ("a..b", "4"),
            (".a.b.", "4"), ("list[0][1]", "12"), ("list.0.1", "12"), ("list[0].1", "12"), ("list[0]]]1", "12"),
            ("list['0'][\"1\"]", "12"), ("d['list price']", "14"), ("d[\"list price\"]", "14"), ("d.list price", "14"),
            (" pad ", "9"), ("a[b]", "7"), ("[x] y", "8"), ("a\\.b", "10"), ("d['a.b']", "15"), ("d[0]", "16"),
            ("a.''", "5"), ("a.01", "6"), ("list[1][01]", "13"), ("dup", "17"), ("length", "19"), ("é.ü", "20"),
        ])
    func found(path: String, expected: String) throws {
        #expect(try resolve(path) == .value(expected))
    }

    @Test(
        "what a path does not find is absent",
        arguments: [
            "nope", "a.nope", "a.nope.deep", "list.sku", "list[01]", "list[-1]", "list[*]", "list[5]", "code.x",
            "n.x", "t.x", "pad", "it's", "constructor", "a.toString", "list.length.x", "code[9]", "a\\.b.c",
        ])
    func absent(path: String) throws {
        #expect(try resolve(path) == .absent)
    }

    @Test(
        "the walk stops at a value that JavaScript takes for false, and gives it",
        arguments: [
            ("z.x.y", "0"), ("f.x", "false"), ("e.x", "\"\""), ("e.length", "\"\""), ("nul.x", "null"), ("zero.x", "0"),
        ])
    func falsy(path: String, expected: String) throws {
        #expect(try resolve(path) == .value(expected))
    }

    @Test("lists and texts have a length, and texts are read by UTF-16 units")
    func javaScript() throws {
        #expect(try resolve("list.length") == .value("2"))
        #expect(try resolve("code.length") == .value("5"))
        #expect(try resolve("code[1]") == .value("\"y\""))
        #expect(try resolve("code[2]") == .value("\"\u{FFFD}\""))
        #expect(try resolve("code[4]") == .value("\"z\""))
        #expect(try resolve("code[01]") == .absent)
    }

    @Test("no path at all is the whole event", arguments: ["", ".", "$.", "..", "$.."])
    func whole(path: String) throws {
        #expect(try outcome(ofRoot: "{\"@path\":\"\(path)\"}", on: "{\"a\":[1]}") == .value("{\"a\":[1]}"))
    }

    @Test("a path may come from the event")
    func fromEvent() throws {
        let event = #"{"where":"$.a.b","a":{"b":1},"list":["a"]}"#
        #expect(try outcome(of: #"{"@path":{"@path":"where"}}"#, on: event) == .value("1"))
        #expect(try outcome(of: #"{"@path":{"@template":"{{list}}.b"}}"#, on: event) == .value("1"))
        #expect(try outcome(of: #"{"@path":{"@path":"a"}}"#, on: event) == .failed)
    }

    private func resolve(_ path: String) throws -> MappingOutcome {
        let escaped = path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return try outcome(of: "{\"@path\":\"\(escaped)\"}", on: Self.event)
    }
}
