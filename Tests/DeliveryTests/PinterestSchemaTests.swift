import RelayModel
import Testing

@testable import Delivery

@Suite("PinterestSchema")
struct PinterestSchemaTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let fault: PinterestSchema.Fault?
        let change: @Sendable (inout TestEvent) -> Void

        static func passes(_ what: String, _ change: @escaping @Sendable (inout TestEvent) -> Void) -> Case {
            Case(testDescription: what + " passes", fault: nil, change: change)
        }

        static func fails(
            _ field: String, _ what: String, _ reason: DeadReason = .schema,
            _ change: @escaping @Sendable (inout TestEvent) -> Void
        ) -> Case {
            Case(
                testDescription: what + " fails", fault: PinterestSchema.Fault(reason: reason, field: field),
                change: change)
        }
    }

    static let cases: [Case] = [
        .passes("an event with address and user agent") { _ in },
        .passes("e-mail alone") {
            $0 = TestEvent(); $0.event.user.em = hashes(digest(1))
        },
        .passes("an advertising id alone") {
            $0 = TestEvent(); $0.event.user.hashedMaids = hashes(digest(1))
        },
        .fails("user_data", "no identity", .noIdentity) { $0 = TestEvent() },
        .fails("user_data", "an address without user agent", .noIdentity) { $0.event.user.userAgent = .none },
        .fails("user_data", "a user agent without address", .noIdentity) { $0.event.user.address = .none },
        .fails("user_data", "phone, id and click id alone", .noIdentity) {
            $0 = TestEvent()
            $0.event.user.ph = hashes(digest(1))
            $0.event.user.externalID = hashes(digest(2))
            $0.set(\.user.clickID, "abc")
        },
        .fails("event_id", "no event id") { $0.event.eventID = .none },
        .fails("event_time", "no time") { $0.event.eventTime = 0 },
        .fails("event_time", "a negative time") { $0.event.eventTime = -5 },
        .fails("event_time", "a time in milliseconds") { $0.event.eventTime = 1_760_000_000_000 },
        .passes("an advertiser-defined name of 100") { $0.rename(String(repeating: "a", count: 100)) },
        .fails("event_name", "an advertiser-defined name of 101") { $0.rename(String(repeating: "a", count: 101)) },
        .fails("event_name", "an empty advertiser-defined name") { $0.rename("") },
        .fails("event_name", "a name with a space") { $0.rename("Quiz Done") },
        .fails("event_name", "a name with an umlaut") { $0.rename("Prüfung") },
        .passes("a two-letter language") { $0.set(\.language, "en") },
        .fails("language", "a three-letter language") { $0.set(\.language, "fil") },
        .fails("language", "a locale") { $0.set(\.language, "en-US") },
        .passes("an upper-case currency") { $0.set(\.custom.currency, "EUR") },
        .fails("custom_data.currency", "a lower-case currency") { $0.set(\.custom.currency, "eur") },
        .fails("custom_data.currency", "a currency sign") { $0.set(\.custom.currency, "€") },
        .passes("whole, broken and negative numbers") {
            $0.set(\.custom.value, "0.10")
            $0.set(\.custom.predictedLTV, "-7")
        },
        .fails("custom_data.value", "a comma") { $0.set(\.custom.value, "1,50") },
        .fails("custom_data.value", "an exponent") { $0.set(\.custom.value, "1e3") },
        .fails("custom_data.value", "two points") { $0.set(\.custom.value, "1.2.3") },
        .fails("custom_data.value", "a point at the end") { $0.set(\.custom.value, "1.") },
        .fails("custom_data.value", "a point at the start") { $0.set(\.custom.value, ".5") },
        .fails("custom_data.value", "a lone minus") { $0.set(\.custom.value, "-") },
        .fails("custom_data.predicted_ltv", "NaN") { $0.set(\.custom.predictedLTV, "NaN") },
        .fails("custom_data.contents.item_price", "a price with a sign") {
            var item = ConversionItem()
            item.itemPrice = $0.text("$5")
            $0.event.custom.contents = [ConversionItem(), item]
        },
        .passes("LDP") { $0.set(\.custom.optOutType, "LDP") },
        .fails("custom_data.opt_out_type", "another opt-out type") { $0.set(\.custom.optOutType, "ldp") },
        .passes("an IPv6 address") { $0.event.user.address = ClientAddress($0.text("2001:db8::1")) },
        .fails("user_data.client_ip_address", "a host name") {
            $0.event.user.address = ClientAddress($0.text("shop.example"))
        },
        .passes("a click id of 512") { $0.set(\.user.clickID, String(repeating: "~", count: 512)) },
        .fails("user_data.click_id", "a click id of 513") {
            $0.set(\.user.clickID, String(repeating: "a", count: 513))
        },
        .fails("user_data.click_id", "a click id with a space") { $0.set(\.user.clickID, "a b") },
        .passes("an object as app_info") { $0.set(\.app.appInfoJSON, #"{"app_store":"x"}"#) },
        .fails("app_info", "an array as app_info") { $0.set(\.app.appInfoJSON, "[]") },
        .fails("device_info", "a text as device_info") { $0.set(\.app.deviceInfoJSON, "\"x\"") },
    ]

    @Test("each rule of the closed schema", arguments: cases)
    func rule(testCase: Case) {
        var event = TestEvent.withClient()
        testCase.change(&event)
        #expect(PinterestSchema.fault(of: event.event) == testCase.fault)
    }
}

extension TestEvent {
    fileprivate mutating func rename(_ name: String) { event.name = .advertiserDefined(text(name)) }
}
