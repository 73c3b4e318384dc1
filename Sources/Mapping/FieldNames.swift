import RelayModel

/// The names under which a configuration sets fields: Pinterest's own, and those of Segment's Pinterest destination
/// where they differ (`pinterest-conversions`, action `reportConversionEvent`), so that its mappings work unchanged.
struct FieldNames {
    /// The object that a name stands in.
    enum Scope: Int, CaseIterable {
        case event, userData, customData, item

        /// How a name of this scope begins when it is written with dots.
        var prefix: String {
            switch self {
            case .event: ""
            case .userData: "user_data."
            case .customData: "custom_data."
            case .item: "contents[]."
            }
        }
    }

    typealias Row = (name: StaticString, field: MappedField)

    /// What a name in a scope sets; nil for one that nothing knows.
    static func field(_ name: Span<UInt8>, in scope: Scope) -> MappedField? {
        for row in rows[scope.rawValue] where name.matches(row.name) { return row.field }
        return nil
    }

    static func field(_ name: String, in scope: Scope) -> MappedField? {
        let bytes = Array(name.utf8)
        return field(bytes.span, in: scope)
    }

    /// The objects of an event that hold fields, and what of Segment's export is none: its framework's own keys.
    static func scope(named name: Span<UInt8>) -> Scope? {
        if name.matches("user_data") { return .userData }
        return name.matches("custom_data") || name.matches("custom_data_2") ? .customData : nil
    }

    /// Keys of Segment's export that set nothing.
    static let ignored: Set<String> = [
        "data_format", "enable_batching", "batch_size", "batch_keys", "batch_bytes", "onMappingSave",
        "retlOnMappingSave", "__segment_internal_sync_mode", "__segment_internal_matching_key",
    ]

    /// Every name that a configuration may use, with dots.
    static let all: [String] =
        Scope.allCases.flatMap { scope in rows[scope.rawValue].map { scope.prefix + $0.name.description } }
        + ["event_name", "user_data", "custom_data", "custom_data_2"] + ignored

    private static let rows: [[Row]] = [event, userData, customData, item]

    private static let event: [Row] = [
        ("event_id", .eventID), ("event_time", .eventTime), ("action_source", .actionSource),
        ("event_source_url", .sourceURL), ("opt_out", .optOut), ("language", .language),
        ("partner_name", .partnerName), ("advertiser_tracking_enabled", .adTracking), ("contents", .contents),
        ("app_id", .appID), ("app_name", .appName), ("app_version", .appVersion), ("device_brand", .deviceBrand),
        ("device_carrier", .deviceCarrier), ("device_model", .deviceModel), ("device_type", .deviceType),
        ("os_version", .osVersion), ("wifi", .wifi), ("app_info", .appInfo), ("device_info", .deviceInfo),
    ]

    private static let userData: [Row] = [
        ("em", .em), ("email", .em), ("ph", .ph), ("phone", .ph), ("ge", .ge), ("gender", .ge), ("db", .db),
        ("date_of_birth", .db), ("fn", .fn), ("first_name", .fn), ("ln", .ln), ("last_name", .ln), ("ct", .ct),
        ("city", .ct), ("st", .st), ("state", .st), ("zp", .zp), ("zip", .zp), ("country", .country),
        ("external_id", .externalID), ("hashed_maids", .maids), ("client_ip_address", .clientAddress),
        ("client_user_agent", .clientUserAgent), ("click_id", .clickID), ("partner_id", .partnerID),
    ]

    private static let customData: [Row] = [
        ("currency", .currency), ("value", .value), ("content_ids", .contentIDs), ("contents", .contents),
        ("num_items", .numItems), ("order_id", .orderID), ("search_string", .searchString),
        ("opt_out_type", .optOutType), ("content_name", .contentName), ("content_category", .contentCategory),
        ("content_brand", .contentBrand), ("predicted_ltv", .predictedLTV), ("np", .namedPartner),
        ("external_measurement_id", .measurementID), ("external_measurement_vendor_id", .measurementVendorID),
    ]

    /// `item_brand_id` has no place in the upstream schema that the relay keeps to; Segment's export names it.
    private static let item: [Row] = [
        ("id", .contentsItemID), ("item_price", .itemPrice), ("quantity", .itemQuantity), ("item_name", .itemName),
        ("item_category", .itemCategory), ("item_brand", .itemBrand),
    ]
}
