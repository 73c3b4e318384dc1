import RelayModel
import Testing

@testable import Privacy

@Suite("Consent")
struct ConsentTests {
    enum Expected: Sendable { case sent, refused }

    static let denied: [ConsentSignal] = [
        signal(storage: .denied), signal(data: .denied), signal(storage: .granted, data: .denied),
        signal(storage: .denied, data: .granted, personalization: .granted),
    ]
    static let granted: [ConsentSignal] = [
        signal(storage: .granted), signal(data: .granted), signal(storage: .granted, data: .granted),
        signal(storage: .granted, data: .granted, personalization: .denied),
    ]
    static let unsaid: [ConsentSignal] = [
        signal(), signal(personalization: .denied), signal(personalization: .granted),
    ]

    static func signal(
        storage: ConsentSignal.State = .unset, data: ConsentSignal.State = .unset,
        personalization: ConsentSignal.State = .unset
    ) -> ConsentSignal {
        var signal = ConsentSignal()
        signal.adStorage = storage
        signal.adUserData = data
        signal.adPersonalization = personalization
        return signal
    }

    private func verdict(_ signal: ConsentSignal, _ rules: PrivacyRules, gpc: Bool = false) throws -> PrivacyResult {
        var trial = PrivacyTrial()
        trial.rules = rules
        trial.event.consent = signal
        trial.event.globalPrivacyControl = gpc
        trial.add("a@b", to: \.em)
        trial.add("id-1", to: \.externalID)
        trial.add("CA", to: \.st)
        trial.event.clickID = trial.text("epik1")
        trial.event.person.address = trial.personal("203.0.113.9")
        trial.event.person.userAgent = trial.personal("Mozilla/5.0")
        trial.event.custom.value = trial.text("5")
        return try trial.run()
    }

    private func rules(_ policy: PrivacyRules.ConsentPolicy, onDenial: PrivacyRules.DenialAction = .drop)
        -> PrivacyRules
    {
        var rules = PrivacyRules()
        rules.consent = policy
        rules.onDenial = onDenial
        return rules
    }

    @Test("by default consent is respected and a denial drops the event")
    func defaults() {
        #expect(PrivacyRules().consent == .respect)
        #expect(PrivacyRules().onDenial == .drop)
        #expect(!PrivacyRules().honoursGlobalPrivacyControl)
    }

    @Test("a denial is refused unless consent is ignored", arguments: denied)
    func denial(signal: ConsentSignal) throws {
        #expect(try verdict(signal, rules(.require)).verdict == .notSent(.noConsent))
        #expect(try verdict(signal, rules(.respect)).verdict == .notSent(.noConsent))
        #expect(try verdict(signal, rules(.ignore)).verdict == .cleared(warnings: []))
    }

    @Test("silence is refused only where consent is required", arguments: unsaid)
    func silence(signal: ConsentSignal) throws {
        #expect(try verdict(signal, rules(.require)).verdict == .notSent(.noConsent))
        #expect(try verdict(signal, rules(.respect)).verdict == .cleared(warnings: []))
        #expect(try verdict(signal, rules(.ignore)).verdict == .cleared(warnings: []))
    }

    @Test("what is granted is sent whole", arguments: granted, PrivacyRules.ConsentPolicy.allCases)
    func grant(signal: ConsentSignal, policy: PrivacyRules.ConsentPolicy) throws {
        let result = try verdict(signal, rules(policy))
        #expect(result.verdict == .cleared(warnings: []))
        #expect(!result.event.optOut)
        #expect(result.hexes(\.em) == [try sha256("a@b")])
    }

    @Test("a denied personalization counts by choice only")
    func personalization() throws {
        var strict = rules(.respect)
        strict.personalizationDenialCounts = true
        let signal = Self.signal(storage: .granted, data: .granted, personalization: .denied)
        #expect(try verdict(signal, strict).verdict == .notSent(.noConsent))
    }

    @Test("under opt_out a refused event carries the flag and, of the person, address and user agent only")
    func optOut() throws {
        let refused = [
            try verdict(Self.denied[0], rules(.respect, onDenial: .optOut)),
            try verdict(Self.unsaid[0], rules(.require, onDenial: .optOut)),
        ]
        for result in refused { try expectOptedOut(result) }
    }

    @Test("Global Privacy Control opts out where it is honoured, whatever the consent policy")
    func globalPrivacyControl() throws {
        var honouring = rules(.ignore)
        honouring.honoursGlobalPrivacyControl = true
        try expectOptedOut(try verdict(Self.granted[0], honouring, gpc: true))
        #expect(try !verdict(Self.granted[0], honouring, gpc: false).event.optOut)
        #expect(try !verdict(Self.granted[0], rules(.ignore), gpc: true).event.optOut)
        honouring.consent = .respect
        #expect(try verdict(Self.denied[0], honouring, gpc: true).verdict == .notSent(.noConsent))
    }

    private func expectOptedOut(_ result: PrivacyResult) throws {
        #expect(result.verdict == .cleared(warnings: []))
        #expect(result.event.optOut)
        for field in FieldUnderTest.all { #expect(result.hexes(field.output).isEmpty, "\(field)") }
        #expect(result.event.user.clickID.isEmpty)
        #expect(result.string(result.event.user.address.text) == "203.0.113.9")
        #expect(result.string(result.event.user.userAgent.text) == "Mozilla/5.0")
        #expect(result.string(result.event.custom.value) == "5")
    }
}
