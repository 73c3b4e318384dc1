import Testing

@Suite("Examples of the world")
struct WorldExampleTests {
    /// Scripts and countries. Lower case is Unicode's own, of no language: a Turkish `I` becomes `i`, `İ` becomes `i` and
    /// a dot above it, a sigma at the end of a word is `ς`, and `ẞ` is `ß`.
    @Test(
        "values of many scripts and countries give the hashes of their canonical texts",
        arguments: [
            HashedExample(
                "em", "Jürgen.Groß@Example.DE", "jürgen.groß@example.de",
                "b66c1b3ce0b6e3d05bd617e0a7ac84bd231fb00458aa5fd8f1108ab5b085e059"),
            HashedExample(
                "em", " Ιωάννης@Παράδειγμα.ΕΛ ", "ιωάννης@παράδειγμα.ελ",
                "aa1a438344c8707e4ecbe45155f24e7f6bcb218a0491e91b6a9300dbc953b958"),
            HashedExample(
                "em", "O'Connor+Tag@Sub.Example.co.uk", "o'connor+tag@sub.example.co.uk",
                "a0f8168fdd501a58b232fa0272f8879a772913cf9496a172828a388e2e926bde"),
            HashedExample(
                "fn", "IRMAK", "irmak",
                "4b36e8aeff497ef6e95a9ebb43ec318f090dbf6b88764b737b4931d99988508e"),
            HashedExample(
                "fn", "Işıl", "işıl",
                "e1db4be6499e24cceb05810defac86471f29aabbb42e555835a72e021206231f"),
            HashedExample(
                "fn", "IŞIL", "işil",
                "89387aac2e9b0943a2bff6b85728fe88cff9084bbf2a6853e328e5a4cd7b5f29"),
            HashedExample(
                "fn", "İREM", "i̇rem",
                "69fc5e2bf65bf823c9ac42503a44cc0568e4bcbd163bffba59350a85131b06b5"),
            HashedExample(
                "fn", "ΝΊΚΟΣ", "νίκος",
                "37f1e5973a64173e654c48a74f09c082b53b02ab8bcc7041ff5f27787c13c269"),
            HashedExample(
                "fn", "ΣΟΦΊΑ", "σοφία",
                "f5fee6c7a990085dd9c50012611029974b4d28a2501c015c341d89096b980114"),
            HashedExample(
                "fn", "ÅSA", "åsa",
                "4f3aeda40bda6c102b8b5820941ca4c47f61f9d06cd4e1d0b51619e862945d3d"),
            HashedExample(
                "fn", "ŽELJKO", "željko",
                "917f8b0c5988cded552f0187389a571b46f9970c6af27eee32ed48a2004587b1"),
            HashedExample(
                "fn", "ŁUKASZ", "łukasz",
                "974282d5169583fd089607c615244d5495c50f3be4e9e5274ad64a27dc8ee84e"),
            HashedExample(
                "fn", "ÐURA", "ðura",
                "769ad7db4e07a2a46ffd4298cc38cbc641bdae10df9eb5a3c1dc7e3855779342"),
            HashedExample(
                "fn", "ЮЛИЯ", "юлия",
                "e48771fd71e9f98aef67b6f67271e433a9e451b2602ba39a2bd5f9811603c03c"),
            HashedExample(
                "fn", "ԱՐԱՄ", "արամ",
                "823b4b1b74d7222f44a91b7c364072425e99c8c053d6aa4d0f9b98d87d4a9e1d"),
            HashedExample(
                "fn", "ᲜᲘᲜᲝ", "ნინო",
                "cbf49a47e75e44fa3168e5592e9e501b56094bb09f2f90563d7671987044ff88"),
            HashedExample(
                "fn", "محمد", "محمد",
                "0cb4c9b21062de4d2c0edd48efc9fa86b97fdc8a6a4e7fa7092544f84e121f61"),
            HashedExample(
                "fn", "דוד", "דוד",
                "9b82c59d67ea8edcb0bdd8c7960a943eee7e95bde897d8edb5b8f01b9f75fc91"),
            HashedExample(
                "fn", "花子", "花子",
                "ebaec6bca086d4bd01fb08ddcd4dd2674313d156445f9435cba5ce02a1422a40"),
            HashedExample(
                "fn", "ＪＯＨＮ", "ｊｏｈｎ",
                "c72f541da73894ff3fb2a177f4d051c32502b97c85239546e0c7fa9d0c542243"),
            HashedExample(
                "fn", "Ǆemal", "ǆemal",
                "4c7bda2afea428bbf00999384b79c3e0bd817dccf87785cfa44c7158b3503eda"),
            HashedExample(
                "ln", "GROẞ", "groß",
                "7b39b80f141a2adaed303b3f5cec8b6ad6bb47072627f805f869e8d2775467fd"),
            HashedExample(
                "ln", "Groß", "groß",
                "7b39b80f141a2adaed303b3f5cec8b6ad6bb47072627f805f869e8d2775467fd"),
            HashedExample(
                "ln", "ΠΑΠΑΔΌΠΟΥΛΟΣ", "παπαδόπουλος",
                "4152743fc54e04d6ca458512480d22ba3e0bd1d1fdf395b9b4baf5d01bae97ba"),
            HashedExample(
                "ln", "NGUYỄN", "nguyễn",
                "828b95a54a436bf4427d64fd9afe64ecf25d6c78ffabc3b64026d0a59ae8ab75"),
            HashedExample(
                "ln", "D’Angelo", "d’angelo",
                "88624c235f88a0d72416c1ce7f8272ea546dcac3408efded76bb3a6ee6bd4efd"),
            HashedExample(
                "ln", "Smith-Jones", "smith-jones",
                "db98d2607efffa28aff66975868bf54c075eca7157e35064dce08e20b85b1081"),
            HashedExample(
                "ln", "ÖZTÜRK", "öztürk",
                "820aaf629107e301ad3b6f77253ba0b6222cffa8af622f14e03890864ad2a6aa"),
            HashedExample(
                "ct", "Đà Nẵng", "đànẵng",
                "20df6426cd6e425cfde0a98c52f9b29adbe6c28a899fcf02c870161530086333"),
            HashedExample(
                "ct", "Kraków", "kraków",
                "59cbd4cbd8c0631899e466c8ee7c63443932d4902768fff60071a52a7ec25e45"),
            HashedExample(
                "ct", "ΑΘΉΝΑ", "αθήνα",
                "3e6724f0c5aee35e2726ad15f3b874a2b00fb4256fa7b475309bfb5b9d2f2b72"),
            HashedExample(
                "ct", "İzmir", "i̇zmir",
                "7c0d885628b5d359c924dcd709727d21da8deeec031fb06bf50eca6da939a5aa"),
            HashedExample(
                "ct", "São José dos Campos", "sãojosédoscampos",
                "b4488c47b1bea0a5b348f1eb38a725b901533845683bd76632289b3d03fffdf5"),
            HashedExample(
                "ct", "Coeur d'Alene", "coeurdalene",
                "09c3b43cc0c54eefe5271dbd88f25beabebd71c617bb93694aceb87f5fee2319"),
            HashedExample(
                "ct", "Санкт-Петербург", "санктпетербург",
                "827d29684d6dc03b32c29773e5c999b608757889207cd3d30e575710f779971f"),
            HashedExample(
                "ct", "القاهرة", "القاهرة",
                "972ecc0cbd5b1971c70bf0f39221ca3a6d5d516267d25a0c51860c5ce4a1cf8d"),
            HashedExample(
                "ct", "Saint-Étienne", "saintétienne",
                "bb35a91d6f2bd7ba807fdd240cc838bdd3b20fe1a6fdedba60d941fbe8d5c10f"),
            HashedExample(
                "ct", "Winston–Salem", "winstonsalem",
                "9e54909cf7a66751ffbdfb4f79635e6d36de413d76f86c5ef42cb8b697662751"),
            HashedExample(
                "ge", "FEMALE", "f",
                "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"),
            HashedExample(
                "ge", "Man", "m",
                "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"),
            HashedExample(
                "ge", "non_binary", "n",
                "1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9"),
            HashedExample(
                "db", "1990-04-05T08:00:00Z", "19900405",
                "01433d270632f5b4e3bff9da6f27d5c1fdf1f5eb45442adfa5f2f20bd6b6503b"),
            HashedExample(
                "db", "31.12.1999", "19991231",
                "fa820cbac67771fbd20f7d6bf90ebb5c3b6ebc39e7ceff2459d34a5536db2a45"),
            HashedExample(
                "db", "2000/02/29", "20000229",
                "78958c155b420adeffb55186f1ff24a0cd544a1d9577e114e7793cc45f90ae01"),
            HashedExample(
                "ph", "(415) 555-2671", "14155552671",
                "758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0", country: "US"),
            HashedExample(
                "ph", "030 901820", "4930901820",
                "c03f76216358b07b09a300613908002987efc1ae9a2ef2a85d57d5a971bf821a", country: "Germany"),
            HashedExample(
                "ph", "06 12 34 56 78", "33612345678",
                "8a3e7886c9335e82e02299fa3e87b46e2de3b0c63d56003e30a5029394a47661", country: "FRA"),
            HashedExample(
                "ph", "٠٥٠ ١٢٣ ٤٥٦٧", "971501234567",
                "b7a8f5085aa733eb29857a02945bc84a5227e693708d469ec9fb21d34e9e44f5", country: "AE"),
            HashedExample(
                "ph", "8 (495) 123-45-67", "74951234567",
                "0db1f8fe9abe3d3f789ac6cd9de8d39cfc9d2fc9a31e76010f0fa5b377e50235", country: "643"),
            HashedExample(
                "zp", "K1A 0B1", "k1a0b1",
                "3e8d74314dc02166b1ea8c7bd8c2357fb3f9898074395b8c57f8799848b4daa1", country: "CA"),
            HashedExample(
                "zp", "1012 AB", "1012ab",
                "4eae493e6faa833589c87de609450298d15d3a344685a821ecb61d385f97e090", country: "NL"),
            HashedExample(
                "zp", "SW1A 1AA", "sw1a1aa",
                "830e1d4b9838bab1f5c2acdb23e0b502ff13a9832c4632e8d67a1d43d3b7f614", country: "England"),
            HashedExample(
                "zp", "10115", "10115",
                "ac7bb74de6884ffce919c15fef4193749d4588026c643973946713ac46da540d", country: "DE"),
            HashedExample(
                "zp", "150-0043", "1500043",
                "0dfbfe6ea869d6ace51dfa2fb063b65f472c7ed7a00cf0a7ebb21a1d97ad3360", country: "JP"),
            HashedExample(
                "st", "Île-de-France", "idf",
                "84f1cf20153ffa93b9fb7efed7055a71fc0c3b967ab072801877b928bb83205c", country: "FR"),
            HashedExample(
                "st", "東京都", "13",
                "3fdba35f04dc8c462986c992bcf875546257113072a909c162f7e470e581e278", country: "JP"),
            HashedExample(
                "st", "Bavaria", "by",
                "a7e2d26e8d15814dd9c6a1bdc90585c8d0a3170dfffeb21fc42986683113041b", country: "DE"),
            HashedExample(
                "st", "Sao Paulo", "sp",
                "be18b85f77fc024db379acf19e8a1ce62307ab7bb1bca395389ecfc2dafaf741", country: "BR"),
            HashedExample(
                "st", "British Columbia", "bc",
                "1e0bbd6c686ba050b8eb03ffeedc64fdc9d80947fce821abbe5d6dc8d252c5ac", country: "CAN"),
            HashedExample(
                "country", "Viet Nam", "vn",
                "0217e4ba5939e0f93036eb33734d1d722b25af6362662f1dd49267a2faff1b54"),
            HashedExample(
                "country", "CÔTE D’IVOIRE", "ci",
                "1b158839f8aa339e89bb50b1603e90ec68e0fd5565fe10a7cb32729fddf7070a"),
            HashedExample(
                "country", "008", "al",
                "6351825030155836664876686dcff61b6a91254a0458537072a1b26ad151b5ce"),
            HashedExample(
                "external_id", "ÉLISE-42", "élise-42",
                "8d4e47f25e9acd7f6888acf19a4b4e190296937ce08191132a6b365ffb07257f"),
            HashedExample(
                "hashed_maids", "38400000-8CF0-11BD-B23E-10B96E40000D", "38400000-8cf0-11bd-b23e-10b96e40000d",
                "d4181bb455a74b3bc8b37c75ac9b2c702eb6b9930bd040b861403b31ca85634d"),
        ])
    func examples(example: HashedExample) throws { try example.check() }
}
