import RelayModel

// The tables of event names, as data: which name of an input becomes which of Pinterest's.
extension EventNameTable {
    /// `mapping.md` 1.1. Names that are not here are not sent: the start of a checkout was already counted, and clicks
    /// are no conversions.
    static func ga4Rows(viewItem: StandardEvent) -> [EventNameRow] {
        [
            EventNameRow("page_view", .pageVisit),
            EventNameRow("gtm.dom", .pageVisit),
            EventNameRow("view_item_list", .viewCategory),
            EventNameRow("purchase", .checkout),
            EventNameRow("generate_lead", .lead),
            EventNameRow("sign_up", .signup),
            EventNameRow("view_search_results", .search),
            EventNameRow("view_item", viewItem),
            EventNameRow("begin_checkout", .initiateCheckout),
            EventNameRow("video_start", .watchVideo),
            EventNameRow("first_open", .appInstall),
        ]
    }

    /// `mapping.md` 1.2, `track` calls.
    static func segmentRows(viewItem: StandardEvent) -> [EventNameRow] {
        [
            EventNameRow("Product Category Viewed", .viewCategory),
            EventNameRow("Product List Viewed", .viewCategory),
            EventNameRow("Product Added", .addToCart),
            EventNameRow("Order Completed", .checkout),
            EventNameRow("Generate Lead", .lead),
            EventNameRow("Lead Generated", .lead),
            EventNameRow("Product Video Watched", .watchVideo),
            EventNameRow("Video Playback Started", .watchVideo),
            EventNameRow("Signed Up", .signup),
            EventNameRow("Products Searched", .search),
            EventNameRow("Product Viewed", viewItem),
            EventNameRow("Product Added to Wishlist", .addToWishlist),
            EventNameRow("Checkout Started", .initiateCheckout),
            EventNameRow("Payment Info Entered", .addPaymentInfo),
            EventNameRow("Trial Started", .startTrial),
            EventNameRow("Subscription Created", .subscribe),
            EventNameRow("Application Installed", .appInstall),
            EventNameRow("Application Opened", .appOpen),
        ]
    }

    /// A name that is already one of Pinterest's 22 is itself, in the API's spelling and in the browser tag's, which
    /// is the same without separators (`mapping.md` 9.1).
    static let pinterestRows: [EventNameRow] = StandardEvent.allCases.flatMap { event in
        let name = event.apiName.description
        let tagName = name.filter { $0 != "_" }
        return name == tagName
            ? [EventNameRow(name, event)] : [EventNameRow(name, event), EventNameRow(tagName, event)]
    }
}
