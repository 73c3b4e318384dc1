import Delivery
import Foundation
import RelayModel
import Settings
import Telemetry

@testable import RelayApp

// `destinations`, `sources`, `mappings`.
extension KeyEffect {
    static let sources = destinations + bothKinds + ga4 + segment

    /// A Pinterest-shaped event for an ad account.
    private static func shaped(_ account: String, bearer: String) -> Look {
        let event = """
            {"data":[{"event_name":"lead","action_source":"web","event_id":"e","event_time":\(WallClock.millis() / 1_000),
             "user_data":{"em":["jane@example.com"]}}]}
            """
        return request(
            "POST", "/v5/ad_accounts/\(account)/events", headers: ["Authorization": "Bearer \(bearer)"],
            Array(event.utf8))
    }

    private static let destinations: [KeyEffect] = [
        KeyEffect("destinations.name", ConfigDraft(shopName: "store"), .gives("store:checkout"), order()),
        KeyEffect(
            "destinations.ad_account_id", ConfigDraft(shopAccount: "2002"), .gives("status 200"),
            shaped("2002", bearer: "token-of-the-shop")),
        KeyEffect(
            "destinations.token", ConfigDraft(shopToken: "token: other"), .gives("status 200"),
            shaped("1001", bearer: "other")),
        KeyEffect(
            "destinations.token_file", ConfigDraft(shopToken: "token_file: /secret"), .gives("status 200"),
            shaped("1001", bearer: "from-the-file")),
        KeyEffect(
            "destinations.test_mode", .shop("test_mode: true"), .gives("<true>"),
            value { Delivery.DeliverySettings($0).destinations[0].testMode }),
        KeyEffect(
            "destinations.rate_limit", .shop("rate_limit: 77/s"), .gives("calls: 77"),
            value { Delivery.DeliverySettings($0).destinations[0].rateLimit as Any }),
    ]

    private static let screen = request(
        "POST", "/v1/screen", Array(orderBody().replacing("track", with: "screen").utf8))

    private static let bothKinds: [KeyEffect] = [
        KeyEffect(
            "sources.name", ConfigDraft(webName: "site"), .gives("site"), value { RelayMetrics($0).layout.sources }),
        KeyEffect(
            "sources.kind", ConfigDraft(webKind: "segment", web: "write_keys: [x]"), .takes("shop:checkout"), hit()),
        KeyEffect(
            "sources.allowed_origins", .web("allowed_origins: [\"https://shop.example\"]"), .takes("shop:checkout"),
            hit(headers: ["Origin": "https://other.example"])),
        KeyEffect(
            "sources.default_region", .backend("default_region: US"), .changes("ph"),
            order(traits: #""phone":"(415) 555-2671""#)),
        KeyEffect("sources.destinations", .web("destinations: [shop]"), .takes("outlet:checkout"), hit()),
        KeyEffect(
            "sources.action_source", .backend("action_source: offline"), .gives(#""action_source":"offline""#), order()),
        KeyEffect(
            "sources.view_item_as", .web("view_item_as: view_content"), .takes("shop:page_visit"),
            hit(event: "view_item")),
        KeyEffect("sources.unmapped", .web("unmapped: custom"), .gives("shop:custom"), hit(event: "own_event")),
        KeyEffect(
            "sources.content_id_order", .backend("content_id_order: [sku, product_id]"), .changes("content_ids"),
            order(#""properties":{"products":[{"product_id":"p","sku":"s"}]}"#)),
        KeyEffect("sources.partner_name", .backend("partner_name: ss-x"), .gives(#""partner_name":"ss-x""#), order()),
        KeyEffect(
            "sources.write_click_id_cookie", .web("write_click_id_cookie: true"), .gives("set-cookie: _epik=dj0abc"),
            hit(
                "dl=https%3A%2F%2Fwww.shop.example%2F%3Fepik%3Ddj0abc", headers: ["Host": "tags.shop.example"],
                event: "page_view")),
        KeyEffect("sources.consent", .web("consent: require"), .takes("shop:checkout"), hit()),
        KeyEffect(
            "sources.on_denial", from: .root(trusting + " }"),
            ConfigDraft(web: "on_denial: opt_out", root: trusting + " }"), .gives(#""opt_out":true"#),
            hit("gcs=G100", headers: browser)),
    ]

    private static let ga4: [KeyEffect] = [
        KeyEffect("sources.measurement_ids", .web("measurement_ids: [G-2]"), .takes("shop:checkout"), hit()),
        KeyEffect("sources.api_secrets", .web("api_secrets: [s]"), .gives("status 403"), measurement),
        KeyEffect("sources.api_secrets_file", .web("api_secrets_file: /secret"), .gives("status 403"), measurement),
        KeyEffect(
            "sources.client_id_as_external_id", .web("client_id_as_external_id: true"), .changes("external_id"), hit()),
        KeyEffect(
            "sources.ip_override_from_browser", .web("ip_override_from_browser: true"), .gives("198.51.100.7"),
            hit("_uip=198.51.100.7")),
    ].map { effect in
        guard effect.key.hasPrefix("sources.api_secrets") else { return effect }
        var (plain, changed) = (effect.plain, effect.changed)
        plain.root = "listen: { measurement_protocol_errors: strict }"
        changed.root = plain.root
        return KeyEffect(effect.key, from: plain, changed, effect.expectation, effect.look)
    }

    private static let measurement = request(
        "POST", "/mp/collect?measurement_id=G-1&api_secret=wrong",
        Array(#"{"client_id":"1.2","events":[{"name":"purchase"}]}"#.utf8))

    private static let segment: [KeyEffect] = [
        KeyEffect("sources.write_keys", ConfigDraft(backendKeys: "write_keys: [other]"), .gives("status 401"), order()),
        KeyEffect(
            "sources.write_keys_file", ConfigDraft(backendKeys: "write_keys_file: /secret"), .gives("status 401"),
            order()),
        KeyEffect(
            "sources.anonymous_id_as_external_id", .backend("anonymous_id_as_external_id: true"),
            .changes("external_id"), order(#""anonymousId":"a-1""#)),
        KeyEffect(
            "sources.consent_category", .backend("consent_category: Ads"), .takes("shop:checkout"),
            order(context: #""consent":{"categoryPreferences":{"Ads":false}}"#)),
        KeyEffect("sources.screen_as", .backend("screen_as: page_visit"), .gives("shop:page_visit"), screen),
    ]

    private static func mapping(_ members: String) -> ConfigDraft { .root("mappings: [{ \(members) }]") }
    private static let trigger = #"trigger: 'event = "Order Completed"'"#
    private static let lead = mapping("name: own, \(trigger), event_name: lead")

    static let mappings: [KeyEffect] =
        [
            KeyEffect(
                "mappings.name", from: lead, mapping("name: segment-order-completed, \(trigger), event_name: lead"),
                .takes("shop:checkout"), order()),
            KeyEffect(
                "mappings.preset", mapping("preset: segment-order-completed, enabled: false"), .takes("shop:checkout"),
                order()),
            KeyEffect(
                "mappings.sources", from: lead, mapping("name: own, sources: [web], \(trigger), event_name: lead"),
                .takes("shop:lead"), order()),
            KeyEffect(
                "mappings.destinations", from: lead,
                mapping("name: own, destinations: [outlet], \(trigger), event_name: lead"), .takes("shop:lead"), order()
            ),
            KeyEffect(
                "mappings.enabled", from: lead, mapping("name: own, enabled: false, \(trigger), event_name: lead"),
                .takes("shop:lead"), order()),
            KeyEffect(
                "mappings.trigger", from: lead, mapping(#"name: own, trigger: 'event = "Other"', event_name: lead"#),
                .takes("shop:lead"), order()),
            KeyEffect(
                "mappings.subscribe", from: lead,
                mapping(#"name: own, subscribe: 'event = "Other"', event_name: lead"#),
                .takes("shop:lead"), order()),
            KeyEffect(
                "mappings.event_name", from: lead, mapping("name: own, \(trigger), event_name: signup"),
                .gives("shop:signup"), order()),
        ]
        + ["fields", "mapping", "settings"].map { key in
            KeyEffect(
                "mappings.\(key)", from: lead,
                mapping("name: own, \(trigger), event_name: lead, \(key): { custom_data.order_id: fixed-id }"),
                .gives("fixed-id"), order())
        }
}
