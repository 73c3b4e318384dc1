import JSONTape
import RelayModel
import Testing

@testable import Intake

@Suite("US privacy strings and GPP strings")
struct GPPStringTests {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    /// Bits as text of six each, filled up with zeros: to whole bytes first, as IAB's own library does.
    private static func text(_ bits: String) -> String {
        let bytes = bits + String(repeating: "0", count: (8 - bits.count % 8) % 8)
        let padded = bytes + String(repeating: "0", count: (6 - bytes.count % 6) % 6)
        return String(
            stride(from: 0, to: padded.count, by: 6).map { start in
                let six = padded.dropFirst(start).prefix(6)
                return alphabet[Int(six, radix: 2) ?? 0]
            })
    }

    private static func bits(_ number: Int, _ count: Int) -> String {
        let digits = String(number, radix: 2)
        return String(repeating: "0", count: max(count - digits.count, 0)) + digits
    }

    /// The core of a section: its version and the fields of two bits.
    private static func core(_ version: Int = 1, _ fields: [Int]) -> String {
        text(bits(version, 6) + fields.map { bits($0, 2) }.joined() + String(repeating: "0", count: 24))
    }

    private static func fibonacci(_ number: Int) -> String {
        var weights = [1, 2]
        while let last = weights.last, last <= number { weights.append(last + weights[weights.count - 2]) }
        var rest = number
        var digits = ""
        for weight in weights.reversed() {
            let isIn = weight <= rest
            if isIn { rest -= weight }
            if isIn || !digits.isEmpty { digits = (isIn ? "1" : "0") + digits }
        }
        return digits + "1"
    }

    private static func gpp(_ sections: [(id: Int, text: String)]) -> String {
        var last = 0
        var ids = ""
        for section in sections {
            ids += "0" + fibonacci(section.id - last)
            last = section.id
        }
        return ([text(bits(3, 6) + bits(1, 6) + bits(sections.count, 12) + ids)] + sections.map(\.text))
            .joined(separator: "~")
    }

    private func optsOut(_ text: String, _ sections: [Int]? = nil) -> Bool {
        let inForce = sections.map { ids in ids.reduce(into: GPPSections()) { $0.insert($1) } }
        return GPPString.optsOut(Array(text.utf8).span, in: inForce)
    }

    @Test(
        "the third letter of a US privacy string is the opt-out",
        arguments: [
            ("1YYN", true), ("1yyn", true), ("1NYN", true), ("1--Y", false), ("1-Y-", true), ("1YNN", false),
            ("1YNY", false), ("1---", false), ("2YYN", false), ("1YY", false), ("1YYNN", false), ("", false),
            ("YYYY", false),
        ])
    func usPrivacy(_ text: String, _ expected: Bool) {
        #expect(USPrivacyString.optsOut(Array(text.utf8).span) == expected)
    }

    @Test("the encoder of these tests writes the headers that IAB's own library writes")
    func headers() {
        #expect(Self.gpp([]) == "DBAA")
        #expect(Self.gpp([(2, "")]) == "DBABMA~")
        #expect(Self.gpp([(2, ""), (6, "")]) == "DBACNYA~~")
    }

    @Test(
        "strings of IAB's own library",
        arguments: [
            ("DBABLA~BVVVkkkkkpFY.YA", true),  // all opted out, with Global Privacy Control
            ("DBABLA~BVVVkkkkkpFY", true), ("DBABLA~BVQqAAAACg", false), ("DBABLA~BAAAAAAAAABA.QA", false),
            ("DBABLA~BAAAAAAAAABA", false), ("DBABLA~BAAAAAAAAABA.YA", true), ("DBACNYA~CPXxRfAPXxRfA~1YYN", true),
            ("DBACNYA~CPXxRfAPXxRfA~1YNN", false), ("DBABMA~1YYN", false), ("DBAA", false),
        ])
    func library(_ text: String, _ expected: Bool) { #expect(optsOut(text) == expected) }

    @Test("each opt-out of each US section is found, and nothing beside them is taken for one", arguments: 7...22)
    func everySection(_ id: Int) {
        let (notices, optOuts) = id == 7 ? (6, 3) : id == 11 || id == 18 ? (4, 2) : (3, 2)
        let count = notices + optOuts + 4
        for field in 0..<count {
            var fields = [Int](repeating: 2, count: count)
            fields[field] = 1
            let isOptOut = (notices..<notices + optOuts).contains(field)
            #expect(optsOut(Self.gpp([(id, Self.core(1, fields))])) == isOptOut, "\(field)")
        }
        #expect(!optsOut(Self.gpp([(id, Self.core(1, [Int](repeating: 0, count: count)))])))
    }

    @Test("a version or section of unknown layout says nothing")
    func unknown() {
        let out = [Int](repeating: 1, count: 12)
        #expect(optsOut(Self.gpp([(7, Self.core(2, out))])))
        #expect(!optsOut(Self.gpp([(7, Self.core(3, out))])))
        #expect(!optsOut(Self.gpp([(8, Self.core(2, out))])))
        for id in [1, 2, 3, 4, 5, 23, 24, 60] { #expect(!optsOut(Self.gpp([(id, Self.core(1, out))])), "\(id)") }
    }

    @Test("sections are found behind others and in ranges; with gpp_sid only those in force count")
    func severalSections() {
        let (out, kept) = (Self.core(1, [1, 1, 1, 1, 1]), Self.core(1, [1, 1, 1, 2, 2]))
        let text = Self.gpp([(2, "CPXxRfA"), (8, kept), (10, out)])
        #expect(optsOut(text) && optsOut(text, [10]) && optsOut(text, [2, 8, 10]))
        #expect(!optsOut(text, [8]) && !optsOut(text, []) && !optsOut(text, [2]))
        // Ids 8 to 10 as one range: its first, then how many follow.
        let range = Self.text(
            Self.bits(3, 6) + Self.bits(1, 6) + Self.bits(1, 12) + "1" + Self.fibonacci(8) + Self.fibonacci(2))
        #expect(optsOut([range, kept, kept, out].joined(separator: "~")))
        #expect(!optsOut([range, kept, kept, kept].joined(separator: "~")))
        #expect(!optsOut([range, kept, kept].joined(separator: "~")))
    }

    @Test(
        "what is cut short or is no GPP string says nothing",
        arguments: [
            "", "~", "D", "DB", "DBA", "DBAB", "DBABL", "DBABLA", "DBABLA~", "DBABLA~B", "DBABLA~BV", "DBABLA~.YA",
            "CPXxRfA~BVVVkkkkkpFY", "DCABLA~BVVVkkkkkpFY", "DBABLA~\u{e9}", "DBABLA~BVV VVkkkk",
            "D__________~BVVVkkkkkpFY",
            "DBABAAAAAAAAAA~BVVVkkkkkpFY",
        ])
    func hostile(_ text: String) { #expect(!optsOut(text) || text == "DBABLA~.YA") }

    @Test(
        "gpp_sid is read as list, number and text",
        arguments: [
            ("[7,8]", [7, 8]), ("7", [7]), (#""7""#, [7]), (#""7,8""#, [7, 8]), (#""7_8""#, [7, 8]),
            (#"" 7 , 8""#, [7, 8]), ("-1", []), (#""-1""#, []), ("[-1]", []), (#"["7","8"]"#, [7, 8]),
            ("0", nil), (#""0""#, nil), ("[0]", nil), ("[]", nil), (#""""#, nil), (#""usnat""#, nil), ("{}", nil),
            ("true", nil), ("[7,0]", nil), ("99999999999999999999", []), ("7.5", nil),
        ] as [(String, [Int]?)])
    func sectionIDs(_ json: String, _ expected: [Int]?) throws {
        var tape = EventTape()
        let root = try JSONTapeParser().parse(Array(#"{"v":\#(json)}"#.utf8).span, onto: &tape)
        guard let node = tape.value(root, "v") else { throw JSONFault.malformed }
        let read = GPPSections(node, on: &tape)
        #expect(read == expected.map { ids in ids.reduce(into: GPPSections()) { $0.insert($1) } })
    }
}
