import RelayModel
import Testing

@testable import Privacy

/// A value, what it is normalised to, and the SHA-256 of that as `printf %s ... | sha256sum` gives it.
struct HashedExample: Sendable, CustomTestStringConvertible {
    enum Rules: Sendable { case standard, monthFirst, keepsCase }

    let field: String
    let value: String
    let canonical: String
    let hash: String
    let country: String?
    let others: [String]
    let rules: Rules

    init(
        _ field: String, _ value: String, _ canonical: String, _ hash: String, country: String? = nil,
        and others: [String] = [], rules: Rules = .standard
    ) {
        self.field = field
        self.value = value
        self.canonical = canonical
        self.hash = hash
        self.country = country
        self.others = others
        self.rules = rules
    }

    var testDescription: String { "\(field) \(value) \(country ?? "")" }

    func check() throws {
        #expect(try sha256(canonical) == hash)
        let row = NormalRow(value, gives: [canonical] + others, country: country)
        var rules = PrivacyRules()
        if self.rules == .monthFirst { rules.dayMonthOrder = .monthFirst }
        if self.rules == .keepsCase { (rules.externalIDCase, rules.maidsCase) = (.keep, .keep) }
        try row.check(field, rules: rules)
    }
}

@Suite("Hashed examples")
struct HashedExampleTests {
    /// `pinterest-api.md` 6. Where it lists more than one reading, the one of `mapping.md` stands here: the trunk zero
    /// behind `+49` vanishes, and a British postcode keeps its letters where the country is known.
    @Test(
        "the examples of the upstream's documentation give the hashes that stand there",
        arguments: [
            HashedExample(
                "em", "john.doe@example.com", "john.doe@example.com",
                "836f82db99121b3481011f16b49dfa5fbc714a0d1b1b9f784a1ebbbf5b39577f"),
            HashedExample(
                "em", "John.Doe@Example.COM", "john.doe@example.com",
                "836f82db99121b3481011f16b49dfa5fbc714a0d1b1b9f784a1ebbbf5b39577f"),
            HashedExample(
                "em", "  Jane@Example.com ", "jane@example.com",
                "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"),
            HashedExample(
                "em", "Jane+News@Example.com", "jane+news@example.com",
                "5a70ec8b461e4cac30f3a4b74cc1281e8ae664423f94429b738152ca14d81b77"),
            HashedExample(
                "em", "J.A.N.E@gmail.com", "j.a.n.e@gmail.com",
                "9be5bd8805a22142c21bbcc8b4e5fe3920d920c7360cfbb7cab91b24dee8ab84"),
            HashedExample(
                "ph", "+1 (415) 555-2671", "14155552671",
                "758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"),
            HashedExample(
                "ph", "1-800-555-0199", "18005550199",
                "e7064545b3dbc97018da9c348b813f95f5ac075735f50efb3baaef541c4de7cd"),
            HashedExample(
                "ph", "+44 20 7946 0958", "442079460958",
                "35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823"),
            HashedExample(
                "ph", "0044 20 7946 0958", "442079460958",
                "35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823"),
            HashedExample(
                "ph", "+49 (030) 901820", "4930901820",
                "c03f76216358b07b09a300613908002987efc1ae9a2ef2a85d57d5a971bf821a"),
            HashedExample(
                "ph", "+1.415.555.2671 ext", "14155552671",
                "758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"),
            HashedExample(
                "ge", "F", "f",
                "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"),
            HashedExample(
                "ge", "M", "m",
                "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"),
            HashedExample(
                "ge", "N", "n",
                "1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9"),
            HashedExample(
                "ge", "Female", "f",
                "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"),
            HashedExample(
                "ge", "male", "m",
                "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"),
            HashedExample(
                "ge", "Non-binary", "n",
                "1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9"),
            HashedExample(
                "db", "1990-04-05", "19900405",
                "01433d270632f5b4e3bff9da6f27d5c1fdf1f5eb45442adfa5f2f20bd6b6503b"),
            HashedExample(
                "db", "04/05/1990", "19900405",
                "01433d270632f5b4e3bff9da6f27d5c1fdf1f5eb45442adfa5f2f20bd6b6503b", rules: .monthFirst),
            HashedExample(
                "db", "1984-12-26", "19841226",
                "56e97722483f3018ef378404412a6824c8085b7d5de5e47e36daa0e825b68758"),
            HashedExample(
                "fn", "Alice", "alice",
                "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"),
            HashedExample(
                "fn", " MARY ANN ", "mary ann",
                "343b97011010c3549fe7fcd6c226ed9431ea37b0b77ed78f6300a0098925faf1"),
            HashedExample(
                "fn", "José", "josé",
                "d994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866"),
            HashedExample(
                "ln", "O'Brien", "o'brien",
                "65b87174be3b1b122e2b0929f0b84888637d31a4a83bb96a860bcff411f5e668"),
            HashedExample(
                "ln", "MÜLLER", "müller",
                "2dbd218072117713f2d5996a726a9b216ed791ffd0783b6ba4ab6d61b8333192"),
            HashedExample(
                "ln", "van der Berg", "van der berg",
                "a6fe68a719fbd8e4466cb6992d9a64dd1f6837e26dfc5a024f1393f51d3737c0"),
            HashedExample(
                "ct", "San Francisco", "sanfrancisco",
                "1a6bd4d9d79dc0a79b53795c70d3349fa9e38968a3fbefbfe8783efb1d2b6aac"),
            HashedExample(
                "ct", "St. Louis", "stlouis",
                "8ba24bdf99947996f3000259be455de791b06fcc0e802ce05031030df1ee8ea3"),
            HashedExample(
                "ct", "Winston-Salem", "winstonsalem",
                "9e54909cf7a66751ffbdfb4f79635e6d36de413d76f86c5ef42cb8b697662751"),
            HashedExample(
                "ct", "Menlo Park", "menlopark",
                "0007a3d64c01e23d5075203c5977c14e4f7e01a3fc570686fcc50b5e1dd42685"),
            HashedExample(
                "ct", "São Paulo", "sãopaulo",
                "3eda1428ae1aece064071f8d40f08fe2bc59ffa66c171a163caf15122ec4d7f0"),
            HashedExample(
                "st", "CA", "ca",
                "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126"),
            HashedExample(
                "st", "NY", "ny",
                "1b06e2003f8420d6fa42badd8f77ec0f706b976b7a48b13c567dc5a559681683"),
            HashedExample(
                "st", "California", "ca",
                "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126"),
            HashedExample(
                "zp", "94107", "94107",
                "c884a209ebe08750a7d13db63bd02233b375bd79786cbe329ab11586cc35dead"),
            HashedExample(
                "zp", "94107-1234", "941071234",
                "c711389868997b7f3f747e95fbce358e2ac994a8b4e838142a4e968c2cfc8b22", and: ["94107"]),
            HashedExample(
                "zp", " 02116 ", "02116",
                "438fc16bf08121cc2f6124e437a2d5fd35c5a347cae8ad9999c4b6d791f414b9"),
            HashedExample(
                "zp", "SW1A 1AA", "11",
                "4fc82b26aecb47d2868c4efbe3581732a3e7cbcc6c2efb32062c08170a05eeb8"),
            HashedExample(
                "zp", "SW1A 1AA", "sw1a1aa",
                "830e1d4b9838bab1f5c2acdb23e0b502ff13a9832c4632e8d67a1d43d3b7f614", country: "GB"),
            HashedExample(
                "country", "US", "us",
                "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"),
            HashedExample(
                "country", "us", "us",
                "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"),
            HashedExample(
                "country", "GB", "gb",
                "0b407281768f0e833afef47ed464b6571d01ca4d53c12ce5c51d1462f4ad6677"),
            HashedExample(
                "country", "DE", "de",
                "959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578"),
            HashedExample(
                "external_id", "user-12345", "user-12345",
                "43a2f41a7bffacce74013d74a2f459db5d69d38e061cb8d0e5e262102e2d98d7"),
            HashedExample(
                "external_id", " User-12345 ", "User-12345",
                "b18075c8f08d7774088a0910823bd34903c13d68eb71791e01439b2ef87f8710", rules: .keepsCase),
            HashedExample(
                "external_id", "User-12345", "user-12345",
                "43a2f41a7bffacce74013d74a2f459db5d69d38e061cb8d0e5e262102e2d98d7"),
            HashedExample(
                "hashed_maids", "cdda802e-fb9c-47ad-9866-0794d394c912", "cdda802e-fb9c-47ad-9866-0794d394c912",
                "f23b554b2a8fb732a8b973733832e70f018da7bc294dfea289735a07d5dd2c9f"),
            HashedExample(
                "hashed_maids", "EA7583CD-A667-48BC-B806-42ECB2B48606", "EA7583CD-A667-48BC-B806-42ECB2B48606",
                "70574fa9c8f498a7b2e5c8712b1126de7b1406fd02fdc591821c5bd33092fd1c", rules: .keepsCase),
            HashedExample(
                "hashed_maids", "EA7583CD-A667-48BC-B806-42ECB2B48606", "ea7583cd-a667-48bc-b806-42ecb2b48606",
                "6cd6140c54b2741b81b0099b232a3ddaeed82df456f43563574877baec22b632"),
        ])
    func documented(example: HashedExample) throws { try example.check() }

    @Test("with limited data processing, state and country are hashed in lower case and then in upper case")
    func limitedDataProcessing() throws {
        var trial = PrivacyTrial()
        trial.add("CA", to: \.st)
        trial.add("US", to: \.country)
        trial.event.custom.optOutType = trial.text("LDP")
        let result = try trial.run()
        #expect(
            result.hexes(\.st) == [
                "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126",
                "4b650e5c4785025dee7bd65e3c5c527356717d7a1c0bfef5b4ada8ca1e9cbe17",
            ])
        #expect(
            result.hexes(\.country) == [
                "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621",
                "9b202ecbc6d45c6d8901d989a918878397a3eb9d00e8f48022fc051b19d21a1d",
            ])
    }
}
