import RelayModel
import Testing

@testable import Privacy

@Suite("Limited data processing")
struct LimitedDataProcessingTests {
    private func run(
        optOutType: String = "", st: [String] = [], country: [String] = [], ldpStates: [String] = [],
        optOut: Bool = false
    ) throws -> PrivacyResult {
        var trial = PrivacyTrial()
        trial.rules.ldpStates = Set(ldpStates.compactMap { StateCode($0) })
        if optOut {
            trial.rules.onDenial = .optOut
            trial.event.consent.adStorage = .denied
        }
        trial.event.custom.optOutType = trial.text(optOutType)
        for value in st { trial.add(value, to: \.st) }
        for value in country { trial.add(value, to: \.country) }
        return try trial.run()
    }

    private func flag(_ result: PrivacyResult) -> String { result.string(result.event.custom.optOutType) }

    @Test("state and country leave in both spellings, lower case first", arguments: ["LDP", " ldp ", "X,LDP"])
    func bothSpellings(optOutType: String) throws {
        let result = try run(optOutType: optOutType, st: ["CA"], country: ["us"])
        #expect(flag(result) == "LDP")
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
        #expect(result.warnings.isEmpty)
    }

    @Test("without the flag only the lower case leaves")
    func oneSpelling() throws {
        let result = try run(st: ["CA"], country: ["US"])
        #expect(flag(result).isEmpty)
        #expect(result.hexes(\.st) == [try sha256("ca")])
        #expect(result.hexes(\.country) == [try sha256("us")])
    }

    @Test("any other opt_out_type is left out with a warning", arguments: ["CCPA", "LDPX", "L D P", ","])
    func otherTypes(optOutType: String) throws {
        let result = try run(optOutType: optOutType, st: ["CA"], country: ["US"])
        #expect(flag(result).isEmpty)
        #expect(result.kinds == [.unusable])
    }

    @Test(
        "a configured state sets the flag, in the US and where no country is named",
        arguments: [
            (["CA"], ["US"], "LDP"), (["ca"], [], "LDP"), (["US-CA"], ["US"], "LDP"), (["NY", "CA"], ["US"], "LDP"),
            (["NY"], ["US"], ""), (["CA"], ["DE"], ""), ([], ["US"], ""), ([], [], ""),
        ])
    func configuredStates(st: [String], country: [String], expected: String) throws {
        #expect(flag(try run(st: st, country: country, ldpStates: ["CA", "TX"])) == expected)
    }

    @Test("a US privacy signal sets the flag, with both spellings of the place")
    func privacySignal() throws {
        var trial = PrivacyTrial()
        trial.event.optsOutOfSale = true
        trial.add("CA", to: \.st)
        trial.add("US", to: \.country)
        let result = try trial.run()
        #expect(flag(result) == "LDP")
        #expect(result.hexes(\.st) == [try sha256("ca"), try sha256("CA")])
        #expect(result.hexes(\.country) == [try sha256("us"), try sha256("US")])
        #expect(!result.event.optOut)
    }

    @Test("with one place or none it is flagged all the same, with a warning", arguments: [["CA"], []], [["US"], []])
    func missingPlace(st: [String], country: [String]) throws {
        let result = try run(optOutType: "LDP", st: st, country: country)
        #expect(flag(result) == "LDP")
        #expect(result.kinds == (st.isEmpty || country.isEmpty ? [.ldpWithoutPlace] : []))
    }

    @Test("an opted-out event keeps the flag and names no place")
    func optedOut() throws {
        let result = try run(st: ["CA"], country: ["US"], ldpStates: ["CA"], optOut: true)
        #expect(flag(result) == "LDP")
        #expect(result.hexes(\.st).isEmpty && result.hexes(\.country).isEmpty)
        #expect(result.kinds == [.ldpWithoutPlace])
    }
}
