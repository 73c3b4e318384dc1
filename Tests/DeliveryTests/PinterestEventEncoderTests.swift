import Delivery
import RelayModel
import RelayTestKit
import Testing

@Suite("PinterestEventEncoder")
struct PinterestEventEncoderTests {
    private func json(_ event: TestEvent) -> String {
        var bytes: [UInt8] = []
        PinterestEventEncoder.encode(event.event, into: &bytes)
        if PinterestSchema.fault(of: event.event) == nil { UpstreamRecord.append(bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private let beef = String(repeating: "beef", count: 16)
    private let zero9 = String(repeating: "09af", count: 16)

    @Test("the least event holds the required members and nothing else")
    func least() {
        #expect(
            json(.withClient(.pageVisit))
                == #"{"event_id":"e-1","event_name":"page_visit","action_source":"web","event_time":1760000000,"#
                + #""user_data":{"client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0"}}"#)
    }

    @Test("a full web checkout is written in the documented order")
    func fullCheckout() {
        var event = TestEvent.withClient()
        event.set(\.sourceURL, "https://shop.example/thanks?epik=abc")
        event.event.optOut = true
        event.set(\.language, "en")
        event.set(\.partnerName, "ss-shop")
        event.event.user.em = hashes(digest(0xbeef), digest(0x09af))
        event.event.user.externalID = hashes(digest(0x09af))
        event.set(\.user.clickID, "dj0yJnU9")
        event.set(\.custom.currency, "EUR")
        event.set(\.custom.value, "12.50")
        event.event.custom.contentIDs = [event.text("a"), .none, event.text("b")]
        var item = ConversionItem()
        item.id = event.text("a")
        item.itemPrice = event.text("6.25")
        item.quantity = 2
        item.itemName = event.text("Scarf")
        item.itemCategory = event.text("wool")
        item.itemBrand = event.text("Acme")
        var free = ConversionItem()
        free.quantity = 0
        event.event.custom.contents = [item, ConversionItem(), free]
        event.event.custom.numItems = 2
        event.set(\.custom.orderID, "o-1")
        event.set(\.custom.searchString, "scarf")
        event.set(\.custom.optOutType, "LDP")
        event.set(\.custom.contentName, "n")
        event.set(\.custom.contentCategory, "c")
        event.set(\.custom.contentBrand, "b")
        event.set(\.custom.predictedLTV, "-1.5")
        let head =
            #"{"event_id":"e-1","event_name":"checkout","action_source":"web","event_time":1760000000,"#
            + #""event_source_url":"https://shop.example/thanks?epik=abc","opt_out":true,"language":"en","#
            + #""partner_name":"ss-shop","#
        let user =
            #""user_data":{"em":["\#(beef)","\#(zero9)"],"external_id":["\#(zero9)"],"#
            + #""client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0","click_id":"dj0yJnU9"},"#
        let custom =
            #""custom_data":{"currency":"EUR","value":"12.50","content_ids":["a","b"],"contents":["#
            + #"{"id":"a","item_price":"6.25","quantity":2,"item_name":"Scarf","item_category":"wool","#
            + #""item_brand":"Acme"},{"quantity":0}],"num_items":2,"order_id":"o-1","search_string":"scarf","#
            + #""opt_out_type":"LDP","content_name":"n","content_category":"c","content_brand":"b","#
            + #""predicted_ltv":"-1.5"}}"#
        #expect(json(event) == head + user + custom)
    }

    @Test("every person field stands under its own key, hashed, in an array")
    func person() {
        var event = TestEvent()
        let fields: [(WritableKeyPath<ConversionUser, HashedValues>, String)] = [
            (\.em, "em"), (\.ph, "ph"), (\.ge, "ge"), (\.db, "db"), (\.ln, "ln"), (\.fn, "fn"), (\.ct, "ct"),
            (\.st, "st"), (\.zp, "zp"), (\.country, "country"), (\.externalID, "external_id"),
            (\.hashedMaids, "hashed_maids"),
        ]
        var expected: [String] = []
        for (place, (field, key)) in fields.enumerated() {
            let value = digest(UInt64(0xa000 + place))
            event.event.user[keyPath: field] = hashes(value)
            expected.append("\"\(key)\":[\"\(value.hex)\"]")
        }
        #expect(json(event).hasSuffix(#""user_data":{"# + expected.joined(separator: ",") + "}}"))
    }

    @Test("app fields leave with an app event only", arguments: ActionSource.allCases)
    func app(source: ActionSource) {
        var event = TestEvent.withClient(.appOpen)
        event.event.actionSource = source
        event.set(\.app.appID, "429047995")
        event.set(\.app.osVersion, "17.1")
        event.event.app.wifi = false
        event.set(\.app.appInfoJSON, #"{"app_store":"Apple"}"#)
        event.set(\.app.deviceInfoJSON, "{}")
        let fields = #","app_id":"429047995","os_version":"17.1","wifi":false,"app_info":{"app_store":"Apple"},"#
        #expect(json(event).contains(fields) == source.isApp)
        #expect(json(event).contains("app_id") == source.isApp)
        #expect(!json(event).contains("device_info"))
    }

    @Test("an advertiser-defined name is written as it is")
    func advertiserDefined() {
        var event = TestEvent.withClient()
        event.event.name = .advertiserDefined(event.text("Quiz_Done-2"))
        #expect(json(event).hasPrefix(#"{"event_id":"e-1","event_name":"Quiz_Done-2","#))
    }

    @Test("texts are escaped and stay valid UTF-8")
    func escapes() {
        var event = TestEvent.withClient()
        event.set(\.custom.searchString, "a\"b\\c\nü\u{1}")
        event.event.custom.orderID = event.event.intern([0x61, 0xFF, 0x62])
        #expect(json(event).hasSuffix(#""custom_data":{"order_id":"a\#u{FFFD}b","search_string":"a\"b\\c\nü\u0001"}}"#))
    }

    @Test("text that fills the first memory many times over is written whole")
    func large() throws {
        var event = TestEvent.withClient()
        event.set(\.custom.contentName, String(repeating: "\u{1}", count: 5_000))
        event.event.custom.contentIDs = Array(repeating: event.text(String(repeating: "x", count: 900)), count: 300)
        var bytes = Array("before".utf8)
        PinterestEventEncoder.encode(event.event, into: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"before{"event_id":"e-1","#))
        let counts = try withTape(String(text.dropFirst(6))) { tape, root in
            [
                tape.value(root, "custom_data", "content_ids").map { tape.elementCount($0) },
                tape.value(root, "custom_data", "content_name").map { Int(tape.string($0).count) },
            ]
        }
        #expect(counts == [300, 5_000])
    }

    @Test("all 22 standard names are written in the API's spelling", arguments: StandardEvent.allCases)
    func names(name: StandardEvent) {
        #expect(json(.withClient(name)).contains("\"event_name\":\"\(name.apiName)\","))
    }
}
