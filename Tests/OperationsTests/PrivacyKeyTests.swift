import Testing

@testable import Settings

@Suite("Keys of consent and privacy")
struct PrivacyKeyTests {
    private static let source = "sources: [{ name: a, kind: segment, write_keys: [k]"

    @Test("a Segment source may require consent once its category is named")
    func consentCategory() throws {
        let read = try settings(Self.source + ", consent: require, consent_category: Advertising }]")
        #expect(read.sources[0].consentCategory == "Advertising")
        #expect(read.sources[0].consent.policy == .require)
        #expect(try settings(Self.source + " }]").sources[0].consentCategory == nil)
    }

    @Test("without the category, to require consent of a Segment source is a fault, also by the privacy section")
    func requireWithoutCategory() {
        for yaml in [Self.source + ", consent: require }]", Self.source + " }]\nprivacy: { consent: require }"] {
            #expect(faults(yaml).map(\.path) == ["sources[0].consent"])
        }
        #expect(faults("privacy: { consent: require }").map(\.path) == ["sources[1].consent"])
    }

    @Test("a category belongs to Segment sources, and is a name")
    func misplacedCategory() {
        #expect(
            faults("sources: [{ name: a, kind: ga4, consent_category: X }]").map(\.path) == [
                "sources[0].consent_category"
            ])
        #expect(faults(Self.source + #", consent_category: "" }]"#).map(\.path) == ["sources[0].consent_category"])
    }

    @Test("measurement_ids takes Firebase app ids beside measurement ids")
    func measurementIDs() throws {
        let read = try settings(#"sources: [{ name: a, kind: ga4, measurement_ids: [G-1, "1:2:android:3"] }]"#)
        #expect(read.sources[0].measurementIDs == ["G-1", "1:2:android:3"])
        #expect(faults("sources: [{ name: a, kind: ga4, measurement_ids: [G 1] }]").count == 1)
    }

    @Test("limited data processing listens to privacy strings only where it is told to")
    func ldp() throws {
        let standard = try settings().privacy
        #expect(!standard.ldpFromUSPrivacy && !standard.ldpFromGPP && standard.ldpStates.isEmpty)
        let read = try settings("privacy: { ldp: { us_privacy: true, gpp: true, states: [ca] } }").privacy
        #expect(read.ldpFromUSPrivacy && read.ldpFromGPP && read.ldpStates == ["CA"])
    }

    @Test("keys of URLs are read in lower case")
    func urlKeys() throws {
        let read = try settings("privacy: { scrub_url_keys: [Customer], keep_url_keys: Code }").privacy
        #expect(read.scrubURLKeys == ["customer"] && read.keepURLKeys == ["code"])
    }
}
