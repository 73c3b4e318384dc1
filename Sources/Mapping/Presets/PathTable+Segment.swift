// Where each field is looked for in a Segment call, best place first.
extension PathTable {
    /// Segment's spec: `mapping.md` 3, column S, with 9.3, 9.4 and 9.17. In each row the explicit name of the upstream
    /// comes first, then the spec's own, best first.
    static func segment(contentIDKeys: [String]) -> PathTable {
        PathTable(
            segmentEvent + segmentPerson + segmentUsers + segmentCommerce + segmentApp
                + segmentProduct(contentIDKeys))
    }

    private static let segmentEvent: [Row] = [
        (.eventID, ["properties.event_id", "properties.eventID", "messageId"]),
        (.eventTime, ["properties.event_time"]),
        (.timestamp, ["timestamp"]),
        (.originalTimestamp, ["originalTimestamp"]),
        (.receivedAt, ["receivedAt"]),
        (.sentAt, ["sentAt"]),
        (.actionSource, ["properties.action_source"]),
        (.senderLibrary, ["context.library.name"]),
        (.operatingSystem, ["context.device.type", "context.os.name"]),
        (.sourceURL, ["properties.event_source_url", "context.page.url", "properties.url"]),
        (.referrer, ["context.page.referrer", "properties.referrer"]),
        (.optOut, ["properties.opt_out"]),
        (.adTracking, ["context.device.adTrackingEnabled"]),
        (.language, ["properties.language", "context.locale"]),
        (.anonymousID, ["anonymousId", "userId"]),
    ]

    private static let segmentPerson: [Row] = [
        (.em, ["properties.em", "properties.email", "traits.email", "context.traits.email"]),
        (.ph, ["properties.ph", "properties.phone", "traits.phone", "context.traits.phone"]),
        (
            .fn,
            [
                "properties.fn", "properties.firstName", "properties.first_name", "traits.firstName",
                "traits.first_name", "context.traits.firstName", "context.traits.first_name",
            ]
        ),
        (
            .ln,
            [
                "properties.ln", "properties.lastName", "properties.last_name", "traits.lastName", "traits.last_name",
                "context.traits.lastName", "context.traits.last_name",
            ]
        ),
        (.fullName, ["traits.name", "context.traits.name"]),
        (.ge, ["properties.ge", "traits.gender", "context.traits.gender"]),
        (.db, ["properties.db", "traits.birthday", "context.traits.birthday"]),
        (.ct, ["properties.ct"]),
        (.st, ["properties.st"]),
        (.zp, ["properties.zp"]),
        (.country, ["properties.country"]),
        (.addresses, ["traits.address", "context.traits.address"]),
        (.addressCT, ["address[].city"]),
        (.addressST, ["address[].state", "address[].region"]),
        (.addressZP, ["address[].postalCode", "address[].postal_code", "address[].zip"]),
        (.addressCountry, ["address[].country"]),
        (.externalID, ["properties.external_id", "userId"]),
        (.secondExternalID, ["anonymousId"]),
        (.maids, ["properties.hashed_maids", "context.device.advertisingId"]),
        (.clientAddress, ["properties.client_ip_address", "properties.user_data.client_ip_address", "context.ip"]),
        (.directCall, ["context.direct"]),
        (
            .clientUserAgent,
            ["properties.client_user_agent", "properties.user_data.client_user_agent", "context.userAgent"]
        ),
        (.clickID, ["properties.click_id", "properties.user_data.click_id"]),
        (.epikProperty, ["properties.epik"]),
        (.contextClickID, ["context.click_id"]),
    ]

    private static let segmentCommerce: [Row] = [
        (.currency, ["properties.currency"]),
        (.value, ["properties.value"]),
        (.revenue, ["properties.revenue"]),
        (.total, ["properties.total"]),
        (.tax, ["properties.tax"]),
        (.shipping, ["properties.shipping"]),
        (.orderID, ["properties.order_id", "properties.orderId", "properties.checkout_id"]),
        (.searchString, ["properties.search_string", "properties.query"]),
        (.contents, ["properties.contents"]),
        (.products, ["properties.products"]),
        (.productItself, ["properties"]),
        (.productMark, ["properties.product_id", "properties.sku"]),
        (.contentIDs, ["properties.content_ids"]),
        (.numItems, ["properties.num_items"]),
        (.contentName, ["properties.content_name"]),
        (.listName, ["properties.item_list_name", "properties.list_name", "properties.list"]),
        (.contentCategory, ["properties.content_category"]),
        (.listCategory, ["properties.category"]),
        (.contentBrand, ["properties.content_brand"]),
        (.optOutType, ["properties.opt_out_type"]),
        (.predictedLTV, ["properties.predicted_ltv"]),
    ]

    /// `mapping.md` 9.3.
    private static let segmentApp: [Row] = [
        (.appID, ["properties.app_id", "context.app.namespace"]),
        (.appName, ["properties.app_name", "context.app.name"]),
        (.appVersion, ["properties.app_version", "context.app.version"]),
        (.deviceBrand, ["properties.device_brand", "context.device.manufacturer"]),
        (.deviceCarrier, ["properties.device_carrier", "context.network.carrier"]),
        (.deviceModel, ["properties.device_model", "context.device.model"]),
        (.deviceType, ["properties.device_type", "context.device.type"]),
        (.osVersion, ["properties.os_version", "context.os.version"]),
        (.wifi, ["properties.wifi", "context.network.wifi"]),
        (.appInfo, ["properties.app_info"]),
        (.deviceInfo, ["properties.device_info"]),
    ]

    /// A product in `products`, an explicit `contents` entry, or the properties of an event about one product.
    private static func segmentProduct(_ contentIDKeys: [String]) -> [Row] {
        let keys = contentIDKeys.isEmpty ? ["product_id", "sku", "id", "variant"] : contentIDKeys
        return [
            (.itemID, keys.map { "product[].\($0)" }),
            (.contentsItemID, (["id"] + keys.filter { $0 != "id" }).map { "product[].\($0)" }),
            (.itemName, ["product[].item_name", "product[].name"]),
            (.itemPrice, ["product[].item_price", "product[].price"]),
            (.itemQuantity, ["product[].quantity"]),
            (.itemCategory, ["product[].item_category", "product[].category"]),
            (.itemBrand, ["product[].item_brand", "product[].brand"]),
        ]
    }
}
