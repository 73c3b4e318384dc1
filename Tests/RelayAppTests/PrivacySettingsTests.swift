import Intake
import Privacy
import RelayTestKit
import Settings
import Testing

@testable import RelayApp

@Suite("Privacy settings")
struct PrivacySettingsTests {
    /// The rules of the only source.
    private func rules(_ privacy: String, region: String = "US") throws -> PrivacyRules {
        let yaml = """
            destinations: [{ name: shop, ad_account_id: "549755885175", token: t }]
            sources: [{ name: web, kind: segment, default_region: \(region) }]
            privacy: { \(privacy) }
            """
        let settings = try RelaySettings(config: RelayConfig(yaml: yaml, environment: [:]))
        return PrivacyRules(settings.privacy, source: settings.sources[0])
    }

    @Test("birthday_order decides how an ambiguous birthday is read")
    func birthdayOrder() throws {
        #expect(try rules("").dayMonthOrder == nil)
        #expect(try rules("birthday_order: unambiguous").dayMonthOrder == nil)
        #expect(try rules("birthday_order: day_first").dayMonthOrder == .dayFirst)
        #expect(try rules("birthday_order: month_first").dayMonthOrder == .monthFirst)
    }

    @Test("the case of ids and of advertising ids is set apart")
    func letterCase() throws {
        let standard = try rules("")
        #expect(standard.externalIDCase == .lower && standard.maidsCase == .lower)
        #expect(try rules("hashed_maids_case: keep").maidsCase == .keep)
        #expect(try rules("external_id_case: keep").externalIDCase == .keep)
        #expect(try rules("external_id_case: keep").maidsCase == .lower)
    }

    @Test("scrub_url_keys adds to the built-in keys, keep_url_keys takes from them, in any case")
    func urlKeys() throws {
        let keys = try Set(rules("scrub_url_keys: [Customer], keep_url_keys: [CODE, nothing]").scrubbedKeys)
        #expect(keys == Set(PrivacyRules.defaultScrubbedKeys + ["customer"]).subtracting(["code"]))
        #expect(try rules("").scrubbedKeys == PrivacyRules.defaultScrubbedKeys)
        #expect(try rules("scrub_url_keys: [code], keep_url_keys: [code]").scrubbedKeys.contains("code"))
    }

    @Test("what no table of places knows is advised of: a region, a state")
    func advice() throws {
        func advice(_ region: String, _ states: String) throws -> [String] {
            let yaml = """
                destinations: [{ name: shop, ad_account_id: "549755885175", token: t }]
                sources: [{ name: web, kind: ga4, default_region: \(region), measurement_ids: [G-1] }]
                privacy: { ldp: { states: [\(states)] } }
                """
            let settings = try relaySettings(yaml)
            return Array(settings.advice.dropFirst(settings.warnings.count))
        }
        #expect(try advice("US", "CA, tx").isEmpty)
        #expect(try advice("uk", "").isEmpty)
        let found = try advice("XX", "CA, ZZ")
        #expect(found.count == 2)
        #expect(found.first?.contains("source web: default_region XX") == true)
        #expect(found.last?.contains("ZZ") == true)
    }

    @Test("the signals of a source are those that the configuration names")
    func signals() throws {
        let yaml = """
            destinations: [{ name: shop, ad_account_id: "549755885175", token: t }]
            sources:
              - { name: a, kind: segment, write_keys: [k], consent: require, consent_category: C0004 }
              - { name: b, kind: ga4 }
            privacy: { ldp: { us_privacy: true } }
            """
        let settings = try relaySettings(yaml)
        let (segment, ga4) = (
            PrivacySignals(settings.privacy, source: settings.sources[0]),
            PrivacySignals(settings.privacy, source: settings.sources[1])
        )
        #expect(segment.consentCategory == Array("C0004".utf8) && ga4.consentCategory.isEmpty)
        #expect(segment.readsUSPrivacy && !segment.readsGPP)
        #expect(ga4.readsUSPrivacy && !ga4.readsGPP)
    }

    @Test("default_region is a country that the tables know; UK is GB")
    func defaultRegion() throws {
        #expect(try rules("", region: "DE").defaultRegion == CountryCode("DE"))
        #expect(try rules("", region: "uk").defaultRegion == CountryCode("GB"))
        #expect(try rules("", region: "XX").defaultRegion == nil)
    }
}
