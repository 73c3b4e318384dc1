import MappingLanguage
import Testing

/// Triggers as Segment publishes them, with an event that they are for.
@Suite("Published triggers")
struct TriggerPresetTests {
    @Test(
        "the presets of Segment's Pinterest destination are read as they are meant, without a warning",
        arguments: pinterestCases)
    func pinterest(_ name: String) throws {
        let trigger = #"type = "track" AND event = "\#(name)""#
        #expect(try judge(trigger, #"{"type":"track","event":"\#(name)"}"#))
        #expect(try !judge(trigger, #"{"type":"track","event":"\#(name) "}"#))
        #expect(try !judge(trigger, #"{"type":"page","event":"\#(name)"}"#))
        #expect(try Trigger(trigger).warnings.isEmpty)
        #expect(try Trigger(trigger).eventNames(atPath: "event") == [name])
    }

    @Test("triggers of other destinations are read as they are meant", arguments: othersCases)
    func others(_ trigger: String, _ taken: String, _ refused: String) throws {
        #expect(try judge(trigger, taken))
        #expect(try !judge(trigger, refused))
    }

    @Test("what Segment's editor writes is read as it is meant", arguments: editorCases)
    func editor(_ trigger: String, _ taken: String, _ refused: String) throws {
        #expect(try judge(trigger, #"{"properties":{"x":\#(taken)}}"#))
        #expect(try !judge(trigger, #"{"properties":{"x":\#(refused)}}"#))
    }

    static let pinterestCases: [String] = [
        "Payment Info Entered", "Product Added", "Product Added to Wishlist", "Application Installed",
        "Application Opened", "Checkout", "Checkout Started", "Generate Lead", "Products Searched", "Signed Up",
        "Trial Started", "Subscription Created", "Product Category Viewed", "Product Viewed",
        "Product Video Watched",
    ]

    static let othersCases: [(String, String, String)] = [
        (#"type = "page""#, #"{"type":"page"}"#, #"{"type":"track"}"#),
        (#"type="page""#, #"{"type":"page"}"#, #"{"type":"track"}"#),
        (#"event = "Products Searched""#, #"{"event":"Products Searched"}"#, #"{"event":"products searched"}"#),
        (
            #"type = "track", event = "transaction""#, #"{"type":"track","event":"transaction"}"#,
            #"{"type":"track"}"#
        ),
        (
            #"type = "track" and event == "Cart Updated""#, #"{"type":"track","event":"Cart Updated"}"#,
            #"{"type":"track","event":"Cart"}"#
        ),
        (
            #"type = "track" or type = "identify" or type = "group" or type = "page" or type = "alias""#,
            #"{"type":"alias"}"#, #"{"type":"screen"}"#
        ),
        ("type = track or type = page or type = screen", #"{"type":"screen"}"#, #"{"type":"group"}"#),
        (
            #"type = "track" and (event = "Checkout Started" or event = "Checkout Step Viewed")"#,
            #"{"type":"track","event":"Checkout Step Viewed"}"#, #"{"type":"identify","event":"Checkout Started"}"#
        ),
        (
            #"type = "identify" and traits.email != null"#,
            #"{"type":"identify","traits":{"email":"a@b.example"}}"#,
            #"{"type":"identify","traits":{}}"#
        ),
    ]

    static let editorCases: [(String, String, String)] = [
        (#"properties.x = "v""#, "\"v\"", "\"w\""), (#"properties.x != "v""#, "null", "\"v\""),
        ("properties.x = 5", "5.0", "\"5\""), ("properties.x != 5", "6", "5"), ("properties.x < 5", "4.9", "5"),
        (#"contains(properties.x, "v")"#, "\"ava\"", "\"ab\""),
        (#"!contains(properties.x, "v")"#, "\"ab\"", "\"v\""),
        (#"match(properties.x, "v*")"#, "\"vat\"", "\"av\""), (#"match(properties.x, "*v")"#, "\"av\"", "\"va\""),
        (#"!match(properties.x, "v*")"#, "\"av\"", "\"va\""), (#"!match(properties.x, "*v")"#, "\"va\"", "\"av\""),
        ("properties.x != null", "\"\"", "null"), ("properties.x = null", "null", "0"),
        ("properties.x = true", "true", "\"true\""), ("properties.x = false", "false", "null"),
    ]
}
