import RelayModel
import Testing

@testable import Privacy

/// One row of a table: values in, canonical texts out (each is looked for as its hash), and the warnings' kinds.
struct NormalRow: Sendable, CustomTestStringConvertible {
    let values: [String]
    let canonical: [String]
    let warnings: [String]
    let country: String?

    init(_ values: String..., gives canonical: [String], warns warnings: [String] = [], country: String? = nil) {
        self.values = values
        self.canonical = canonical
        self.warnings = warnings
        self.country = country
    }

    var testDescription: String { "\(values) \(country ?? "")" }

    /// Sends the row's values through one field and compares.
    func check(_ name: String, rules: PrivacyRules = PrivacyRules()) throws {
        let field = FieldUnderTest(name)
        var trial = PrivacyTrial()
        trial.rules = rules
        for value in values { trial.add(value, to: field.input) }
        if let country { trial.add(country, to: \.country) }
        let result = try trial.run()
        #expect(result.hexes(field.output) == (try canonical.map(sha256)))
        #expect(result.kinds.map(\.rawValue) == warnings)
        #expect(result.warnings.allSatisfy { $0.field == "user_data.\(name)" })
    }
}

@Suite("Normalising")
struct NormalisingTests {
    @Test(
        "e-mails are trimmed and lower-cased and need one @ with text on both sides",
        arguments: [
            NormalRow("A@B", gives: ["a@b"]),
            NormalRow("\t Jane.Doe+x@Example.com\u{A0}\u{3000}\n", gives: ["jane.doe+x@example.com"]),
            NormalRow("JÜRGEN@MÜLLER.DE", gives: ["jürgen@müller.de"]),
            NormalRow("jane.example.com", gives: [], warns: ["not_an_email"]),
            NormalRow("@example.com", gives: [], warns: ["not_an_email"]),
            NormalRow("jane@", gives: [], warns: ["not_an_email"]),
            NormalRow("a@b@c", gives: [], warns: ["not_an_email"]),
            NormalRow("bad", "a@b", "worse", gives: ["a@b"], warns: ["not_an_email"]),
            NormalRow("A@B", "a@b ", "c@d", gives: ["a@b", "c@d"]),
            NormalRow(" ", "\u{2003}", gives: []),
        ])
    func emails(row: NormalRow) throws { try row.check("em") }

    @Test(
        "phones become whole international digits, or where there is no such number their own digits with a warning",
        arguments: [
            NormalRow("+14155552671", gives: ["14155552671"]),
            NormalRow("+1.415/555-2671", gives: ["14155552671"]),
            NormalRow("+49 30 901820", gives: ["4930901820"]),
            NormalRow("+49 (030) 901820", gives: ["4930901820"]),
            NormalRow("+49 (0)30 901820", gives: ["4930901820"]),
            NormalRow("030 901820", gives: ["4930901820"], country: "DE"),
            NormalRow("030 901820", gives: ["30901820"], warns: ["phone_not_parsed"]),
            NormalRow("07911 123456", gives: ["447911123456"], country: "uk"),
            NormalRow("(415) 555-2671", gives: ["14155552671"], country: "United States"),
            NormalRow("415 555 2671", gives: ["4155552671"], warns: ["phone_not_parsed"]),
            NormalRow("+1 415 555 2671 ext. 12", gives: ["14155552671"]),
            NormalRow("+1 415 555 26711", gives: ["141555526711"], warns: ["phone_not_parsed"]),
            NormalRow("+1234567890123456", gives: ["1234567890123456"], warns: ["phone_not_parsed"]),
            NormalRow("+٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨", gives: ["442079460958"]),
            NormalRow("٠٠٩٧١ ٥٠ ١٢٣ ٤٥٦٧", gives: ["971501234567"]),
            NormalRow("٠٥٠ ١٢٣ ٤٥٦٧", gives: ["971501234567"], country: "AE"),
            NormalRow("۰۹۱۲ ۳۴۵ ۶۷۸۹", gives: ["989123456789"], country: "IR"),
            NormalRow("०२२ २३४५ ६७८९", gives: ["912223456789"], country: "IN"),
            NormalRow("＋８１ ３－１２３４－５６７８", gives: ["81312345678"]),
            NormalRow("+44\u{A0}20\u{202F}7946\u{2011}0958", gives: ["442079460958"]),
            NormalRow("+14155552671", "001 415 555 2671", "(415) 555-2671", gives: ["14155552671"], country: "US"),
            NormalRow("call me", gives: [], warns: ["unusable"]),
            NormalRow("000", gives: [], warns: ["unusable"]),
            NormalRow("+", gives: [], warns: ["unusable"]),
        ])
    func phones(row: NormalRow) throws { try row.check("ph") }

    @Test(
        "names are trimmed and lower-cased by Unicode's rules; what stands inside stays",
        arguments: [
            NormalRow(" Mary  Ann ", gives: ["mary  ann"]),
            NormalRow("Jean-Luc", gives: ["jean-luc"]),
            NormalRow("O’Brien", gives: ["o’brien"]),
            NormalRow("Jose\u{301}", gives: ["jos\u{E9}"]),
            NormalRow("A\u{30A}NGSTRO\u{308}M", gives: ["\u{E5}ngstr\u{F6}m"]),
            NormalRow("\u{1100}\u{1161}", gives: ["\u{AC00}"]),
            NormalRow("İstanbul", gives: ["i\u{307}stanbul"]),
            NormalRow("DIYARBAKIR", gives: ["diyarbakir"]),
            NormalRow("ΓΙΏΡΓΟΣ", gives: ["γιώργος"]),
            NormalRow("ΣΊΣΥΦΟΣ ΣΤΑ", gives: ["σίσυφος στα"]),
            NormalRow("STRASSE", "Straße", gives: ["strasse", "straße"]),
            NormalRow("ИВАН", gives: ["иван"]),
            NormalRow("山田", gives: ["山田"]),
            NormalRow("Null", gives: [], warns: ["placeholder"]),
            NormalRow("(NOT SET)", gives: [], warns: ["placeholder"]),
            NormalRow("[object Object]", gives: [], warns: ["placeholder"]),
        ])
    func names(row: NormalRow) throws {
        try row.check("fn")
        try row.check("ln")
    }

    @Test(
        "cities lose spaces, punctuation and symbols of every script and keep letters, accents and digits",
        arguments: [
            NormalRow("St. John's", gives: ["stjohns"]),
            NormalRow("L’Haÿ-les-Roses", gives: ["lhaÿlesroses"]),
            NormalRow("Sa\u{303}o\u{A0}Paulo", gives: ["s\u{E3}opaulo"]),
            NormalRow("Frankfurt (Oder)", gives: ["frankfurtoder"]),
            NormalRow("10 de Octubre", gives: ["10deoctubre"]),
            NormalRow("東京・港区", gives: ["東京港区"]),
            NormalRow("मुंबई", gives: ["मुंबई"]),
            NormalRow("A€B™C", gives: ["abc"]),
            NormalRow("---", gives: [], warns: ["unusable"]),
            NormalRow("unknown", gives: [], warns: ["placeholder"]),
        ])
    func cities(row: NormalRow) throws { try row.check("ct") }

    @Test(
        "states are codes of their country, two letters without one, or names; what no table knows is left out",
        arguments: [
            NormalRow("CA", gives: ["ca"]),
            NormalRow(" ny ", gives: ["ny"], country: "US"),
            NormalRow("US-CA", gives: ["ca"]),
            NormalRow("us-tx", gives: ["tx"], country: "US"),
            NormalRow("GB-ENG", gives: ["eng"], country: "UK"),
            NormalRow("US-CA", gives: [], warns: ["unknown_code"], country: "FR"),
            NormalRow("California", gives: ["ca"]),
            NormalRow("N.Y.", gives: ["ny"]),
            NormalRow("ZZ", gives: ["zz"]),
            NormalRow("ZZ", gives: [], warns: ["unknown_code"], country: "US"),
            NormalRow("Bayern", gives: [], warns: ["unknown_code"]),
            NormalRow("California", gives: [], warns: ["unknown_code"], country: "DE"),
            NormalRow("75", gives: ["75"], country: "FR"),
            NormalRow("2a", gives: ["2a"], country: "FR"),
            NormalRow("RM", gives: ["rm"], country: "IT"),
            NormalRow("JP-13", gives: ["13"]),
            NormalRow("DE-XX", gives: [], warns: ["unknown_code"]),
            NormalRow("Central", gives: [], warns: ["unknown_code"], country: "HK"),
            NormalRow("12", gives: [], warns: ["unknown_code"]),
            NormalRow("C", gives: [], warns: ["unknown_code"]),
            NormalRow("US-", "US-CALI", gives: [], warns: ["unknown_code"]),
            NormalRow("CA", "NY", "ca", gives: ["ca", "ny"]),
        ])
    func states(row: NormalRow) throws { try row.check("st") }

    @Test(
        "postcodes are digits, with letters where the country has them, and ZIP+4 gives two values",
        arguments: [
            NormalRow("94107-1234", gives: ["941071234", "94107"], country: "US"),
            NormalRow("941071234", gives: ["941071234", "94107"], country: "us"),
            NormalRow("94107-1234", gives: ["941071234", "94107"]),
            NormalRow("941071234", gives: ["941071234"]),
            NormalRow("94107-1234", gives: ["941071234"], country: "DE"),
            NormalRow("D-10115", gives: ["10115"], country: "DE"),
            NormalRow("SW1A 1AA", gives: ["sw1a1aa"], country: "GB"),
            NormalRow("SW1A 1AA", gives: ["sw1a1aa"], country: "uk"),
            NormalRow("1234 ab", gives: ["1234ab"], country: "NL"),
            NormalRow("K1A-0B1", gives: ["k1a0b1"], country: "CA"),
            NormalRow("１００-0001", gives: ["1000001"], country: "JP"),
            NormalRow("n/a", gives: [], warns: ["placeholder"]),
            NormalRow("none here", gives: [], warns: ["unusable"]),
            NormalRow("75008", gives: ["75008"], country: "France"),
            NormalRow("28013", gives: ["28013"], country: "ES"),
            NormalRow("00-950", gives: ["00950"], country: "PL"),
            NormalRow("114 55", gives: ["11455"], country: "SE"),
            NormalRow("01310-100", gives: ["01310100"], country: "BR"),
            NormalRow("100-0001", gives: ["1000001"], country: "JP"),
            NormalRow("110 001", gives: ["110001"], country: "IN"),
            NormalRow("D02 AF30", gives: ["d02af30"], country: "IE"),
            NormalRow("VLT 1117", gives: ["vlt1117"], country: "MT"),
            NormalRow("LV-1050", gives: ["1050"], country: "LV"),
            NormalRow("C1425CLA", gives: ["c1425cla"], country: "AR"),
            NormalRow("AD500", gives: ["ad500"], country: "AD"),
            NormalRow("BT1 5GS", gives: ["bt15gs"], country: "Northern Ireland"),
            NormalRow("١١٥٦٤", gives: ["11564"], country: "SA"),
            NormalRow("٩٤١٠٧", gives: ["94107"]),
            NormalRow("АB1", gives: ["аb1"], country: "GB"),
        ])
    func postalCodes(row: NormalRow) throws { try row.check("zp") }

    @Test(
        "countries are alpha-2 from alpha-2, alpha-3, numeric code or English name; what is none of them is left out",
        arguments: [
            NormalRow(" de", gives: ["de"]), NormalRow("UK", gives: ["gb"]), NormalRow("GB", "uk", gives: ["gb"]),
            NormalRow("USA", "us", "840", "United States", "U.S.A.", "united states of america", gives: ["us"]),
            NormalRow("GBR", "U.K.", "826", "Great Britain", "England", "Scotland", gives: ["gb"]),
            NormalRow("DEU", "276", "Germany", "Federal Republic of Germany", gives: ["de"]),
            NormalRow("NLD", "The Netherlands", "Holland", "Kingdom of the Netherlands", gives: ["nl"]),
            NormalRow("TUR", "Turkey", "TÜRKİYE", "Turkiye", gives: ["tr"]),
            NormalRow("Côte d'Ivoire", "COTE D’IVOIRE", "Ivory Coast", gives: ["ci"]),
            NormalRow("Korea, Republic of", "South Korea", "Republic of Korea", gives: ["kr"]),
            NormalRow("Trinidad & Tobago", "TTO", gives: ["tt"]),
            NormalRow("Saint Lucia", "St. Lucia", gives: ["lc"]),
            NormalRow("004", gives: ["af"]), NormalRow("4", gives: [], warns: ["unknown_code"]),
            NormalRow("Georgia", gives: ["ge"]), NormalRow("Czech Republic", "CZ", gives: ["cz"]),
            NormalRow("XX", "ABX", "999", "Atlantis", "the", gives: [], warns: ["unknown_code"]),
            NormalRow("Virgin Islands", gives: [], warns: ["unknown_code"]),
            NormalRow("u1", gives: [], warns: ["unknown_code"]),
            NormalRow("Deutschland", gives: [], warns: ["unknown_code"]),
        ])
    func countries(row: NormalRow) throws { try row.check("country") }

    @Test(
        "genders are f, m or n from letter or word",
        arguments: [
            NormalRow("WOMAN", gives: ["f"]), NormalRow("man", gives: ["m"]), NormalRow("nonbinary", gives: ["n"]),
            NormalRow("Non Binary", gives: ["n"]), NormalRow("X", gives: ["n"]), NormalRow("other", gives: ["n"]),
            NormalRow("unknown", gives: [], warns: ["placeholder"]),
            NormalRow("d", gives: [], warns: ["unusable"]), NormalRow("女", gives: [], warns: ["unusable"]),
        ])
    func genders(row: NormalRow) throws { try row.check("ge") }

    @Test("external ids are lower-cased, or keep their case by choice")
    func externalIDs() throws {
        try NormalRow(" User-12345 ", gives: ["user-12345"]).check("external_id")
        var rules = PrivacyRules()
        rules.externalIDCase = .keep
        try NormalRow(" User-É ", gives: ["User-É"]).check("external_id", rules: rules)
        try NormalRow("NULL", gives: [], warns: ["placeholder"]).check("external_id", rules: rules)
        try NormalRow("Anonymous", "0", "Guest", gives: [], warns: ["placeholder"]).check("external_id")
    }

    @Test("advertising ids are lower-cased, or keep their case by choice, and all-zero ones are left out")
    func advertisingIDs() throws {
        let upper = "EA7583CD-A667-48BC-B806-42ECB2B48606"
        try NormalRow(upper, gives: [upper.lowercased()]).check("hashed_maids")
        var rules = PrivacyRules()
        rules.maidsCase = .keep
        try NormalRow(upper, gives: [upper]).check("hashed_maids", rules: rules)
        try NormalRow("00000000-0000-0000-0000-000000000000", gives: [], warns: ["placeholder"]).check("hashed_maids")
    }

    @Test("a value that the sender hashed passes in lower case, in every field", arguments: FieldUnderTest.all)
    func takesHashes(field: FieldUnderTest) throws {
        var trial = PrivacyTrial()
        let hex = String(repeating: "0Aa1", count: 16)
        trial.add(" \(hex) ", hex.lowercased(), to: field.input)
        let result = try trial.run()
        #expect(result.hexes(field.output) == [hex.lowercased()])
        #expect(result.warnings.isEmpty)
    }

    @Test("MD5 and SHA-1 hashes are left out with a warning, in every field", arguments: FieldUnderTest.all, [32, 40])
    func refusesWeakHashes(field: FieldUnderTest, length: Int) throws {
        try NormalRow(String(repeating: "aB", count: length / 2), gives: [], warns: ["weak_hash"]).check(field.name)
    }

    @Test("63 hex digits, or 64 with another character, are no hash")
    func nearlyHashes() throws {
        let hex = String(repeating: "a", count: 63)
        try NormalRow(hex, hex + "g", gives: [hex, hex + "g"]).check("external_id")
    }

    @Test("blanks are dropped without a word, in every field", arguments: FieldUnderTest.all)
    func dropsBlanks(field: FieldUnderTest) throws {
        try NormalRow("", "  ", "\u{2028}\t", gives: []).check(field.name)
    }

    @Test("bytes that are not UTF-8 are left out", arguments: FieldUnderTest.all)
    func refusesBrokenText(field: FieldUnderTest) throws {
        var trial = PrivacyTrial()
        trial.event.person[keyPath: field.input].add(trial.tape.append([0x4A, 0x6F, 0x73, 0xE9]))
        let result = try trial.run()
        #expect(result.hexes(field.output).isEmpty)
        #expect(result.kinds == [.unusable])
    }

    @Test("a value over the limit is left out, one that fits exactly is taken")
    func limitsLength() throws {
        var rules = PrivacyRules()
        rules.limits.valueByteCount = 100
        let fits = String(repeating: "x", count: 100)
        try NormalRow(fits + "y", gives: [], warns: ["too_long"]).check("external_id", rules: rules)
        try NormalRow(" \(fits) ", gives: [fits]).check("external_id", rules: rules)
        // 34 letters of two bytes that become three bytes each in lower case.
        try NormalRow(String(repeating: "Ⱥ", count: 34), gives: [], warns: ["too_long"])
            .check("external_id", rules: rules)
    }

    @Test("values of a field beyond the limit are left out with one warning")
    func limitsCount() throws {
        var rules = PrivacyRules()
        rules.limits.valuesPerField = 2
        try NormalRow("a@b", "c@d", gives: ["a@b", "c@d"]).check("em", rules: rules)
        try NormalRow("a@b", "c@d", "e@f", "g@h", gives: ["a@b", "c@d"], warns: ["too_long"]).check("em", rules: rules)
    }
}
