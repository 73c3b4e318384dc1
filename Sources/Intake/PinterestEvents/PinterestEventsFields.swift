/// One key of the upstream's event object, with what its schema allows (`pinterest-api.md` 2).
struct PinterestEventsField: Sendable {
    enum Form: Sendable {
        case text
        /// Text that must hold something.
        case id
        /// 1 to 100 of `[A-Za-z0-9_-]`.
        case eventName
        case word([StaticString])
        /// Decimal text without exponent.
        case decimal
        /// Two letters.
        case language
        /// Up to 512 of `[A-Za-z0-9_.~%-]`.
        case clickID
        case integer
        case flag
        /// An array of texts.
        case texts
        /// An object of any members; `Privacy` passes on those that its schema knows.
        case anyObject
        case userData, customData
        /// An array of `contents` entries.
        case contents
    }

    enum Presence: Sendable { case required, optional, nullable }

    let name: StaticString
    let form: Form
    let presence: Presence

    init(_ name: StaticString, _ form: Form, _ presence: Presence = .optional) {
        self.name = name
        self.form = form
        self.presence = presence
    }
}

/// The members of one of the upstream's objects.
struct PinterestEventsShape: Sendable {
    /// Before the names of its members in faults, as `custom_data.`.
    let path: StaticString
    let fields: [PinterestEventsField]
    /// One unknown key fails a closed object.
    let isClosed: Bool

    private init(_ path: StaticString, isClosed: Bool = true, _ fields: [PinterestEventsField]) {
        self.path = path
        self.fields = fields
        self.isClosed = isClosed
    }

    static let event = PinterestEventsShape(
        "",
        [
            PinterestEventsField("event_name", .eventName, .required),
            PinterestEventsField("action_source", .word(["web", "app_android", "app_ios", "offline"]), .required),
            PinterestEventsField("event_time", .integer, .required),
            PinterestEventsField("event_id", .id, .required),
            PinterestEventsField("user_data", .userData, .required),
            PinterestEventsField("custom_data", .customData),
            PinterestEventsField("event_source_url", .text, .nullable),
            PinterestEventsField("opt_out", .flag),
            PinterestEventsField("partner_name", .text, .nullable),
            PinterestEventsField("language", .language, .nullable),
            PinterestEventsField("wifi", .flag),
            PinterestEventsField("app_id", .text, .nullable),
            PinterestEventsField("app_name", .text, .nullable),
            PinterestEventsField("app_version", .text, .nullable),
            PinterestEventsField("device_brand", .text, .nullable),
            PinterestEventsField("device_carrier", .text, .nullable),
            PinterestEventsField("device_model", .text, .nullable),
            PinterestEventsField("device_type", .text, .nullable),
            PinterestEventsField("os_version", .text, .nullable),
            PinterestEventsField("app_info", .anyObject),
            PinterestEventsField("device_info", .anyObject),
        ])

    /// Open upstream: a key that is not listed passes the check, and is not passed on.
    static let userData = PinterestEventsShape(
        "user_data.", isClosed: false,
        [
            PinterestEventsField("em", .texts), PinterestEventsField("ph", .texts),
            PinterestEventsField("ge", .texts), PinterestEventsField("db", .texts),
            PinterestEventsField("ln", .texts), PinterestEventsField("fn", .texts),
            PinterestEventsField("ct", .texts), PinterestEventsField("st", .texts),
            PinterestEventsField("zp", .texts), PinterestEventsField("country", .texts),
            PinterestEventsField("external_id", .texts), PinterestEventsField("hashed_maids", .texts),
            PinterestEventsField("client_ip_address", .text), PinterestEventsField("client_user_agent", .text),
            PinterestEventsField("click_id", .clickID, .nullable), PinterestEventsField("partner_id", .text, .nullable),
        ])

    static let customData = PinterestEventsShape(
        "custom_data.",
        [
            PinterestEventsField("currency", .text, .nullable), PinterestEventsField("value", .decimal, .nullable),
            PinterestEventsField("content_ids", .texts), PinterestEventsField("contents", .contents),
            PinterestEventsField("num_items", .integer), PinterestEventsField("order_id", .text, .nullable),
            PinterestEventsField("search_string", .text, .nullable),
            PinterestEventsField("opt_out_type", .text, .nullable),
            PinterestEventsField("content_name", .text, .nullable),
            PinterestEventsField("content_category", .text, .nullable),
            PinterestEventsField("content_brand", .text, .nullable),
            PinterestEventsField("predicted_ltv", .decimal, .nullable), PinterestEventsField("np", .text, .nullable),
            PinterestEventsField("external_measurement_id", .text, .nullable),
            PinterestEventsField("external_measurement_vendor_id", .integer, .nullable),
        ])

    static let content = PinterestEventsShape(
        "custom_data.contents.",
        [
            PinterestEventsField("id", .text), PinterestEventsField("item_price", .decimal),
            PinterestEventsField("quantity", .integer), PinterestEventsField("item_name", .text),
            PinterestEventsField("item_category", .text), PinterestEventsField("item_brand", .text),
        ])
}
