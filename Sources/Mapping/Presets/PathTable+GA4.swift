// Where each field is looked for in a GA4 event, best place first.
extension PathTable {
    /// sGTM common event data: `mapping.md` 3, column G, with Pinterest's server-GTM parameter table and 9.4, 9.17.
    /// User fields are read under `user_data` first, then at top level; commerce fields at top level, then in a nested
    /// `ecommerce` object.
    static func ga4(contentIDKeys: [String]) -> PathTable {
        PathTable(ga4Event + ga4Person + ga4Places + ga4Users + ga4Commerce + ga4App + ga4Item(contentIDKeys))
    }

    private static let ga4Event: [Row] = [
        (.eventID, ["event_id", "eventID"]),
        (.transactionID, ["transaction_id", "ecommerce.transaction_id"]),
        (.eventTime, ["event_time", "timestamp_micros"]),
        (.actionSource, ["action_source"]),
        (.appInstance, ["firebase_app_id", "app_instance_id"]),
        (.operatingSystem, ["device.operating_system"]),
        (.sourceURL, ["event_source_url", "page_location"]),
        (.referrer, ["page_referrer"]),
        (.optOut, ["opt_out"]),
        (.language, ["language", "ul"]),
        (.anonymousID, ["client_id", "app_instance_id", "user_id"]),
    ]

    private static let ga4Person: [Row] = [
        (
            .em,
            [
                "user_data.email_address", "user_data.email", "user_data.sha256_email_address", "user_data.em",
                "email_address", "email", "sha256_email_address", "em",
            ]
        ),
        (.ph, ["user_data.phone_number", "user_data.ph", "phone_number", "ph"]),
        (.foreignPhoneHash, ["user_data.sha256_phone_number", "user_data.pn", "sha256_phone_number"]),
        (.fn, ["user_data.first_name", "user_data.fn"]),
        (.ln, ["user_data.last_name", "user_data.ln"]),
        (.fnBesideAddress, ["user_data.sha256_first_name", "first_name", "sha256_first_name"]),
        (.lnBesideAddress, ["user_data.sha256_last_name", "last_name", "sha256_last_name"]),
        (.ge, ["user_data.gender", "user_data.ge", "gender"]),
        (.db, ["user_data.date_of_birth", "user_data.db", "date_of_birth"]),
        (.externalID, ["user_data.external_id", "external_id", "user_id"]),
        (.secondExternalID, ["client_id"]),
        (.maids, ["user_data.hashed_maids", "hashed_maids", "advertising_id", "device.advertising_id"]),
        (
            .clientAddress,
            ["user_data.client_ip_address", "client_ip_address", "ip_override", "_uip", "x-ga-mp2-_uip"]
        ),
        (
            .clientUserAgent,
            ["user_data.client_user_agent", "user_data.user_agent", "client_user_agent", "user_agent"]
        ),
        (.clickID, ["user_data.click_id", "click_id"]),
        (.epikProperty, ["user_data.epik", "epik"]),
    ]

    private static let ga4Places: [Row] = [
        (.addresses, ["user_data.address", "address"]),
        (.ct, ["user_data.ct"]),
        (.st, ["user_data.st"]),
        (.zp, ["user_data.zp"]),
        (.addressFN, ["address[].first_name", "address[].sha256_first_name"]),
        (.addressLN, ["address[].last_name", "address[].sha256_last_name"]),
        (.addressCT, ["address[].city"]),
        (.addressST, ["address[].region"]),
        (.addressZP, ["address[].postal_code"]),
        (.addressCountry, ["address[].country"]),
        (.ctBesideAddress, ["user_data.city", "city"]),
        (.stBesideAddress, ["user_data.region", "region"]),
        (.zpBesideAddress, ["user_data.postal_code", "postal_code"]),
        (.countryBesideAddress, ["user_data.country", "country"]),
    ]

    private static let ga4Commerce: [Row] = [
        (.currency, ["currency", "cu", "ecommerce.currency"]),
        (.value, ["value", "ecommerce.value"]),
        (.revenue, ["revenue", "ecommerce.revenue"]),
        (.total, ["total", "ecommerce.total"]),
        (.tax, ["tax", "ecommerce.tax"]),
        (.shipping, ["shipping", "ecommerce.shipping"]),
        (.orderID, ["order_id", "transaction_id", "ecommerce.transaction_id"]),
        (.searchString, ["search_string", "search_term"]),
        (.contents, ["contents"]),
        (.products, ["items", "ecommerce.items"]),
        (.contentIDs, ["content_ids"]),
        (.numItems, ["num_items"]),
        (.contentName, ["content_name"]),
        (.listName, ["item_list_name", "list_name", "list", "ecommerce.item_list_name"]),
        (.contentCategory, ["content_category"]),
        (.contentBrand, ["content_brand"]),
        (.optOutType, ["opt_out_type"]),
        (.predictedLTV, ["predicted_ltv"]),
    ]

    private static let ga4App: [Row] = [
        (.appID, ["app_id"]),
        (.appName, ["app_name"]),
        (.appVersion, ["app_version"]),
        (.deviceBrand, ["device_brand"]),
        (.deviceCarrier, ["device_carrier"]),
        (.deviceModel, ["device_model"]),
        (.deviceType, ["device_type"]),
        (.osVersion, ["os_version"]),
        (.wifi, ["wifi"]),
        (.appInfo, ["app_info"]),
        (.deviceInfo, ["device_info"]),
    ]

    /// An entry of `items`, or an explicit `contents` entry. The older names stand behind the ones in force.
    private static func ga4Item(_ contentIDKeys: [String]) -> [Row] {
        let keys = contentIDKeys.isEmpty ? ["item_id", "id", "item_name", "name"] : contentIDKeys
        return [
            (.itemID, keys.map { "product[].\($0)" }),
            (.contentsItemID, (["id"] + keys.filter { $0 != "id" }).map { "product[].\($0)" }),
            (.itemName, ["product[].item_name", "product[].name"]),
            (.itemPrice, ["product[].item_price", "product[].price"]),
            (.itemQuantity, ["product[].quantity"]),
            (.itemCategory, ["product[].item_category", "product[].category"]),
            (.itemBrand, ["product[].item_brand", "product[].brand"]),
            (.itemCurrency, ["product[].currency"]),
        ]
    }
}
