import Testing

@testable import Settings

@Suite("ConfigValue")
struct ConfigValueTests {
    @Test(
        "durations",
        arguments: [
            ("5s", 5000), ("250ms", 250), ("1m30s", 90_000), ("2h", 7_200_000), ("7d", 604_800_000), ("5", 5000),
            ("0.25", 250), ("1.5s", 1500), ("0", 0),
        ] as [(String, Int64)])
    func durations(text: String, millis: Int64) {
        #expect(ConfigValue.duration(text) == .milliseconds(millis))
    }

    @Test(
        "what is no duration",
        arguments: [
            "", "s", "5x", "-1", "+1", "1e3", "0.0001", "5 s", ".", "1.", "99999999999999999999",
            "9223372036854775807s", "1s2",
        ])
    func noDurations(text: String) { #expect(ConfigValue.duration(text) == nil) }

    @Test("a duration's text reads back", arguments: [0, 1, 250, 1000, 1500, 60_000, 90_000, 86_400_000] as [Int64])
    func durationText(millis: Int64) {
        let duration = Duration.milliseconds(millis)
        #expect(ConfigValue.duration(ConfigValue.text(duration)) == duration)
    }

    @Test(
        "sizes",
        arguments: [("10GiB", 10 << 30), ("64KiB", 65_536), ("4096", 4096), ("1.5MiB", 1_572_864), ("2MB", 2_000_000)])
    func sizes(text: String, bytes: Int) { #expect(ConfigValue.byteCount(text) == bytes) }

    @Test("what is no size", arguments: ["", "GiB", "10G", "10 GiB", "-1", "9223372036854775807KiB", "0.3B"])
    func noSizes(text: String) { #expect(ConfigValue.byteCount(text) == nil) }

    @Test(
        "variables are filled in",
        arguments: [
            ("${A}", "1"), ("x${A}y${B}", "x1y2"), ("$A", "$A"), ("$${A}", "${A}"), ("${C:-d}", "d"),
            ("${EMPTY:-d}", "d"),
            ("${A:-d}", "1"), ("${C:-}", ""), ("5$", "5$"), ("$$", "$$"),
        ])
    func interpolation(text: String, expected: String) {
        var missing: [String] = []
        let filled = Interpolation.fill(text, from: ["A": "1", "B": "2", "EMPTY": ""], missing: &missing)
        #expect(filled.text == expected)
        #expect(missing.isEmpty)
    }

    @Test("a variable that is unset, empty or not closed is a fault", arguments: ["${C}", "${EMPTY}", "${A", "${}"])
    func missingVariables(text: String) {
        var missing: [String] = []
        _ = Interpolation.fill(text, from: ["A": "1", "EMPTY": ""], missing: &missing)
        #expect(missing.count == 1)
    }

    @Test(
        "the nearest known word is found, a far one is not",
        arguments: [
            ("prot", "port"), ("adress", "address"), ("thread", "threads"), ("pathprefix", nil), ("xyz", nil),
        ] as [(String, String?)])
    func spelling(word: String, expected: String?) {
        let known = ["port", "address", "threads", "path_prefix_long"]
        #expect(KeySpelling.nearest(to: word, among: known) == expected)
    }
}
