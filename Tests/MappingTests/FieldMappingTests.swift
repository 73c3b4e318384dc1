import Mapping
import MappingLanguage
import RelayModel
import Testing

@Suite("Fields that a mapping sets")
struct FieldMappingTests {
    /// Maps a `track` call with one mapping of these fields.
    private func outcome(
        _ json: String, _ event: String, settings: MappingSettings = MappingSettings(),
        call: (inout CallFacts, inout EventTape) -> Void = { _, _ in }
    ) throws -> Outcome {
        let rules = [try own("own", "type = \"track\"", "checkout", json)]
        return try map(
            "{\"event\":\"e\",\"messageId\":\"m\",\(event)}", .segmentTrack, settings: settings, rules: rules,
            call: call,
            tracing: true)
    }

    @Test(
        "dotted and nested names, Pinterest's and Segment's, set the same field",
        arguments: [
            #"{"user_data.em":{"@path":"$.x"}}"#, #"{"user_data":{"em":{"@path":"$.x"}}}"#,
            #"{"user_data":{"email":{"@path":"$.x"}}}"#, #"{"user_data.email":{"@path":"$.x"}}"#,
            #"{"@merge":{"direction":"right","objects":[{"user_data":{"email":{"@path":"$.x"}}}]}}"#,
            #"{"user_data":{"@merge":{"direction":"right","objects":[{"email":{"@path":"$.x"}}]}}}"#,
        ])
    func names(json: String) throws {
        let event = #""x":"jane@example.com","properties":{"email":"other@example.com"}"#
        #expect(try outcome(json, event)["em"] == "jane@example.com")
    }

    @Test(
        "every field can be set, by Pinterest's name and by Segment's",
        arguments: [
            ("event_id", "event_id", "A"), ("event_source_url", "event_source_url", "https://a.example/"),
            ("action_source", "action_source", "offline"), ("language", "language", "fr"),
            ("partner_name", "partner_name", "A"), ("event_time", "event_time", "1795262000"),
            ("user_data.email", "em", "a@example.com"), ("user_data.em", "em", "a@example.com"),
            ("user_data.phone", "ph", "+4930901820"), ("user_data.ph", "ph", "+4930901820"),
            ("user_data.gender", "ge", "f"), ("user_data.ge", "ge", "f"),
            ("user_data.date_of_birth", "db", "19900102"), ("user_data.db", "db", "19900102"),
            ("user_data.first_name", "fn", "Jane"), ("user_data.fn", "fn", "Jane"),
            ("user_data.last_name", "ln", "Doe"), ("user_data.ln", "ln", "Doe"),
            ("user_data.city", "ct", "Rome"), ("user_data.ct", "ct", "Rome"), ("user_data.state", "st", "CA"),
            ("user_data.st", "st", "CA"), ("user_data.zip", "zp", "94107"), ("user_data.zp", "zp", "94107"),
            ("user_data.country", "country", "US"), ("user_data.external_id", "external_id", "u"),
            ("user_data.hashed_maids", "hashed_maids", "maid"), ("user_data.click_id", "click_id", "epik-1"),
            ("user_data.partner_id", "partner_id", "p"),
            ("user_data.client_ip_address", "client_ip_address", "203.0.113.7"),
            ("user_data.client_user_agent", "client_user_agent", "UA"), ("custom_data.currency", "currency", "EUR"),
            ("custom_data.value", "value", "9.5"), ("custom_data_2.value", "value", "9.5"),
            ("custom_data.content_ids", "content_ids", "a"), ("custom_data.num_items", "num_items", "3"),
            ("custom_data.order_id", "order_id", "o"), ("custom_data.search_string", "search_string", "s"),
            ("custom_data.opt_out_type", "opt_out_type", "LDP"), ("custom_data.content_name", "content_name", "n"),
            ("custom_data.content_category", "content_category", "c"),
            ("custom_data.content_brand", "content_brand", "b"),
            ("custom_data.predicted_ltv", "predicted_ltv", "12"), ("custom_data.np", "np", "ss"),
        ])
    func everyField(name: String, field: String, value: String) throws {
        let event = """
            "userId":"other","context":{"ip":"203.0.113.1","userAgent":"other","locale":"de","traits":{"email":"o@example.com",
            "phone":"1","firstName":"O","lastName":"O","gender":"m","birthday":"1980-01-01","address":{"city":"O",
            "state":"NY","postalCode":"1","country":"DE"}},"device":{"advertisingId":"other"},
            "page":{"url":"https://o.example/?epik=other"}},"properties":{"value":1,"currency":"USD","order_id":"O",
            "query":"O","predicted_ltv":1,"products":[{"product_id":"O","quantity":1,"price":1,"brand":"O","category":"O",
            "name":"O"}]}
            """
        #expect(try outcome("{\"\(name)\":\"\(value)\"}", event)[field] == value)
        #expect(try outcome("{\"\(name)\":{\"@path\":\"$.x\"}}", event + ",\"x\":\"\(value)\"")[field] == value)
    }

    @Test(
        "a field that resolves to nothing is left out, whatever else says it",
        arguments: [
            ("user_data.em", "em"), ("user_data.fn", "fn"), ("user_data.ct", "ct"),
            ("user_data.external_id", "external_id"),
            ("user_data.client_ip_address", "client_ip_address"), ("user_data.client_user_agent", "client_user_agent"),
            ("user_data.click_id", "click_id"), ("custom_data.currency", "currency"), ("custom_data.value", "value"),
            ("custom_data.content_ids", "content_ids"), ("custom_data.num_items", "num_items"),
            ("custom_data.content_name", "content_name"), ("custom_data.contents", "contents"),
            ("custom_data.order_id", "order_id"), ("event_source_url", "event_source_url"), ("language", "language"),
        ])
    func leftOut(name: String, field: String) throws {
        let event = """
            "userId":"u","context":{"ip":"203.0.113.1","userAgent":"UA","locale":"de","traits":{"email":"o@example.com",
            "name":"Jane Doe","address":{"city":"Rome"}},"page":{"url":"https://o.example/?epik=e"}},
            "properties":{"currency":"USD","order_id":"O","products":[{"product_id":"O","price":1,"name":"N"}]}
            """
        let plain = try outcome("{}", event)
        #expect(plain[field] != nil)
        for value in ["null", "{\"@path\":\"$.missing\"}", "\"\""] {
            let left = try outcome("{\"\(name)\":\(value)}", event)
            #expect(left[field] == nil)
            #expect(left["event_id"] == "m")
        }
        let unusable = try outcome("{\"\(name)\":{\"@path\":\"$.properties\"}}", event)
        if field != "contents" {
            #expect(unusable[field] == nil)
            #expect(!unusable.warnings.isEmpty)
        }
    }

    @Test("what the upstream demands, and what protects a person, falls back on the event's own word")
    func fallsBack() throws {
        let nothing = "{\"@path\":\"$.missing\"}"
        let all = """
            {"event_id":\(nothing),"event_time":\(nothing),"action_source":"nowhere","opt_out":\(nothing),
            "custom_data.opt_out_type":\(nothing)}
            """
        let outcome = try outcome(all, #""properties":{"opt_out":true,"opt_out_type":"LDP"}"#)
        #expect(outcome["event_id"] == "m" && outcome["event_time"] == "1795262400")
        #expect(outcome["action_source"] == "web" && outcome["opt_out"] == "true" && outcome["opt_out_type"] == "LDP")
        #expect(outcome.warnings == ["action_source unusable"])
    }

    @Test("a mapping does not bring back an id whose owner wants no tracking, nor an address that is not wanted")
    func privacy() throws {
        let device = #""context":{"device":{"adTrackingEnabled":false,"advertisingId":"x"},"ip":"0.0.0.0"}"#
        let json =
            #"{"user_data":{"hashed_maids":"maid","client_ip_address":"203.0.113.9"},"advertiser_tracking_enabled":true}"#
        let outcome = try outcome(json, device)
        #expect(outcome["hashed_maids"] == nil && outcome["client_ip_address"] == nil && outcome["opt_out"] == "true")
        let off = try self.outcome(
            #"{"advertiser_tracking_enabled":false}"#, #""context":{"device":{"advertisingId":"x"}}"#)
        #expect(off["hashed_maids"] == nil && off["opt_out"] == "true")
    }

    @Test("values are read as all others are: lists, lists in text, several values, placeholders")
    func readers() throws {
        let event = #""a":["A@example.com",null,"b@example.com"],"t":"[\"x\",\"y\"]","g":"guest","v":"1,50""#
        #expect(try outcome(#"{"user_data.em":{"@path":"$.a"}}"#, event)["em"] == "A@example.com|b@example.com")
        #expect(try outcome(#"{"user_data.external_id":{"@path":"$.t"}}"#, event)["external_id"] == "x|y")
        let guest = try outcome(#"{"user_data.external_id":{"@path":"$.g"}}"#, event + #","userId":"u""#)
        #expect(guest["external_id"] == nil && guest.warnings == ["user_data.external_id placeholder"])
        let value = try outcome(#"{"custom_data.value":{"@path":"$.v"}}"#, event + #","properties":{"value":2}"#)
        #expect(value["value"] == nil && value.warnings == ["custom_data.value unusable"])
    }

    @Test("contents that a mapping sets are what ids, count and value are taken from")
    func contents() throws {
        let json = #"{"custom_data.contents":{"@path":"$.lines"}}"#
        let event =
            #""lines":[{"id":"a","item_price":2,"quantity":3},{"id":"b"}],"properties":{"products":[{"sku":"z"}]}"#
        let outcome = try outcome(json, event)
        #expect(outcome["content_ids"] == "a|b" && outcome["num_items"] == "4" && outcome["value"] == "6")
    }

    @Test("a field of each product is read from the product")
    func items() throws {
        let event = #""properties":{"products":[{"sku":"a","price":2,"net":1.5,"quantity":2},{"sku":"b","price":4}]}"#
        for name in ["contents[].item_price", "custom_data.contents[].item_price"] {
            let outcome = try outcome("{\"\(name)\":{\"@path\":\"$.net\"}}", event)
            #expect(outcome["contents"] == "a::1.5:2::|b:::::" && outcome["value"] == "3")
        }
        let ids = try outcome(#"{"custom_data":{"contents[]":{"id":{"@template":"p-{{sku}}"}}}}"#, event)
        #expect(ids["content_ids"] == "p-a|p-b")
    }

    @Test("a result with names that are no fields is told")
    func strangers() throws {
        let json = #"{"@merge":{"direction":"right","objects":[{"@path":"$.x"}]}}"#
        let outcome = try outcome(json, #""x":{"language":"fr","nonsense":1,"custom_data.order_id":"7"}"#)
        #expect(outcome["language"] == "fr" && outcome["order_id"] == "7")
        #expect(outcome.warnings == ["fields unknown_key"])
    }

    @Test(
        "faults name their place",
        arguments: [
            (#"{"user_data":{"emial":1}}"#, ["user_data", "emial"]), (#"{"x":1}"#, ["x"]),
            (#"{"user_data":{"em":1,"email":2}}"#, ["user_data", "email"]),
            (#"{"custom_data.value":1,"custom_data":{"value":2}}"#, ["custom_data", "value"]),
            (#"{"custom_data.value":{"@nope":1}}"#, ["custom_data", "value"]),
            (#"{"event_name":"not ok"}"#, ["event_name"]), (#"{"user_data":3}"#, ["user_data"]),
            (#"{"contents[].colour":3}"#, ["contents[]", "colour"]), ("[]", []),
            (#"{"contents":[],"contents[].id":3}"#, ["contents[]"]),
        ])
    func faults(json: String, path: [String]) throws {
        do throws(FieldMapping.Faults) {
            _ = try FieldMapping(try! mappingValue(json))
            Issue.record("it compiles")
        } catch {
            #expect(error.all.map(\.path).filter { $0.starts(with: path) } + error.unknown == [path])
        }
    }

    @Test("of Segment's two formats the one counts that data_format names")
    func formats() throws {
        func value(_ format: String) throws -> String? {
            let json = "{\(format)\"custom_data\":{\"value\":1},\"custom_data_2\":{\"value\":2}}"
            return try outcome(json, #""x":1"#)["value"]
        }
        #expect(try value(#""data_format":"latest","#) == "2")
        #expect(try value(#""data_format":"legacy","#) == "1")
        #expect(try value("") == "1")
    }
}
