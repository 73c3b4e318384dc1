/// Pinterest's 22 standard event names (`event_name`), in the API's spelling.
public enum StandardEvent: UInt8, CaseIterable, Sendable {
    case addPaymentInfo, addToCart, addToWishlist, appInstall, appOpen, checkout, contact, custom, customizeProduct
    case findLocation, initiateCheckout, lead, pageVisit, schedule, search, signup, startTrial, submitApplication
    case subscribe, viewCategory, viewContent, watchVideo

    /// The API's spelling, as `add_to_cart`.
    public var apiName: StaticString {
        switch self {
        case .addPaymentInfo: "add_payment_info"
        case .addToCart: "add_to_cart"
        case .addToWishlist: "add_to_wishlist"
        case .appInstall: "app_install"
        case .appOpen: "app_open"
        case .checkout: "checkout"
        case .contact: "contact"
        case .custom: "custom"
        case .customizeProduct: "customize_product"
        case .findLocation: "find_location"
        case .initiateCheckout: "initiate_checkout"
        case .lead: "lead"
        case .pageVisit: "page_visit"
        case .schedule: "schedule"
        case .search: "search"
        case .signup: "signup"
        case .startTrial: "start_trial"
        case .submitApplication: "submit_application"
        case .subscribe: "subscribe"
        case .viewCategory: "view_category"
        case .viewContent: "view_content"
        case .watchVideo: "watch_video"
        }
    }
}

/// `action_source`: the four values that the API knows.
public enum ActionSource: UInt8, CaseIterable, Sendable {
    case web, appAndroid, appIOS, offline

    public var apiName: StaticString {
        switch self {
        case .web: "web"
        case .appAndroid: "app_android"
        case .appIOS: "app_ios"
        case .offline: "offline"
        }
    }

    /// App fields leave only with an app event (`mapping.md` 9.17).
    public var isApp: Bool { self == .appAndroid || self == .appIOS }
}
