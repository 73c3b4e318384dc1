import Mapping
import MappingLanguage
import RelayModel
import Testing

@Suite("Event names")
struct EventNameTableTests {
    @Test(
        "a GA4 name becomes Pinterest's",
        arguments: [
            ("page_view", "page_visit"), ("gtm.dom", "page_visit"), ("view_item_list", "view_category"),
            ("add_to_cart", "add_to_cart"), ("purchase", "checkout"), ("generate_lead", "lead"),
            ("sign_up", "signup"), ("search", "search"), ("view_search_results", "search"),
            ("view_item", "page_visit"), ("begin_checkout", "initiate_checkout"),
            ("add_payment_info", "add_payment_info"), ("add_to_wishlist", "add_to_wishlist"),
            ("video_start", "watch_video"), ("subscribe", "subscribe"), ("start_trial", "start_trial"),
            ("contact", "contact"), ("schedule", "schedule"), ("submit_application", "submit_application"),
            ("customize_product", "customize_product"), ("find_location", "find_location"),
            ("app_install", "app_install"), ("first_open", "app_install"), ("app_open", "app_open"),
            ("custom", "custom"), ("watch_video", "watch_video"),
        ])
    func ga4(name: String, expected: String) throws {
        #expect(try hit(name).name == expected)
    }

    @Test(
        "a GA4 name that is no conversion is not sent",
        arguments: [
            "refund", "remove_from_cart", "view_cart", "add_shipping_info", "select_item", "select_promotion",
            "view_promotion", "scroll", "click", "user_engagement", "session_start", "first_visit", "form_start",
            "Order Completed", "", "purchases", "a_name_that_is_longer_than_any_that_a_table_knows",
        ])
    func ga4Unmapped(name: String) throws {
        let outcome = try hit(name)
        #expect(outcome.reason == .unmapped)
        #expect(outcome.events.isEmpty)
    }

    @Test(
        "a Segment track name becomes Pinterest's",
        arguments: [
            ("Product Category Viewed", "view_category"), ("Product List Viewed", "view_category"),
            ("Product Added", "add_to_cart"), ("Checkout", "checkout"), ("Order Completed", "checkout"),
            ("Generate Lead", "lead"), ("Lead Generated", "lead"), ("Product Video Watched", "watch_video"),
            ("Video Playback Started", "watch_video"), ("Signed Up", "signup"), ("Products Searched", "search"),
            ("Product Viewed", "page_visit"), ("Product Added to Wishlist", "add_to_wishlist"),
            ("Checkout Started", "initiate_checkout"), ("Payment Info Entered", "add_payment_info"),
            ("Trial Started", "start_trial"), ("Subscription Created", "subscribe"),
            ("Application Installed", "app_install"), ("Application Opened", "app_open"),
        ])
    func segment(name: String, expected: String) throws {
        #expect(try track("{\"event\":\"\(name)\",\"messageId\":\"m\"}").name == expected)
    }

    @Test("each of Pinterest's 22 names is itself in both inputs, in both spellings", arguments: StandardEvent.allCases)
    func pinterestNames(event: StandardEvent) throws {
        let name = event.apiName.description
        let tagName = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        #expect(try hit(name).name == name)
        #expect(try hit(tagName).name == name)
        #expect(try track("{\"event\":\"\(name)\",\"messageId\":\"m\"}").name == name)
        #expect(try track("{\"event\":\"\(tagName)\",\"messageId\":\"m\"}").name == name)
    }

    @Test(
        "names are compared trimmed, in any case, with separators taken as one",
        arguments: [
            "  Order Completed\\t", "order_completed", "ORDER-COMPLETED", "order - _completed", "Order  Completed",
        ])
    func normalised(name: String) throws {
        #expect(try track("{\"event\":\"\(name)\",\"messageId\":\"m\"}").name == "checkout")
    }

    @Test(
        "a separator at either end or inside a word is part of the name",
        arguments: ["_order_completed", "order_completed_", "order_comp_leted", "ordercompleted"])
    func notNormalised(name: String) throws {
        #expect(try track("{\"event\":\"\(name)\",\"messageId\":\"m\"}").reason == .unmapped)
    }

    @Test("a viewed product can be view_content")
    func viewContent() throws {
        var settings = MappingSettings()
        settings.viewItemAs = .viewContent
        #expect(try hit("view_item", settings: settings).name == "view_content")
        #expect(
            try track("{\"event\":\"Product Viewed\",\"messageId\":\"m\"}", settings: settings).name == "view_content")
        #expect(try hit("page_view", settings: settings).name == "page_visit")
    }

    @Test("a page call is a page visit whatever its name and category")
    func page() throws {
        let outcome = try map(
            #"{"messageId":"m","name":"Cart","category":"Shop","event":"Order Completed"}"#, .segmentPage)
        #expect(outcome.name == "page_visit")
    }

    @Test(
        "calls of other types are not sent",
        arguments: [SourceKind.segmentIdentify, .segmentGroup, .segmentAlias, .segmentScreen])
    func otherTypes(kind: SourceKind) throws {
        #expect(try map(#"{"messageId":"m","event":"Order Completed"}"#, kind).reason == .unsupportedType)
    }

    @Test("a screen call can be mapped")
    func screen() throws {
        var settings = MappingSettings()
        settings.screenAs = .pageVisit
        #expect(try map(#"{"messageId":"m"}"#, .segmentScreen, settings: settings).name == "page_visit")
    }

    @Test("an unknown name can be sent as custom")
    func unknownAsCustom() throws {
        var settings = MappingSettings()
        settings.unknownNames = .custom
        #expect(try hit("scroll", settings: settings).name == "custom")
    }

    @Test("an unknown name can be sent under the advertiser's own, never under the sender's")
    func unknownAsOwn() throws {
        var settings = MappingSettings()
        settings.unknownNames = .advertiserDefined(try #require(AdvertiserEventName("Shop-Event_1")))
        #expect(try hit("scroll", settings: settings).name == "Shop-Event_1")
    }

    @Test(
        "an advertiser's name has 1 to 100 letters, digits, _ and -",
        arguments: [
            ("a", true), ("A_b-9", true), ("", false), ("a b", false), ("ä", false),
            (String(repeating: "x", count: 100), true), (String(repeating: "x", count: 101), false),
        ])
    func advertiserNames(text: String, isValid: Bool) {
        #expect((AdvertiserEventName(text) != nil) == isValid)
    }

    @Test("presets have names of their own, and triggers that the language reads", arguments: MappingPreset.all)
    func presets(preset: MappingPreset) throws {
        #expect(MappingPreset.all.filter { $0.name == preset.name }.count == 1)
        #expect(!preset.origin.isEmpty)
        let trigger = try Trigger(preset.trigger)
        #expect(trigger.warnings == [])
    }

    @Test("the presets can be listed, with what they give")
    func rows() {
        let table = MappingTable()
        let purchase = table.presets(isSegment: false).first { $0.preset.name == "ga4-purchase" }
        #expect(purchase?.preset.trigger == "event_name = \"purchase\"")
        #expect(purchase?.eventName == "checkout" && purchase?.state == .on)
        let screen = table.presets(isSegment: true).first { $0.preset.name == "segment-screen" }
        #expect(screen?.state == .off)
        let value = table.fields(isSegment: true).first { $0.name == "custom_data.value" }
        #expect(value?.paths.prefix(2) == ["properties.value", "properties.revenue"])
    }
}
