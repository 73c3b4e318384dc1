import Privacy
import RelayModel
import Testing

@Suite("Consent to keep something in the browser")
struct StorageConsentTests {
    private func allows(_ policy: PrivacyRules.ConsentPolicy, _ signal: ConsentSignal) -> Bool {
        var rules = PrivacyRules()
        rules.consent = policy
        return PrivacyStage(rules: rules).allowsStorage(signal)
    }

    @Test("a denial forbids it under every policy", arguments: PrivacyRules.ConsentPolicy.allCases)
    func denied(_ policy: PrivacyRules.ConsentPolicy) {
        for signal in ConsentTests.denied { #expect(!allows(policy, signal)) }
    }

    @Test("silence forbids it only where consent is required, and there only ad_storage grants it")
    func required() {
        for signal in ConsentTests.unsaid {
            #expect(!allows(.require, signal))
            #expect(allows(.respect, signal))
            #expect(allows(.ignore, signal))
        }
        for signal in ConsentTests.granted {
            #expect(allows(.require, signal) == (signal.adStorage == .granted))
            #expect(allows(.respect, signal))
        }
    }
}
