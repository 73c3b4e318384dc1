import PhoneNumbers
import Privacy
import Testing

/// What the parser makes of a text.
struct Reading: Equatable, CustomTestStringConvertible {
    private static let shared = PhoneNumberParser()
    let digits: String
    let kind: PhoneReading

    init(of text: String, in region: String? = nil, by parser: PhoneNumberParser? = nil) {
        self.init(of: Array(text.utf8), in: region, by: parser)
    }

    init(of bytes: [UInt8], in region: String? = nil, by parser: PhoneNumberParser? = nil) {
        var digits: [UInt8] = []
        kind = (parser ?? Self.shared).read(bytes.span, region: region.flatMap { CountryCode($0) }, into: &digits)
        self.digits = kind == .unread ? "" : String(decoding: digits, as: UTF8.self)
    }

    var testDescription: String { "\(kind) \(digits)" }
}

@Suite("Phone number parser")
struct PhoneNumberParserTests {
    /// Written as people there do, with the trunk prefix of their country.
    @Test(
        "a national number becomes international in its region",
        arguments: [
            ("(415) 555-2671", "US", "14155552671"), ("1-415-555-2671", "US", "14155552671"),
            ("416-555-0123", "CA", "14165550123"), ("020 7946 0958", "GB", "442079460958"),
            ("07911 123456", "GB", "447911123456"), ("030 901820", "DE", "4930901820"),
            ("0171/1234567", "DE", "491711234567"), ("01 42 68 53 00", "FR", "33142685300"),
            ("06 12 34 56 78", "FR", "33612345678"), ("06 698 12345", "IT", "390669812345"),
            ("312 345 6789", "IT", "393123456789"), ("912 34 56 78", "ES", "34912345678"),
            ("020 123 4567", "NL", "31201234567"), ("02 555 12 34", "BE", "3225551234"),
            ("044 668 18 00", "CH", "41446681800"), ("01 234567", "AT", "431234567"),
            ("08-123 456 78", "SE", "46812345678"), ("21 12 34 56", "NO", "4721123456"),
            ("32 12 34 56", "DK", "4532123456"), ("22 123 45 67", "PL", "48221234567"),
            ("21 0123 4567", "GR", "302101234567"), ("0212 345 67 89", "TR", "902123456789"),
            ("8 (495) 123-45-67", "RU", "74951234567"), ("(11) 91234-5678", "BR", "5511912345678"),
            ("03-1234-5678", "JP", "81312345678"), ("010-2345-6789", "KR", "821023456789"),
            ("010 1234 5678", "CN", "861012345678"), ("022 2345 6789", "IN", "912223456789"),
            ("(02) 9374 4000", "AU", "61293744000"), ("04 123 4567", "NZ", "6441234567"),
            ("011 15-2345-6789", "AR", "5491123456789"), ("55 1234 5678", "MX", "525512345678"),
            ("01 234 5678", "IE", "35312345678"), ("011 234 5678", "ZA", "27112345678"),
        ])
    func national(text: String, region: String, digits: String) {
        #expect(Reading(of: text, in: region) == Reading(digits, .international))
    }

    @Test(
        "behind + or 00 a number is international, whatever the region",
        arguments: [
            ("+49 (0)30 901820", "4930901820"), ("+49 (030) 901820", "4930901820"), ("0049 030 901820", "4930901820"),
            ("+44 (0)20 7946 0958", "442079460958"), ("0044 20 7946 0958", "442079460958"),
            ("00 1 415 555 2671", "14155552671"), ("(+1) 415.555.2671", "14155552671"),
            ("tel:+1-415-555-2671", "14155552671"), ("+39 06 698 12345", "390669812345"),
            ("+54 9 11 2345 6789", "5491123456789"), ("+86 138 0013 8000", "8613800138000"),
            ("+1 415 555 2671 ext. 12", "14155552671"), ("+1 415 555 2671 x12", "14155552671"),
            ("+1 415 555 2671;ext=12", "14155552671"), ("+1.415.555.2671 ext", "14155552671"),
            ("+1.415.555.2671 ext.", "14155552671"), ("+1 415 555 2671 x", "14155552671"),
            ("+800 1234 5678", "80012345678"), ("+1 800 flowers", "18003569377"),
        ], [nil, "FR"])
    func international(row: (text: String, digits: String), region: String?) {
        #expect(Reading(of: row.text, in: region) == Reading(row.digits, .international))
    }

    @Test(
        "without + the region comes first, and then the digits with +",
        arguments: [
            // Valid at home: a German number that would also be a Brazilian one with +.
            ("030 901820 ext. 7", "DE", "4930901820"), ("55 1234 5678", "MX", "525512345678"),
            // Not valid at home, valid with +.
            ("14155552671", "DE", "14155552671"), ("442079460958", "US", "442079460958"),
            ("49 30 901820", "FR", "4930901820"), ("33612345678", "ES", "33612345678"),
            // No region at all.
            ("14155552671", nil, "14155552671"), ("1-800-555-0199", nil, "18005550199"),
            ("4930901820", nil, "4930901820"),
            // The exit code of the region.
            ("011 44 20 7946 0958", "US", "442079460958"),
        ])
    func regionFirst(text: String, region: String?, digits: String) {
        #expect(Reading(of: text, in: region) == Reading(digits, .international))
    }

    @Test(
        "a number of an impossible length says so, with what it parses to",
        arguments: [
            ("+1 415", nil, "1415"), ("+1 415 555 26711", nil, "141555526711"), ("123", "US", "1123"),
            ("0033 1234567890123", nil, "331234567890123"),
        ])
    func impossible(text: String, region: String?, digits: String) {
        #expect(Reading(of: text, in: region) == Reading(digits, .impossible))
    }

    @Test(
        "what is no number is unread",
        arguments: [
            ("call me", "US"), ("+", nil), ("00", nil), ("000", "DE"), ("+0 123 456 789", nil), ("+999 123 4567", nil),
            ("030 901820", nil), ("415 555 2671", nil), ("030 901820", "XX"), ("1", "US"), ("12 or 13", "US"),
        ])
    func unread(text: String, region: String?) { #expect(Reading(of: text, in: region).kind == .unread) }

    @Test("no bytes make it fail: broken UTF-8, zeros, very long texts")
    func hostile() {
        var faults: [[UInt8]] = []
        let alphabet = Array("+0123456789 ()-./;,x#ext=:*~".utf8) + [0, 0x80, 0xC3, 0xBB, 0xEF, 0xFF]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 1...40)).map { _ in alphabet.randomElement() ?? 0 }
            let reading = Reading(of: bytes, in: Bool.random() ? "US" : nil)
            let isSound = reading.digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
            if !isSound || (reading.kind != .unread && reading.digits.isEmpty) { faults.append(bytes) }
        }
        #expect(faults.isEmpty)
        #expect(Reading(of: Array("+1415\0\0555 2671".utf8)).kind != .international)
    }

    @Test("a text of 64 bytes is read, a longer one is not, so that no text takes long")
    func longTexts() {
        let number = "(415) 555-2671"
        #expect(Reading(of: number + String(repeating: " ", count: 50), in: "US").digits == "14155552671")
        #expect(Reading(of: number + String(repeating: " ", count: 51), in: "US").kind == .unread)
        for unit in ["1", "+ ", "1-", "(1", "1 ext", "1~"] {
            #expect(Reading(of: "+1" + String(repeating: unit, count: 100_000), in: "US").kind == .unread)
        }
    }

    @Test("many threads may read at once")
    func threads() async {
        let all = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let parser = PhoneNumberParser()
                    return (0..<200).allSatisfy { number in
                        Reading(of: "(415) 555-\(2000 + number)", in: "US", by: parser).digits
                            == "1415555\(2000 + number)"
                    }
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(all)
    }
}

extension Reading {
    init(_ digits: String, _ kind: PhoneReading) {
        self.digits = digits
        self.kind = kind
    }
}
