/// What a preset's paths are about: the upstream's fields, and the inputs from which others are derived.
///
/// The name is the upstream's (`custom_data.value`); it stands in warnings and in `explain`.
enum MappedField: UInt8, CaseIterable {
    // The event.
    case eventID, eventTime, actionSource, sourceURL, optOut, language, partnerName
    // The person.
    case em, ph, fn, ln, ge, db, ct, st, zp, country, externalID, secondExternalID, maids
    case clientAddress, clientUserAgent, clickID, partnerID
    // `custom_data`.
    case currency, value, orderID, searchString, contentIDs, contents, numItems
    case contentName, contentCategory, contentBrand, optOutType, predictedLTV
    case namedPartner, measurementID, measurementVendorID
    // App and device.
    case appID, appName, appVersion, deviceBrand, deviceCarrier, deviceModel, deviceType, osVersion, wifi
    case appInfo, deviceInfo
    // Inputs: time, source and identity.
    case timestamp, originalTimestamp, receivedAt, sentAt
    case senderLibrary, operatingSystem, appInstance, adTracking
    case transactionID, anonymousID
    case referrer, epikProperty, contextClickID
    // Inputs: the person.
    case fullName, addresses, fnBesideAddress, lnBesideAddress, foreignPhoneHash
    case ctBesideAddress, stBesideAddress, zpBesideAddress, countryBesideAddress
    case addressFN, addressLN, addressCT, addressST, addressZP, addressCountry
    case users, userEM, userPH, userFN, userLN, userGE, userDB, userCT, userST, userZP, userCountry
    case userExternalID, userMAIDs, userAddresses, userForeignPhoneHash
    case directCall
    // Inputs: products.
    case products, productItself, productMark, listName, listCategory, revenue, total, tax, shipping
    case itemID, contentsItemID, itemName, itemPrice, itemQuantity, itemCategory, itemBrand, itemCurrency

    var name: StaticString {
        switch self {
        case .eventID, .transactionID, .anonymousID: "event_id"
        case .eventTime, .timestamp, .originalTimestamp, .receivedAt, .sentAt: "event_time"
        case .actionSource, .senderLibrary, .operatingSystem, .appInstance: "action_source"
        case .sourceURL, .referrer: "event_source_url"
        case .optOut, .adTracking: "opt_out"
        case .language: "language"
        case .partnerName: "partner_name"
        case .em, .userEM, .users: "user_data.em"
        case .ph, .foreignPhoneHash, .userPH, .userForeignPhoneHash: "user_data.ph"
        case .fn, .fnBesideAddress, .addressFN, .fullName, .userFN: "user_data.fn"
        case .ln, .lnBesideAddress, .addressLN, .userLN: "user_data.ln"
        case .ge, .userGE: "user_data.ge"
        case .db, .userDB: "user_data.db"
        case .ct, .addressCT, .ctBesideAddress, .addresses, .userCT, .userAddresses: "user_data.ct"
        case .st, .addressST, .stBesideAddress, .userST: "user_data.st"
        case .zp, .addressZP, .zpBesideAddress, .userZP: "user_data.zp"
        case .country, .addressCountry, .countryBesideAddress, .userCountry: "user_data.country"
        case .externalID, .secondExternalID, .userExternalID: "user_data.external_id"
        case .maids, .userMAIDs: "user_data.hashed_maids"
        case .clientAddress, .directCall: "user_data.client_ip_address"
        case .clientUserAgent: "user_data.client_user_agent"
        case .clickID, .epikProperty, .contextClickID: "user_data.click_id"
        case .partnerID: "user_data.partner_id"
        case .currency, .itemCurrency: "custom_data.currency"
        case .value, .revenue, .total, .tax, .shipping: "custom_data.value"
        case .orderID: "custom_data.order_id"
        case .searchString: "custom_data.search_string"
        case .contentIDs: "custom_data.content_ids"
        case .contents, .products, .productItself, .productMark: "custom_data.contents"
        case .numItems: "custom_data.num_items"
        case .contentName, .listName: "custom_data.content_name"
        case .contentCategory, .listCategory: "custom_data.content_category"
        case .contentBrand: "custom_data.content_brand"
        case .optOutType: "custom_data.opt_out_type"
        case .predictedLTV: "custom_data.predicted_ltv"
        case .namedPartner: "custom_data.np"
        case .measurementID: "custom_data.external_measurement_id"
        case .measurementVendorID: "custom_data.external_measurement_vendor_id"
        case .itemID, .contentsItemID: "custom_data.contents[].id"
        case .itemName: "custom_data.contents[].item_name"
        case .itemPrice: "custom_data.contents[].item_price"
        case .itemQuantity: "custom_data.contents[].quantity"
        case .itemCategory: "custom_data.contents[].item_category"
        case .itemBrand: "custom_data.contents[].item_brand"
        case .appID: "app_id"
        case .appName: "app_name"
        case .appVersion: "app_version"
        case .deviceBrand: "device_brand"
        case .deviceCarrier: "device_carrier"
        case .deviceModel: "device_model"
        case .deviceType: "device_type"
        case .osVersion: "os_version"
        case .wifi: "wifi"
        case .appInfo: "app_info"
        case .deviceInfo: "device_info"
        }
    }
}

/// A set of fields, of which there are at most 128.
struct FieldSet {
    private var words: (UInt64, UInt64) = (0, 0)

    mutating func insert(_ field: MappedField) {
        let bit: UInt64 = 1 << UInt64(field.rawValue & 63)
        if field.rawValue < 64 { words.0 |= bit } else { words.1 |= bit }
    }

    mutating func formUnion(_ other: FieldSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
    }

    mutating func remove(_ field: MappedField) {
        let bit: UInt64 = 1 << UInt64(field.rawValue & 63)
        if field.rawValue < 64 { words.0 &= ~bit } else { words.1 &= ~bit }
    }

    var isEmpty: Bool { words.0 == 0 && words.1 == 0 }

    func contains(_ field: MappedField) -> Bool {
        (field.rawValue < 64 ? words.0 : words.1) & 1 << UInt64(field.rawValue & 63) != 0
    }
}
