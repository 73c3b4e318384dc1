import Digests
import PhoneNumbers
import RelayModel
import RelayTestKit
import Testing

@testable import Privacy

@Suite("Hostile input")
struct HostileInputTests {
    /// Pieces that steer random text into the parsers' corners.
    private static let pieces = [
        "+", "00", "(0", "@", "%40", "%25", "%", "://", "/", "?", "&", "=", "#", "::", ":", "ffff", ".", "-", "1990",
        "29", "t", " ", "\u{A0}", "İ", "Σ", "\u{301}", "\u{1100}", "US-", "null", "0", "é", "９", "\u{0}", "bot",
    ]

    private func randomText(_ random: inout SeededRandom, onto tape: inout EventTape) -> TextRef {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            if Int.random(in: 0..<6, using: &random) == 0 {
                bytes.append(UInt8.random(in: 0...255, using: &random))
            } else {
                bytes += (Self.pieces.randomElement(using: &random) ?? "").utf8
            }
        }
        return tape.append(bytes)
    }

    @Test("no text makes the stage trap, and no hash is ever that of nothing", arguments: 1...8)
    func neverTraps(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var rules = PrivacyRules()
        rules.limits.valueByteCount = 24
        rules.limits.valuesPerField = 1
        rules.dayMonthOrder = .dayFirst
        rules.ldpStates = Set(["CA", "ENG"].compactMap { StateCode($0) })
        var stage = PrivacyStage(rules: rules)
        var hasher = try SHA256Hasher()
        var cleared = ConversionEvent(name: .standard(.custom))
        let nothing = try sha256("")
        for _ in 0..<1500 {
            var trial = PrivacyTrial()
            for field in FieldUnderTest.all {
                trial.event.person[keyPath: field.input].add(randomText(&random, onto: &trial.tape))
                trial.event.person[keyPath: field.input].add(randomText(&random, onto: &trial.tape))
            }
            trial.event.sourceURL = PersonalText(randomText(&random, onto: &trial.tape))
            trial.event.person.address = PersonalText(randomText(&random, onto: &trial.tape))
            trial.event.person.userAgent = PersonalText(randomText(&random, onto: &trial.tape))
            trial.event.custom.optOutType = randomText(&random, onto: &trial.tape)
            trial.event.custom.currency = randomText(&random, onto: &trial.tape)
            _ = stage.clear(trial.event, on: trial.tape, into: &cleared, hasher: &hasher, phones: PhoneNumberParser())
            for field in FieldUnderTest.all {
                cleared.user[keyPath: field.output].forEach { #expect($0.hex != nothing) }
            }
            let url = Array(cleared[cleared.sourceURL])
            let holdsAtSign = url.span.holdsAtSign(in: 0..<url.count)
            #expect(!holdsAtSign, "\(url)")
        }
    }

    @Test("limits of nothing or less are taken as the least that works", arguments: [0, -1, Int.min])
    func absurdLimits(limit: Int) throws {
        var trial = PrivacyTrial()
        trial.rules.limits.valueByteCount = limit
        trial.rules.limits.valuesPerField = limit
        trial.rules.limits.userAgentByteCount = limit
        trial.add("a@b", "c@d", to: \.em)
        trial.event.person.userAgent = trial.personal("Mozilla/5.0")
        let result = try trial.run()
        #expect(result.hexes(\.em) == [try sha256("a@b")])
        #expect(result.event.user.userAgent.text.isEmpty)
    }
}
