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

    @Test("default_region is a country that the tables know; UK is GB")
    func defaultRegion() throws {
        #expect(try rules("", region: "DE").defaultRegion == CountryCode("DE"))
        #expect(try rules("", region: "uk").defaultRegion == CountryCode("GB"))
        #expect(try rules("", region: "XX").defaultRegion == nil)
    }
}
