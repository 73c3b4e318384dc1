import RelayModel

extension MappingPreset {
    private static let official = "Pinterest's table for GA4"
    private static let peers = "peers agree"
    private static let preset = "Segment's preset"
    private static let newerPreset = "Segment's newer preset"
    private static let ecommerce = "Segment's ecommerce spec"

    /// Where a row comes from whose name is Pinterest's own too.
    static let ga4Origins: [StandardEvent: String] = [
        .addToCart: official, .search: official, .custom: official, .watchVideo: official,
        .addPaymentInfo: peers, .addToWishlist: peers,
    ]
    static let segmentOrigins: [StandardEvent: String] = [.checkout: preset]

    /// `mapping.md` 1.1. Names that are not here are not sent: the start of a checkout was already counted, and clicks
    /// are no conversions.
    static let ga4: [MappingPreset] =
        [
            .ga4("page_view", .pageVisit, official),
            .ga4("gtm.dom", .pageVisit, official),
            .ga4("view_item_list", .viewCategory, official),
            .ga4("purchase", .checkout, official),
            .ga4("generate_lead", .lead, official),
            .ga4("sign_up", .signup, official),
            .ga4("view_search_results", .search, "GA4's enhanced measurement"),
            .ga4("view_item", .pageVisit, "Pinterest's own tag", isViewItem: true),
            .ga4("begin_checkout", .initiateCheckout, peers),
            .ga4("video_start", .watchVideo, "GA4's own video event"),
            .ga4("first_open", .appInstall, "GA4's own event of an app's first start"),
        ] + pinterest(isSegment: false)

    /// `mapping.md` 1.2.
    static let segment: [MappingPreset] =
        [
            .call("page", .pageVisit, preset),
            .call("screen", .pageVisit, "off unless screen_as says otherwise"),
            .track("Product Category Viewed", .viewCategory, preset),
            .track("Product List Viewed", .viewCategory, ecommerce),
            .track("Product Added", .addToCart, preset),
            .track("Order Completed", .checkout, ecommerce),
            .track("Generate Lead", .lead, preset),
            .track("Lead Generated", .lead, "Segment's B2B spec"),
            .track("Product Video Watched", .watchVideo, preset),
            .track("Video Playback Started", .watchVideo, "Segment's video spec"),
            .track("Signed Up", .signup, preset),
            .track("Products Searched", .search, preset),
            .track("Product Viewed", .pageVisit, "Pinterest's own tag", isViewItem: true),
            .track("Product Added to Wishlist", .addToWishlist, newerPreset),
            .track("Checkout Started", .initiateCheckout, newerPreset),
            .track("Payment Info Entered", .addPaymentInfo, newerPreset),
            .track("Trial Started", .startTrial, newerPreset),
            .track("Subscription Created", .subscribe, newerPreset),
            .track("Application Installed", .appInstall, newerPreset),
            .track("Application Opened", .appOpen, newerPreset),
        ] + pinterest(isSegment: true)
}
