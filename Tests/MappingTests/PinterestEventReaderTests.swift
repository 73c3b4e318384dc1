import Mapping
import RelayModel
import Testing

@Suite("Events that are already in Pinterest's shape")
struct PinterestEventReaderTests {
    private let nowSeconds = now / 1_000_000

    private func shaped(_ members: String = "", time: Int64? = nil, user: String = "", custom: String = "") throws
        -> Outcome
    {
        let rest = members.isEmpty ? "" : "," + members
        return try map(
            """
            {"event_name":"checkout","action_source":"web","event_id":"e1","event_time":\(time ?? nowSeconds),
             "user_data":{\(user)},"custom_data":{\(custom)}\(rest)}
            """, .pinterestEvent)
    }

    @Test("every field means itself, and lists of a person's values keep their order")
    func fields() throws {
        let outcome = try map(
            """
            {"event_name":"add_to_cart","action_source":"app_ios","event_time":\(nowSeconds),"event_id":" e1 ",
             "event_source_url":"https://shop.example/","opt_out":true,"partner_name":"ss-x","language":"en","wifi":true,
             "app_id":"1","app_name":"App","app_version":"2","device_brand":"b","device_carrier":"c","device_model":"m",
             "device_type":"t","os_version":"3","app_info":{"app_id":"1"},"device_info":{"model":"m","brand":"b"},
             "user_data":{"em":["A@b.c",""," d@e.f "],"ph":["1"],"ge":["f"],"db":["19900405"],"ln":["l"],"fn":["f"],
              "ct":["c"],"st":["ca"],"zp":["z"],"country":["us","de"],"external_id":["x","y"],"hashed_maids":["m"],
              "client_ip_address":"203.0.113.9","client_user_agent":"UA","click_id":"dj0"},
             "custom_data":{"currency":"EUR","value":"+12.50","content_ids":["A","","B"],"contents":[{"id":"A",
              "item_name":"n","item_price":"1.50","quantity":2,"item_category":"c","item_brand":"b"},{}],"num_items":0,
              "order_id":"o","search_string":"s","opt_out_type":"LDP","content_name":"n","content_category":"c",
              "content_brand":"b","predicted_ltv":"7"}}
            """, .pinterestEvent)
        #expect(outcome.reason == nil)
        #expect(outcome.warnings == [])
        let expected = [
            "event_name": "add_to_cart", "action_source": "app_ios", "event_time": "\(nowSeconds)", "event_id": "e1",
            "event_source_url": "https://shop.example/", "opt_out": "true", "partner_name": "ss-x", "language": "en",
            "wifi": "true", "app_id": "1", "app_name": "App", "app_version": "2", "device_brand": "b",
            "device_carrier": "c", "device_model": "m", "device_type": "t", "os_version": "3", "app_info": "1",
            "device_info": "2", "em": "A@b.c|d@e.f", "ph": "1", "ge": "f", "db": "19900405", "ln": "l", "fn": "f",
            "ct": "c", "st": "ca", "zp": "z", "country": "us|de", "external_id": "x|y", "hashed_maids": "m",
            "client_ip_address": "203.0.113.9", "client_user_agent": "UA", "click_id": "dj0", "currency": "EUR",
            "value": "12.50", "content_ids": "A|B", "contents": "A:n:1.50:2:c:b", "num_items": "0", "order_id": "o",
            "search_string": "s", "opt_out_type": "LDP", "content_name": "n", "content_category": "c",
            "content_brand": "b", "predicted_ltv": "7",
        ]
        #expect(outcome.events == [expected])
    }

    @Test("nothing is derived: no value, no ids, no click id, no client")
    func nothingDerived() throws {
        let outcome = try shaped(
            #""event_source_url":"https://shop.example/?epik=dj0""#,
            custom: #""contents":[{"id":"A","item_price":"2","quantity":3}]"#)
        for field in ["value", "content_ids", "num_items", "click_id", "client_ip_address", "language"] {
            #expect(outcome[field] == nil)
        }
    }

    @Test("every standard name is known, and another one is the advertiser's own with a warning")
    func names() throws {
        for name in StandardEvent.allCases {
            let outcome = try map(
                "{\"event_name\":\"\(name.apiName)\",\"event_time\":\(nowSeconds)}", .pinterestEvent)
            #expect(outcome.name == name.apiName.description && outcome.warnings.isEmpty)
        }
        let own = try map("{\"event_name\":\"subscription\",\"event_time\":\(nowSeconds)}", .pinterestEvent)
        #expect(own.name == "subscription")
        #expect(own.warnings == ["event_name non_standard_name"])
    }

    @Test(
        "times",
        arguments: [
            (0, nil, 0, false), (300, nil, 0, true), (301, .future, nil, false), (-604_800, nil, -604_800, false),
            (-604_801, .tooOld, nil, false),
        ] as [(Int64, NotSentReason?, Int64?, Bool)])
    func times(_ offset: Int64, _ reason: NotSentReason?, _ expected: Int64?, _ isAdjusted: Bool) throws {
        let outcome = try shaped(time: nowSeconds + offset)
        #expect(outcome.reason == reason)
        #expect(outcome["event_time"] == expected.map { "\(nowSeconds + $0)" })
        #expect(outcome.warnings == (isAdjusted ? ["event_time time_adjusted"] : []))
    }

    @Test(
        "times out of all bounds do no harm",
        arguments: [
            ("9223372036854775807", NotSentReason.future), ("18446744073709551615", .future),
            ("1795262400000", .future), ("-9223372036854775808", .tooOld), ("0", .tooOld),
        ])
    func wildTimes(_ time: String, _ reason: NotSentReason) throws {
        #expect(try map("{\"event_name\":\"lead\",\"event_time\":\(time)}", .pinterestEvent).reason == reason)
    }

    @Test("what cannot be passed on is told")
    func warnings() throws {
        #expect(try shaped(user: #""customer_type":"new""#).warnings == ["user_data unknown_key"])
        #expect(try shaped(#""device_model":"m""#).warnings == ["action_source not_an_app"])
        #expect(try shaped(#""device_model":null"#).warnings == [])
    }
}
