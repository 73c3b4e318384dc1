import Mapping
import RelayModel
import RelayTestKit
import Testing

@Suite("Hostile events")
struct HostileEventTests {
    /// Values of every kind, among them such as break careless arithmetic.
    private static let values = [
        "null", "true", "false", "0", "-1", "1e308", "-9223372036854775808", "18446744073709551615", "0.1", "\"\"",
        "\" \"", "\"a\"", "\"[\"", "\"{\\\"a\\\":[\"", "\"[1,{\\\"id\\\":2}]\"", "[]", "{}", "[[]]", "[{}]", "[null]",
        "{\"a\":{\"b\":1}}", "\"@\"", "\"9999999999999999999999999999999999999999\"", "\"\\u0000\"", "\"?epik=%\"",
        "[1,\"a\",{\"price\":\"99999999999999999999999999999999999999\",\"quantity\":9223372036854775807}]", "\",,,\"",
        "\"2026-11-21T12:00:00Z\"", "\"://@:\"",
    ]

    private static let keys = [
        "event_id", "event_time", "timestamp", "originalTimestamp", "sentAt", "action_source", "opt_out", "language",
        "ul",
        "page_location", "page_referrer", "currency", "value", "revenue", "total", "tax", "shipping", "contents",
        "content_ids", "num_items", "items", "products", "product_id", "sku", "price", "quantity", "predicted_ltv",
        "opt_out_type", "user_data", "email", "email_address", "phone_number", "address", "name", "traits", "userId",
        "user_id", "client_id", "advertising_id", "ip", "ip_override", "click_id", "epik", "device", "app_info", "wifi",
        "context", "properties", "ecommerce", "page", "url", "locale", "library", "firebase_app_id",
        "adTrackingEnabled",
    ]

    @Test("any value anywhere is mapped or refused, and never traps", arguments: 0..<24)
    func anyValue(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<12 {
            let json = object(depth: 3, &random)
            for kind in SourceKind.allCases {
                var settings = MappingSettings()
                settings.unknownNames = .custom
                settings.ipOverrideFromBrowser = true
                let outcome = try map(json, kind, settings: settings, batchContext: object(depth: 2, &random))
                #expect((outcome.reason == nil) == (outcome.events.count == 1))
            }
        }
    }

    private func object(depth: Int, _ random: inout SeededRandom) -> String {
        var members: [String] = []
        for _ in 0..<Int.random(in: 0..<14, using: &random) {
            let key = Self.keys.randomElement(using: &random) ?? ""
            let isInner = depth > 0 && Int.random(in: 0..<3, using: &random) == 0
            let value = isInner ? object(depth: depth - 1, &random) : Self.values.randomElement(using: &random) ?? ""
            members.append("\"\(key)\":\(value)")
        }
        return "{" + members.joined(separator: ",") + "}"
    }
}
