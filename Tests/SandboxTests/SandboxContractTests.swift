import Testing

@testable import PinterestSandbox

@Suite("SandboxContract")
struct SandboxContractTests {
    @Test("a minimal event is processed, with the warnings that the upstream gives")
    func minimal() {
        let verdict = verdict(body(event()))
        #expect(verdict.status == 200)
        #expect(verdict.json["num_events_received"] as? Int == 1)
        #expect(verdict.json["num_events_processed"] as? Int == 1)
        #expect(verdict.text("status") == "processed")
        #expect(verdict.text("error_message") == "")
        #expect(verdict.text("warning_message").contains("external_id is missing"))
        #expect(verdict.text("warning_message").hasSuffix("; click_id is missing"))
        #expect(verdict.events == [JudgedEvent(id: "e1", name: "page_visit", isProcessed: true)])
    }

    @Test("an event with every key of the contract is processed without a warning")
    func complete() {
        let user = """
            {"em":["\(hash)"],"ph":["\(hash)"],"ge":["\(hash)"],"db":["\(hash)"],"ln":["\(hash)"],"fn":["\(hash)"],
            "ct":["\(hash)"],"st":["\(hash)"],"zp":["\(hash)"],"country":["\(hash)","\(hash)"],
            "external_id":["\(hash)"],"hashed_maids":["\(hash)"],"client_ip_address":"203.0.113.9",
            "client_user_agent":"x","click_id":"dj0y",
            "partner_id":null,"customer_type":"new","x":1}
            """
        let more = """
            "event_source_url":"https://s.test/","opt_out":false,"partner_name":null,"language":"en","wifi":true,
            "app_id":"1","app_name":"n","app_version":"1","device_brand":"b","device_carrier":"c","device_model":"m",
            "device_type":"t","os_version":"1","custom_data":{"currency":"EUR","value":"72.39","content_ids":["a"],
            "contents":[{"id":"a","item_price":"1.5","quantity":2,"item_name":"n","item_category":"c","item_brand":"b",
            "item_brand_id":"i"}],"num_items":2,"order_id":"o","search_string":"s","opt_out_type":"LDP",
            "content_name":"n","content_category":"c","content_brand":"b","predicted_ltv":"1","np":"ss-x",
            "external_measurement_id":"e","external_measurement_vendor_id":1},
            "app_info":{"app_id":"1","install_time":0,"window_width":30720,"user_agent":"u"},
            "device_info":{"battery_level":100,"form_factor":"tv","network_type":"wifi","os_family":"ios",
            "languages":["en"],"timezone_abbr":"CET","screen_density":3}
            """
        let verdict = verdict(body(event(name: #""checkout""#, user: user, more: more)))
        #expect(verdict.status == 200, "\(verdict.message)")
        #expect(verdict.text("warning_message") == "")
    }

    @Test(
        "whatever breaks the schema refuses the whole request and names the place",
        arguments: [
            ("[]", "object"),
            ("{}", "'data' is a required property"),
            (#"{"data":{}}"#, "array"),
            (#"{"data":[]}"#, "too few"),
            (#"{"data":[1]}"#, "data[0]"),
            (body(event()).dropLast() + #","test":true}"#, "'test' was unexpected"),
            (body(event(name: nil)), "'event_name' is a required property"),
            (body(event(source: nil)), "'action_source'"),
            (body(event(time: nil)), "'event_time'"),
            (body(event(id: nil)), "'event_id'"),
            (body(event(user: nil)), "'user_data'"),
            (body(event(), event(id: "7")), "data[1].event_id: not of type 'string'"),
            (body(event(id: "null")), "data[0].event_id"),
            (body(event(time: "\"\(now)\"")), "data[0].event_time: not of type 'integer'"),
            (body(event(time: "\(now).0")), "data[0].event_time: not of type 'integer'"),
            (body(event(more: #""event_id":"e1""#)), "twice"),
            (body(event(more: #""advertiser_tracking_enabled":true"#)), "'advertiser_tracking_enabled' was unexpected"),
            (body(event(more: #""opt_out":"true""#)), "boolean"),
            (body(event(more: #""opt_out":null"#)), "boolean"),
            (body(event(user: "{}")), "given schemas"),
            (body(event(user: #"{"client_ip_address":"203.0.113.9"}"#)), "given schemas"),
            (body(event(user: #"{"ph":["\#(hash)"],"external_id":["\#(hash)"]}"#)), "given schemas"),
            (body(event(user: #"{"em":[]}"#)), "given schemas"),
            (body(event(user: #"{"em":"\#(hash)"}"#)), "data[0].user_data.em: not of type 'array'"),
            (body(event(user: #"{"em":[1]}"#)), "data[0].user_data.em[0]: not of type 'string'"),
            (body(event(more: #""custom_data":{"value":72.39}"#)), "custom_data.value: not of type 'string'"),
            (body(event(more: #""custom_data":{"num_items":"2"}"#)), "integer"),
            (body(event(more: #""custom_data":{"num_items":null}"#)), "integer"),
            (body(event(more: #""custom_data":{"content_ids":[7]}"#)), "content_ids[0]"),
            (body(event(more: #""custom_data":{"category_name":"x"}"#)), "'category_name' was unexpected"),
            (body(event(more: #""custom_data":{"contents":[{"item_price":1.5}]}"#)), "contents[0].item_price"),
            (body(event(more: #""custom_data":{"contents":[{"sku":"a"}]}"#)), "'sku' was unexpected"),
            (body(event(more: #""app_info":{"app_store":"\#(String(repeating: "a", count: 101))"}"#)), "too long"),
            (body(event(more: #""app_info":{"window_width":30721}"#)), "out of range"),
            (body(event(more: #""device_info":{"form_factor":"phone"}"#)), "enum"),
            (body(event(more: #""device_info":{"id":"x"}"#)), "'id' was unexpected"),
        ] as [(String, String)])
    func schemaFault(body: String, place: String) {
        let verdict = verdict(body)
        #expect(verdict.status == 400)
        #expect(verdict.code == 4196)
        #expect(verdict.message.contains(place), "\(verdict.message)")
        #expect(verdict.events.isEmpty)
    }

    @Test("lengths are counted in characters, not bytes")
    func lengthInCharacters() {
        let store = String(repeating: "é", count: 100)
        #expect(verdict(body(event(more: #""app_info":{"app_store":"\#(store)"}"#))).status == 200)
    }

    @Test("1000 events are taken and 1001 are not")
    func eventCount() {
        #expect(verdict(body(Array(repeating: event(), count: 1000))).status == 200)
        #expect(verdict(body(Array(repeating: event(), count: 1001))).status == 400)
    }

    @Test("what is no JSON is refused", arguments: ["", " ", "{", "\u{FEFF}{}", "nope", "{\"data\":[]}}"])
    func notJSON(body: String) {
        #expect(verdict(body).status == 400)
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() {
        var contract = SandboxContract(SandboxSettings(token: "t0"))
        let bytes = Array(body(event(id: "\"?\"")).utf8).map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
        #expect(contract.judge(call(), body: bytes.span, now: now).status == 400)
    }

    @Test("the token must be the one that is known", arguments: [nil, "", "t0", "bearer t0", "Bearer t1", "Basic t0"])
    func token(authorization: String?) {
        let verdict = verdict(body(event()), call(authorization: authorization))
        #expect(verdict.status == 401)
        #expect(verdict.code == 2)
    }

    @Test(
        "only the events route of a well-formed account exists",
        arguments: [
            ("/", 404), ("/v5/ad_accounts/1/event", 404), ("/v4/ad_accounts/1/events", 404),
            ("/v5/ad_accounts/1/events/", 404), ("/v5/ad_accounts//events", 400), ("/v5/ad_accounts/12a/events", 400),
            ("/v5/ad_accounts/1234567890123456789/events", 400), ("/v5/ad_accounts/123456789012345678/events", 200),
        ])
    func path(path: String, status: Int) {
        #expect(verdict(body(event()), call(path: path)).status == status)
    }

    @Test("a wrong method and a wrong content type are refused")
    func methodAndType() {
        #expect(verdict(body(event()), call(method: "GET")).status == 405)
        #expect(verdict(body(event()), call(contentType: nil)).status == 400)
        #expect(verdict(body(event()), call(contentType: "text/plain")).status == 400)
        #expect(verdict(body(event()), call(contentType: "application/json; charset=utf-8")).status == 200)
    }

    @Test("an account that is not listed gives 404, or 403 where set so")
    func unknownAccount() {
        var settings = SandboxSettings(token: "t0")
        settings.accounts = ["1"]
        #expect(verdict(body(event()), settings: settings).status == 404)
        settings.unknownAccountStatus = 403
        #expect(verdict(body(event()), settings: settings).code == 29)
        #expect(verdict(body(event()), call(path: "/v5/ad_accounts/1/events"), settings: settings).status == 200)
    }

    @Test("a test request is marked, and its events beyond the 20th fail")
    func testMode() {
        let verdict = verdict(body(Array(repeating: event(), count: 21)), call(query: "a=b&test=true"))
        #expect(verdict.isTest)
        #expect(verdict.json["num_events_processed"] as? Int == 20)
        #expect(verdict.text("status", at: 20) == "failed")
    }

    @Test("the test flag is a boolean", arguments: [("test=false", 200), ("", 200), ("test=1", 400), ("test", 400)])
    func testFlag(query: String, status: Int) {
        let verdict = verdict(body(event()), call(query: query))
        #expect(verdict.status == status)
        #expect(!verdict.isTest)
    }
}
