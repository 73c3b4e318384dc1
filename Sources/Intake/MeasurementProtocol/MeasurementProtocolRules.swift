/// Google's own rules for a Measurement Protocol body (`ga4-wire.md` 2). The live route is more lenient; the debug route
/// tells where a body breaks them.
enum MeasurementProtocolRules {
    static let byteCount = 130_000
    static let eventCount = 25
    static let parameterCount = 25
    static let userPropertyCount = 25
    static let itemCount = 200
    /// Parameters of an item beside Google's own.
    static let itemParameterCount = 27
    static let nameLength = 40
    static let valueLength = 100
    static let userPropertyNameLength = 24
    static let userPropertyValueLength = 36
    static let userIDLength = 256
    /// How far back an event may be dated, microseconds.
    static let backdatingMicros: Int64 = 72 * 3_600 * 1_000_000
    /// Clocks differ: how far ahead an event may be dated, microseconds.
    static let aheadMicros: Int64 = 300 * 1_000_000
    /// More findings are of no use to anybody.
    static let messageCount = 100

    /// Parameters whose values may be longer than ``valueLength``.
    static let longValues: [(name: StaticString, length: Int)] = [
        ("page_location", 1_000), ("page_referrer", 420), ("page_title", 300), ("user_agent", 1_000),
    ]

    /// Members of the body. Two spellings of one and the unconfirmed `user_agent` occur in the wild.
    static let rootMembers: [StaticString] = [
        "client_id", "app_instance_id", "user_id", "timestamp_micros", "user_properties", "user_data", "consent",
        "non_personalized_ads", "nonPersonalizedAds", "user_location", "ip_override", "device", "user_agent",
        "validation_behavior", "events",
    ]

    static let eventMembers: [StaticString] = ["name", "params", "timestamp_micros"]

    static let itemMembers: [StaticString] = [
        "item_id", "item_name", "affiliation", "coupon", "creative_name", "creative_slot", "currency", "discount",
        "index", "item_brand", "item_category", "item_category2", "item_category3", "item_category4",
        "item_category5", "item_list_id", "item_list_name", "item_variant", "location_id", "price", "promotion_id",
        "promotion_name", "quantity",
    ]

    static let reservedPrefixes: [StaticString] = ["_", "firebase_", "ga_", "google_", "gtag."]

    static let reservedEvents: [StaticString] = [
        "ad_activeview", "ad_click", "ad_exposure", "ad_impression", "ad_query", "ad_reward", "adunit_exposure",
        "app_background", "app_clear_data", "app_exception", "app_remove", "app_store_refund",
        "app_store_subscription_cancel", "app_store_subscription_convert", "app_store_subscription_renew",
        "app_update", "app_upgrade", "dynamic_link_app_open", "dynamic_link_app_update", "dynamic_link_first_open",
        "error", "firebase_campaign", "firebase_in_app_message_action", "firebase_in_app_message_dismiss",
        "firebase_in_app_message_impression", "first_open", "first_visit", "in_app_purchase", "notification_dismiss",
        "notification_foreground", "notification_open", "notification_receive", "notification_send", "os_update",
        "screen_view", "session_start", "user_engagement",
    ]

    static let reservedUserProperties: [StaticString] = [
        "first_open_time", "first_visit_time", "last_deep_link_referrer", "user_id", "first_open_after_install",
    ]

    static let consentMembers: [StaticString] = [
        "ad_user_data", "ad_personalization", "ad_storage", "analytics_storage",
    ]

    static let hashedUserData: [StaticString] = ["sha256_email_address", "sha256_phone_number"]

    static let hashedAddress: [StaticString] = ["sha256_first_name", "sha256_last_name", "sha256_street"]
}
