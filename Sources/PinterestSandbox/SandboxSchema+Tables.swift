// The upstream's request schema, key by key (`pinterest-api.md` 2, OpenAPI release 5.23.0 and the keys that its
// change list adds). A table of constants: what is not listed here does not pass.
extension ObjectSchema {
    /// The whole body.
    static let body = ObjectSchema([
        .required("data", .objects(event, count: 1...1000))
    ])

    static let event = ObjectSchema([
        .required("event_name", .text()),
        .required("action_source", .text()),
        .required("event_time", .integer()),
        .required("event_id", .text()),
        .required("user_data", .object(userData)),
        .nullable("event_source_url", .text()),
        .optional("opt_out", .bool),
        .nullable("partner_name", .text()),
        .nullable("language", .text()),
        .optional("wifi", .bool),
        .nullable("app_id", .text()),
        .nullable("app_name", .text()),
        .nullable("app_version", .text()),
        .nullable("device_brand", .text()),
        .nullable("device_carrier", .text()),
        .nullable("device_model", .text()),
        .nullable("device_type", .text()),
        .nullable("os_version", .text()),
        .optional("custom_data", .object(customData)),
        .optional("app_info", .object(appInfo)),
        .optional("device_info", .object(deviceInfo)),
    ])

    /// Open, as upstream; the minimum-data rule stands here.
    static let userData = ObjectSchema(
        [
            .optional("em", .texts()),
            .optional("hashed_maids", .texts()),
            .optional("client_ip_address", .text()),
            .optional("client_user_agent", .text()),
            .optional("ph", .texts()),
            .optional("ge", .texts()),
            .optional("db", .texts()),
            .optional("ln", .texts()),
            .optional("fn", .texts()),
            .optional("ct", .texts()),
            .optional("st", .texts()),
            .optional("zp", .texts()),
            .optional("country", .texts()),
            .optional("external_id", .texts()),
            .nullable("click_id", .text()),
            .nullable("partner_id", .text()),
            .optional("customer_type", .choice(["new", "returning"])),
        ],
        isClosed: false,
        alternatives: [["em"], ["hashed_maids"], ["client_ip_address", "client_user_agent"]])

    static let customData = ObjectSchema([
        .nullable("currency", .text()),
        .nullable("value", .text()),
        .optional("content_ids", .texts()),
        .optional("contents", .objects(content)),
        .optional("num_items", .integer()),
        .nullable("order_id", .text()),
        .nullable("search_string", .text()),
        .nullable("opt_out_type", .text()),
        .nullable("content_name", .text()),
        .nullable("content_category", .text()),
        .nullable("content_brand", .text()),
        .nullable("predicted_ltv", .text()),
        .nullable("np", .text()),
        .nullable("external_measurement_id", .text()),
        .nullable("external_measurement_vendor_id", .integer()),
    ])

    static let content = ObjectSchema([
        .optional("id", .text()),
        .optional("item_price", .text()),
        .optional("quantity", .integer()),
        .optional("item_name", .text()),
        .optional("item_category", .text()),
        .optional("item_brand", .text()),
        .optional("item_brand_id", .text()),
    ])

    static let appInfo = ObjectSchema([
        .optional("app_id", .text(max: 200)),
        .optional("app_name", .text(max: 200)),
        .optional("app_package_name", .text(max: 200)),
        .optional("app_store", .text(max: 100)),
        .optional("app_version", .text(max: 100)),
        .optional("install_time", .integer(0 ... .max)),
        .optional("user_agent", .text(max: 16_384)),
        .optional("window_height", .integer(0...30_720)),
        .optional("window_width", .integer(0...30_720)),
    ])

    static let deviceInfo = ObjectSchema([
        .optional("battery_level", .integer(0...100)),
        .optional("brand", .text(max: 100)),
        .optional("carrier", .text(max: 100)),
        .optional("cpu_cores", .integer(0...1_152)),
        .optional("external_storage_free_space", .integer(0...1_048_576)),
        .optional("external_storage_size", .integer(0...1_048_576)),
        .optional(
            "form_factor",
            .choice([
                "desktop", "laptop", "cellphone", "tablet", "smartwatch", "tv", "vr", "console", "other",
            ])),
        .optional("kernel_version", .text(max: 100)),
        .optional("languages", .texts(max: 100)),
        .optional("locale", .text(max: 35)),
        .optional("model", .text(max: 100)),
        .optional(
            "network_type",
            .choice([
                "wifi", "cellular_2g", "cellular_3g", "cellular_4g", "cellular_5g", "cellular_6g", "ethernet",
                "unknown",
            ])),
        .optional("os_family", .choice(["ios", "android", "macos", "windows", "linux", "bsd", "other"])),
        .optional("os_name", .text(max: 100)),
        .optional("os_release_name", .text(max: 100)),
        .optional("os_version", .text(max: 100)),
        .optional("screen_density", .integer(0...100_000)),
        .optional("screen_height", .integer(0...30_720)),
        .optional("screen_width", .integer(0...30_720)),
        .optional("storage_free_space", .integer(0...1_048_576)),
        .optional("storage_size", .integer(0...1_048_576)),
        .optional("timezone", .text(max: 40)),
        .optional("timezone_abbr", .text(max: 5)),
        .optional("type", .text(max: 100)),
    ])
}
