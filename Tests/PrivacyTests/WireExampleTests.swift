import Testing

@testable import Privacy

/// The examples of the upstream's facts page, with their hashes as `printf '%s' canonical | sha256sum` gives them.
@Suite("Wire examples")
struct WireExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let field: FieldUnderTest
        let value: String
        let hex: String

        init(_ field: String, _ value: String, _ hex: String) {
            self.field = FieldUnderTest(field)
            self.value = value
            self.hex = hex
        }

        var testDescription: String { "\(field.name) \(value)" }
    }

    @Test("a value leaves as the hash of its canonical form", arguments: examples)
    func leavesAsHash(example: Example) throws {
        var trial = PrivacyTrial()
        trial.add(example.value, to: example.field.input)
        #expect(try trial.run().hexes(example.field.output).first == example.hex)
    }

    static let examples = [
        Example("em", "john.doe@example.com", "836f82db99121b3481011f16b49dfa5fbc714a0d1b1b9f784a1ebbbf5b39577f"),
        Example("em", "John.Doe@Example.COM", "836f82db99121b3481011f16b49dfa5fbc714a0d1b1b9f784a1ebbbf5b39577f"),
        Example("em", "  Jane@Example.com ", "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"),
        Example("em", "Jane+News@Example.com", "5a70ec8b461e4cac30f3a4b74cc1281e8ae664423f94429b738152ca14d81b77"),
        Example("em", "J.A.N.E@gmail.com", "9be5bd8805a22142c21bbcc8b4e5fe3920d920c7360cfbb7cab91b24dee8ab84"),
        Example("ph", "+1 (415) 555-2671", "758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"),
        Example("ph", "1-800-555-0199", "e7064545b3dbc97018da9c348b813f95f5ac075735f50efb3baaef541c4de7cd"),
        Example("ph", "+44 20 7946 0958", "35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823"),
        Example("ph", "0044 20 7946 0958", "35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823"),
        Example("ph", "+1.415.555.2671 ext", "758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"),
        Example("ge", "F", "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"),
        Example("ge", "M", "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"),
        Example("ge", "N", "1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9"),
        Example("ge", "Female", "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"),
        Example("ge", "male", "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"),
        Example("ge", "Non-binary", "1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9"),
        Example("db", "1990-04-05", "01433d270632f5b4e3bff9da6f27d5c1fdf1f5eb45442adfa5f2f20bd6b6503b"),
        Example("db", "1984-12-26", "56e97722483f3018ef378404412a6824c8085b7d5de5e47e36daa0e825b68758"),
        Example("fn", "Alice", "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"),
        Example("fn", " MARY ANN ", "343b97011010c3549fe7fcd6c226ed9431ea37b0b77ed78f6300a0098925faf1"),
        Example("fn", "José", "d994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866"),
        Example("ln", "O'Brien", "65b87174be3b1b122e2b0929f0b84888637d31a4a83bb96a860bcff411f5e668"),
        Example("ln", "MÜLLER", "2dbd218072117713f2d5996a726a9b216ed791ffd0783b6ba4ab6d61b8333192"),
        Example("ln", "van der Berg", "a6fe68a719fbd8e4466cb6992d9a64dd1f6837e26dfc5a024f1393f51d3737c0"),
        Example("ct", "San Francisco", "1a6bd4d9d79dc0a79b53795c70d3349fa9e38968a3fbefbfe8783efb1d2b6aac"),
        Example("ct", "St. Louis", "8ba24bdf99947996f3000259be455de791b06fcc0e802ce05031030df1ee8ea3"),
        Example("ct", "Winston-Salem", "9e54909cf7a66751ffbdfb4f79635e6d36de413d76f86c5ef42cb8b697662751"),
        Example("ct", "Menlo Park", "0007a3d64c01e23d5075203c5977c14e4f7e01a3fc570686fcc50b5e1dd42685"),
        Example("ct", "São Paulo", "3eda1428ae1aece064071f8d40f08fe2bc59ffa66c171a163caf15122ec4d7f0"),
        Example("st", "CA", "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126"),
        Example("st", "NY", "1b06e2003f8420d6fa42badd8f77ec0f706b976b7a48b13c567dc5a559681683"),
        Example("zp", "94107", "c884a209ebe08750a7d13db63bd02233b375bd79786cbe329ab11586cc35dead"),
        Example("zp", "94107-1234", "c711389868997b7f3f747e95fbce358e2ac994a8b4e838142a4e968c2cfc8b22"),
        Example("zp", " 02116 ", "438fc16bf08121cc2f6124e437a2d5fd35c5a347cae8ad9999c4b6d791f414b9"),
        Example("zp", "SW1A 1AA", "4fc82b26aecb47d2868c4efbe3581732a3e7cbcc6c2efb32062c08170a05eeb8"),
        Example("country", "US", "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"),
        Example("country", "us", "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"),
        Example("country", "GB", "0b407281768f0e833afef47ed464b6571d01ca4d53c12ce5c51d1462f4ad6677"),
        Example("country", "DE", "959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578"),
        Example("external_id", "user-12345", "43a2f41a7bffacce74013d74a2f459db5d69d38e061cb8d0e5e262102e2d98d7"),
        Example("external_id", "User-12345", "43a2f41a7bffacce74013d74a2f459db5d69d38e061cb8d0e5e262102e2d98d7"),
        Example(
            "hashed_maids", "cdda802e-fb9c-47ad-9866-0794d394c912",
            "f23b554b2a8fb732a8b973733832e70f018da7bc294dfea289735a07d5dd2c9f"),
        Example(
            "hashed_maids", "EA7583CD-A667-48BC-B806-42ECB2B48606",
            "6cd6140c54b2741b81b0099b232a3ddaeed82df456f43563574877baec22b632"),
    ]
}
