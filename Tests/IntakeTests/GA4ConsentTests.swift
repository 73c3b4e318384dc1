import Intake
import RelayModel
import Testing

@Suite("GA4 consent parameters")
struct GA4ConsentTests {
    private func consent(_ query: String) throws -> ConsentSignal {
        try decode(GA4WireAdapter(), .ga4Collect, query: "v=2&tid=G-1&en=a&\(query)")[0].consent
    }

    private typealias State = ConsentSignal.State

    /// The default state in a letter's bits 2 and 3, the update in bits 0 and 1; an upper-case letter adds what was
    /// declared in bits 4 and 5 (`ga4-wire.md` 4.2). An update beats the default, that the declaration.
    @Test(
        "the letters of gcd",
        arguments: [
            ("l", .unset), ("m", .denied), ("n", .granted),
            ("p", .denied), ("q", .denied), ("r", .granted),
            ("t", .granted), ("u", .denied), ("v", .granted),
            // Declared denied.
            ("B", .denied), ("C", .denied), ("D", .granted),
            ("F", .denied), ("G", .denied), ("H", .granted),
            ("J", .granted), ("K", .denied), ("L", .granted),
            // Declared granted.
            ("R", .granted), ("S", .denied), ("T", .granted),
            ("V", .denied), ("W", .denied), ("X", .granted),
            ("Z", .granted), ("-", .denied), ("_", .granted),
            // No letter of the alphabet, and one that says nothing.
            ("!", .unset), ("0", .unset), ("1", .unset),
        ] as [(String, ConsentSignal.State)])
    func letters(_ letter: String, _ state: ConsentSignal.State) throws {
        let signal = try consent("gcd=13\(letter)3l3\(letter)3\(letter)1l1")
        #expect(signal.adStorage == state)
        #expect(signal.adUserData == state)
        #expect(signal.adPersonalization == state)
        #expect(signal.isDenied == (state == .denied))
    }

    @Test(
        "the first letter of a gcd pair counts where the second says nothing: an implied denial alone is a signal",
        arguments: [("1", .unset), ("2", .denied), ("3", .unset)] as [(String, ConsentSignal.State)])
    func implied(_ letter: String, _ state: ConsentSignal.State) throws {
        let silent = try consent("gcd=1\(letter)l\(letter)l\(letter)l\(letter)l1")
        #expect(silent.adStorage == state)
        #expect(silent.adUserData == state)
        #expect(silent.adPersonalization == state)
        let spoken = try consent("gcd=1\(letter)r\(letter)r\(letter)r\(letter)r1")
        #expect(spoken.adStorage == .granted && spoken.adUserData == .granted && !spoken.isDenied)
    }

    @Test(
        "gcs and gcd together: a denial wins",
        arguments: [
            ("gcs=G111", .granted, false),
            ("gcs=G110", .granted, false),
            ("gcs=G101", .denied, true),
            ("gcs=G100", .denied, true),
            ("gcs=G1--", .unset, false),
            ("gcs=G1-1", .unset, false),
            ("gcs=G", .unset, false),
            ("gcs=G2DD", .unset, false),
            ("gcs=G111&gcd=13p3p3p3p1", .denied, true), ("gcs=G100&gcd=13r3r3r3r1", .denied, true),
            ("gcs=G111&gcd=13r3l3u3l1", .granted, true),
            ("gcd=13l3l3l3l1l1", .unset, false),
            ("gcd=11l1l1l1l1", .unset, false),
            ("gcd=13r3r3r2l1", .granted, false), ("gcd=12l2l2l2l1", .denied, true), ("gcd=13r", .granted, false),
            ("gcd=1", .unset, false),
            ("gcd=", .unset, false),
            ("gcd=23p3p3p3p1", .unset, false),
            ("npa=1", .unset, false),
        ] as [(String, ConsentSignal.State, Bool)])
    func together(_ query: String, _ adStorage: ConsentSignal.State, _ isDenied: Bool) throws {
        let signal = try consent(query)
        #expect(signal.adStorage == adStorage)
        #expect(signal.isDenied == isDenied)
    }

    @Test(
        "npa=1 denies personalisation, whatever gcd says of it, and nothing else",
        arguments: [
            ("npa=1", .denied), ("npa=1&gcd=13t3t3t3t1", .denied), ("npa=0&gcd=13t3t3t3t1", .granted),
            ("npa=0", .unset), ("npa=", .unset),
        ] as [(String, ConsentSignal.State)])
    func nonPersonalisedAds(_ query: String, _ personalization: ConsentSignal.State) throws {
        let signal = try consent(query)
        #expect(signal.adPersonalization == personalization)
        #expect(!signal.isDenied)
    }

    @Test(
        "what is delegated to ad_storage follows its commands, before a declaration and an implied denial",
        arguments: [
            ("13p3pPl3l1", .denied), ("13r3rPl3l1", .granted), ("13l3lPl3l1", .unset),
            // Its own command comes first.
            ("13p3pPt3l1", .granted), ("13r3rPu3l1", .denied),
            // `O`: delegated, and denied by implication; `R`: declared granted.
            ("13r3rOl3l1", .granted), ("13l3lOl3l1", .denied), ("13p3pPR3l1", .denied), ("13l3lPR3l1", .granted),
        ] as [(String, ConsentSignal.State)])
    func delegated(_ gcd: String, _ adUserData: ConsentSignal.State) throws {
        #expect(try consent("gcd=\(gcd)").adUserData == adUserData)
    }
}
