import Foundation
import RelayTestKit
import Testing

/// One order through every input: the built relay and the built sandbox as processes, and what arrived compared field
/// by field with expectations written by hand from the mapping rules. The hashes are `printf '%s' VALUE | sha256sum`.
@Suite("An order arrives complete")
struct OrderJourneyTests {
    private let userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"

    private enum Hash {
        static let email = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"  // jane@example.com
        static let phone = "758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"  // 14155552671
        static let maryAnn = "343b97011010c3549fe7fcd6c226ed9431ea37b0b77ed78f6300a0098925faf1"  // mary ann
        static let oBrien = "65b87174be3b1b122e2b0929f0b84888637d31a4a83bb96a860bcff411f5e668"  // o'brien
        static let alice = "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"  // alice
        static let female = "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"  // f
        static let birthday = "01433d270632f5b4e3bff9da6f27d5c1fdf1f5eb45442adfa5f2f20bd6b6503b"  // 19900405
        static let city = "1a6bd4d9d79dc0a79b53795c70d3349fa9e38968a3fbefbfe8783efb1d2b6aac"  // sanfrancisco
        static let state = "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126"  // ca
        static let postcode = "c884a209ebe08750a7d13db63bd02233b375bd79786cbe329ab11586cc35dead"  // 94107
        static let country = "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"  // us
        static let user = "43a2f41a7bffacce74013d74a2f459db5d69d38e061cb8d0e5e262102e2d98d7"  // user-12345
    }

    @Test("a Segment Order Completed with a full customer becomes a complete checkout")
    func segmentOrder() throws {
        let stack = try RelayStack()
        let now = Int(Date().timeIntervalSince1970)
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/track", headers: ["Content-Type": "application/json"],
            """
            {"writeKey":"wk_live","type":"track","event":"Order Completed","messageId":"msg-0001",
             "userId":" User-12345 ","anonymousId":"anon-1","timestamp":\(now),
             "context":{"ip":"203.0.113.9","userAgent":"\(userAgent)","locale":"en-US",
              "page":{"url":"https://shop.example/thanks?order=1001&epik=dj0yJnU9abc&email=jane%40example.com"},
              "traits":{"email":"  Jane@Example.com ","phone":"+1 (415) 555-2671","firstName":" MARY ANN ",
               "lastName":"O'Brien","gender":"Female","birthday":"1990-04-05",
               "address":{"city":"San Francisco","state":"CA","postalCode":" 94107","country":"US"}}},
             "properties":{"order_id":"1001","currency":"usd","revenue":90.5,"total":99,"products":[
              {"product_id":"SKU-1","name":"Blue Mug","price":25.25,"quantity":2,"category":"Kitchen","brand":"Acme"},
              {"sku":"SKU-2","name":"Tea","price":"40.00"}]}}
            """)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"success":true}"#)
        try expectSingleEvent(
            of: stack, time: now...now,
            """
            {"event_name":"checkout","action_source":"web","event_id":"msg-0001","language":"en",
             "event_source_url":"https://shop.example/thanks?order=1001&epik=dj0yJnU9abc",
             "user_data":{"em":["\(Hash.email)"],"ph":["\(Hash.phone)"],"fn":["\(Hash.maryAnn)"],
              "ln":["\(Hash.oBrien)"],"ge":["\(Hash.female)"],"db":["\(Hash.birthday)"],"ct":["\(Hash.city)"],
              "st":["\(Hash.state)"],"zp":["\(Hash.postcode)"],"country":["\(Hash.country)"],
              "external_id":["\(Hash.user)"],"client_ip_address":"203.0.113.9",
              "client_user_agent":"\(userAgent)","click_id":"dj0yJnU9abc"},
             "custom_data":{"currency":"USD","value":"90.5","order_id":"1001","num_items":3,
              "content_ids":["SKU-1","SKU-2"],"contents":[
               {"id":"SKU-1","item_name":"Blue Mug","item_price":"25.25","quantity":2,"item_category":"Kitchen",
                "item_brand":"Acme"},
               {"id":"SKU-2","item_name":"Tea","item_price":"40.00"}]}}
            """)
    }

    private let sharedQuery =
        "v=2&tid=G-ABC123&gtm=45je3b60&_p=1700000000000&gcd=13l3l3l3l1&cid=111.222&ul=en-us&sr=1920x1080&_s=3"
        + "&sid=1700000000&sct=1&seg=1&dl=https%3A%2F%2Fshop.example%2Fthanks%3Fepik%3Ddj0yJnU9xyz&dt=Thank%20you"
    private let purchase =
        "en=purchase&cu=EUR&pr1=idSKU~~1~nmBlue%20Mug~brAcme~caKitchen~pr12.5~qt2&pr2=idSKU-2~nmTea~pr4~qt1"
        + "&epn.value=29&ep.transaction_id=T-77&ep.user_data.email=Jane%40Example.com"
        + "&ep.user_data.phone_number=%2B1%20415-555-2671&ep.user_data.address.first_name=Alice"
        + "&ep.user_data.address.postal_code=94107&ep.user_data.address.country=US"

    private var expectedPurchase: String {
        """
        {"event_name":"checkout","action_source":"web","event_id":"T-77","language":"en",
         "event_source_url":"https://shop.example/thanks?epik=dj0yJnU9xyz",
         "user_data":{"em":["\(Hash.email)"],"ph":["\(Hash.phone)"],"fn":["\(Hash.alice)"],
          "zp":["\(Hash.postcode)"],"country":["\(Hash.country)"],"client_user_agent":"\(userAgent)",
          "client_ip_address":"198.51.100.7","click_id":"dj0yJnU9xyz"},
         "custom_data":{"currency":"EUR","value":"29","order_id":"T-77","num_items":3,
          "content_ids":["SKU~1","SKU-2"],"contents":[
           {"id":"SKU~1","item_name":"Blue Mug","item_price":"12.5","quantity":2,"item_category":"Kitchen",
            "item_brand":"Acme"},
           {"id":"SKU-2","item_name":"Tea","item_price":"4","quantity":1}]}}
        """
    }

    private var browserHeaders: [String: String] {
        ["User-Agent": userAgent, "Origin": "https://shop.example", "X-Forwarded-For": "198.51.100.7"]
    }

    @Test("a GA4 purchase hit with two items as a GET becomes a complete checkout")
    func ga4Get() throws {
        let stack = try RelayStack(environment: ["PINRELAY_TRUSTED_PROXIES": "127.0.0.0/8"])
        let before = Int(Date().timeIntervalSince1970)
        let answer = try TestHTTPClient.get(
            port: stack.publicPort, "/g/collect?\(sharedQuery)&\(purchase)&tfd=1200", headers: browserHeaders)
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        #expect(answer.headers["access-control-allow-origin"] == "https://shop.example")
        #expect(answer.headers["access-control-allow-credentials"] == "true")
        #expect(answer.headers["cache-control"]?.contains("no-store") == true)
        try expectSingleEvent(of: stack, time: before...before + 20, expectedPurchase)
    }

    @Test("the same hit as a line of a POST body gives the same checkout, and the other line its own event")
    func ga4MultiLinePost() throws {
        let stack = try RelayStack(environment: ["PINRELAY_TRUSTED_PROXIES": "127.0.0.0/8"])
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/g/collect?\(sharedQuery)&richsstsse",
            headers: browserHeaders.merging(["Content-Type": "text/plain;charset=UTF-8"]) { own, _ in own },
            "en=page_view&_et=12\r\n\(purchase)")
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        let events = try stack.waitForEvents(2)
        #expect(events.compactMap { $0["event_name"] as? String } == ["page_visit", "checkout"])
        try #require(events.count == 2)
        #expect(canonical(withoutTime(events[1])) == canonical(expectedPurchase))
        #expect(events[0]["event_id"] as? String != events[1]["event_id"] as? String)
    }

    @Test("a Measurement Protocol purchase becomes a complete checkout")
    func measurementProtocol() throws {
        let stack = try RelayStack()
        let now = Int(Date().timeIntervalSince1970)
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/mp/collect?measurement_id=G-ABC123&api_secret=s",
            """
            {"client_id":"111.222","user_id":"User-12345","timestamp_micros":"\(now)000000",
             "consent":{"ad_user_data":"GRANTED"},
             "user_data":{"sha256_email_address":["\(Hash.email.uppercased())"],
              "address":[{"sha256_first_name":"\(Hash.alice)","postal_code":"94107","country":"US"}]},
             "events":[{"name":"purchase","params":{"transaction_id":"MP-1","value":15.5,"currency":"GBP",
              "ip_override":"203.0.113.10","user_agent":"\(userAgent)","language":"en-gb",
              "page_location":"https://shop.example/thanks",
              "items":[{"item_id":"A-1","item_name":"Mug","item_brand":"Acme","price":15.5,"quantity":1}]}}]}
            """)
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        try expectSingleEvent(
            of: stack, time: now...now,
            """
            {"event_name":"checkout","action_source":"web","event_id":"MP-1","language":"en",
             "event_source_url":"https://shop.example/thanks",
             "user_data":{"em":["\(Hash.email)"],"fn":["\(Hash.alice)"],"zp":["\(Hash.postcode)"],
              "country":["\(Hash.country)"],"external_id":["\(Hash.user)"],"client_ip_address":"203.0.113.10",
              "client_user_agent":"\(userAgent)"},
             "custom_data":{"currency":"GBP","value":"15.5","order_id":"MP-1","num_items":1,"content_ids":["A-1"],
              "content_name":"Mug","content_brand":"Acme",
              "contents":[{"id":"A-1","item_name":"Mug","item_brand":"Acme","item_price":"15.5","quantity":1}]}}
            """)
    }

    private func expectSingleEvent(of stack: RelayStack, time: ClosedRange<Int>, _ expected: String) throws {
        let events = try stack.waitForEvents(1)
        try #require(events.count == 1, "relay: \(stack.relay.output)\nsandbox: \(stack.sandbox.output)")
        #expect(canonical(withoutTime(events[0])) == canonical(expected))
        #expect(time.contains(events[0]["event_time"] as? Int ?? 0))
    }

    private func withoutTime(_ event: [String: Any]) -> [String: Any] {
        event.filter { $0.key != "event_time" }
    }

    private func canonical(_ json: String) -> String {
        let object = (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any]
        return canonical(object ?? ["not": "JSON"])
    }

    private func canonical(_ object: [String: Any]) -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data = (try? JSONSerialization.data(withJSONObject: object, options: options)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
