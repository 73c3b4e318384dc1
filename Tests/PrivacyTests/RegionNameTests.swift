import Testing

@testable import Privacy

@Suite("Region names")
struct RegionNameTests {
    /// One region of a country and the ways to write it.
    struct Region: Sendable, CustomTestStringConvertible {
        let country: String
        let code: String
        let names: [String]

        init(_ country: String, _ code: String, _ names: String...) {
            self.country = country
            self.code = code
            self.names = names
        }

        var testDescription: String { "\(country)-\(code)" }
    }

    @Test(
        "local and English spellings, with accents or without, give one code",
        arguments: [
            Region("US", "ca", "California", "CALIFORNIA", "CA", "us-ca"),
            Region("US", "dc", "District of Columbia", "Washington, D.C.", "DC"),
            Region("US", "nc", "North Carolina", "north  carolina"),
            Region("CA", "qc", "Québec", "Quebec", "QC", "Que\u{301}bec"),
            Region("CA", "nl", "Newfoundland and Labrador", "Newfoundland & Labrador"),
            Region("MX", "nle", "Nuevo León", "NUEVO LEON", "MX-NLE"),
            Region("MX", "cmx", "Ciudad de México", "CDMX", "Mexico City"),
            Region("DE", "by", "Bayern", "Bavaria", "DE-BY", "by"),
            Region("DE", "nw", "Nordrhein-Westfalen", "North Rhine-Westphalia"),
            Region("DE", "bw", "Baden-Württemberg", "Baden Wurttemberg", "BADEN-WÜRTTEMBERG"),
            Region("AT", "9", "Wien", "Vienna", "AT-9", "9"),
            Region("CH", "zh", "Zürich", "Zurich"), Region("CH", "ge", "Genève", "Geneva", "Genf"),
            Region("FR", "idf", "Île-de-France", "Ile de France", "ILE-DE-FRANCE"),
            Region("FR", "pac", "Provence-Alpes-Côte d'Azur", "Provence-Alpes-Côte d’Azur", "PAC"),
            Region("ES", "ct", "Catalunya", "Cataluña", "Catalonia", "Cataluna"),
            Region("ES", "an", "Andalucía", "Andalusia"), Region("ES", "m", "Madrid"),
            Region("IT", "25", "Lombardia", "Lombardy"), Region("IT", "52", "Toscana", "Tuscany"),
            Region("IT", "rm", "Roma", "Rome", "RM"),
            Region("GB", "eng", "England", "GB-ENG"), Region("GB", "wls", "Wales", "Cymru"),
            Region("IE", "co", "Cork", "County Cork", "Co. Cork"), Region("IE", "d", "Dublin", "D"),
            Region("NL", "nh", "Noord-Holland", "North Holland"),
            Region("BR", "sp", "São Paulo", "Sao Paulo", "SP"),
            Region("JP", "13", "Tokyo", "Tōkyō", "東京都", "13"), Region("JP", "27", "Osaka", "Ōsaka", "大阪府"),
            Region("TR", "34", "İstanbul", "Istanbul", "istanbul"), Region("TR", "21", "Diyarbakır", "DIYARBAKIR"),
            Region("GR", "i", "Attica", "Αττική", "ΑΤΤΙΚΉ", "ΑΤΤΙΚΗ"),
            Region("PL", "14", "Mazowieckie"), Region("PL", "10", "Łódzkie", "Lodzkie"),
            Region("RU", "mow", "Moscow", "Москва", "МОСКВА"), Region("UA", "30", "Kyiv", "Київ"),
            Region("IN", "mh", "Maharashtra", "महाराष्ट्र"), Region("AU", "nsw", "New South Wales", "N.S.W.", "AU-NSW"),
            Region("CN", "bj", "Beijing", "北京市"), Region("KR", "11", "Seoul", "서울특별시"),
        ])
    func spellings(region: Region) throws {
        for name in region.names {
            try NormalRow(name, gives: [region.code], country: region.country).check("st")
        }
    }

    @Test("a name is looked up in the first country, or in the US where none is given")
    func country() throws {
        try NormalRow("Georgia", gives: ["ga"]).check("st")
        try NormalRow("Georgia", gives: [], warns: ["unknown_code"], country: "CA").check("st")
        try NormalRow("Victoria", gives: ["vic"], country: "Australia").check("st")
    }
}
