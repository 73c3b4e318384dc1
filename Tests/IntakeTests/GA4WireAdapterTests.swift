import Intake
import RelayModel
import RelayTestKit
import Testing

@Suite("GA4 hits")
struct GA4WireAdapterTests {
    private let shared = "v=2&tid=G-TEST1&cid=11.22&_p=33&_s=1"

    private func hits(_ query: String, _ body: String = "", isPost: Bool = true) throws -> [DecodedItem] {
        try decode(GA4WireAdapter(), .ga4Collect, query: query, body: body, isPost: isPost)
    }

    private func hit(_ query: String) throws -> DecodedItem {
        let items = try hits("\(shared)&\(query)", isPost: false)
        try #require(items.count == 1)
        return items[0]
    }

    /// The part of the event data that a query adds to what every test hit holds.
    private func data(_ query: String) throws -> String {
        let json = try hit("en=e&\(query)").json
        let common =
            #"{"x-ga-protocol_version":"2","x-ga-measurement_id":"G-TEST1","client_id":"11.22","x-ga-page_id":"33","#
            + #""x-ga-request_count":"1","event_name":"e""#
        try #require(json.hasPrefix(common))
        return String(json.dropFirst(common.count).drop { $0 == "," }.dropLast())
    }

    @Test("a GET hit, a POST with an empty body and a POST with a line give the same event")
    func transports() throws {
        let event = "en=purchase&epn.value=12.50&cu=EUR"
        let get = try hits("\(shared)&\(event)", isPost: false)
        let emptyPost = try hits("\(shared)&\(event)")
        let line = try hits(shared, event)
        #expect(get.count == 1)
        #expect(get == emptyPost)
        #expect(get == line)
        #expect(get[0].kind == .ga4Hit)
        #expect(get[0].name == "purchase")
        #expect(get[0].isBrowserCall)
        #expect(get[0].messageID == "G-TEST1,11.22,33,1,0,purchase")
        #expect(get[0].json.hasSuffix(#""event_name":"purchase","currency":"EUR","value":12.50}"#))
    }

    @Test(
        "lines end with CRLF or LF, blank ones and a last line end do not count",
        arguments: ["en=a\r\nen=b", "en=a\nen=b\n", "\r\nen=a\r\n\r\nen=b\r\n", "  en=a \n\n\n\ten=b"])
    func lines(_ body: String) throws {
        let items = try hits(shared, body)
        #expect(items.map(\.name) == ["a", "b"])
        #expect(items.map(\.messageID) == ["G-TEST1,11.22,33,1,0,a", "G-TEST1,11.22,33,1,1,b"])
    }

    @Test("a line's value stands over the query's")
    func override() throws {
        let items = try hits("\(shared)&cu=USD&dt=All&ep.x=q", "en=a&cu=EUR&ep.x=l\nen=b")
        #expect(items[0].json.contains(#""currency":"EUR","page_title":"All","event_name":"a","x":"l""#))
        #expect(items[1].json.contains(#""currency":"USD","page_title":"All","event_name":"b","x":"q""#))
    }

    @Test("a line of another property than the call's is a bad item: it would go by the wrong source's rules")
    func otherProperty() throws {
        let items = try hits("v=2&cid=1&_p=2&_s=3", "tid=G-1&en=a\ntid=G-2&en=b\ntid=G-1&en=c")
        #expect(items.map(\.reason) == [nil, .notAnEvent, nil])
        #expect(items.map(\.name) == ["a", "b", "c"])
        #expect(items[1].detail == "a line's tid must be that of its call")
    }

    @Test("a line without a name is a bad item among good ones")
    func missingName() throws {
        let items = try hits(shared, "en=a\n_et=5")
        #expect(items.map(\.reason) == [nil, .missingEventName])
        #expect(try hits(shared).map(\.reason) == [.missingEventName])
        #expect(try hits("\(shared)&en=").map(\.reason) == [.missingEventName])
    }

    @Test(
        "what is no version 2 hit is refused",
        arguments: ["", "en=a", "v=1&tid=UA-1&en=a", "v=2&en=a", "tid=G-1&en=a", "v=2&tid=&en=a", "x=%%%&&=="])
    func notAHit(_ query: String) throws {
        #expect(throws: IntakeFault.notAHit) { try hits(query) }
    }

    @Test(
        "a hit without page id, counter or client has no identity of its own",
        arguments: ["cid=1&_p=2", "_p=2&_s=3", "cid=1&_s=1"])
    func identity(_ parts: String) throws {
        #expect(try hits("v=2&tid=G-1&en=a&\(parts)")[0].messageID == "")
    }

    @Test("a JSON body is no list of events")
    func jsonBody() throws {
        #expect(try hits("\(shared)&en=a", "{\n\"en\":\"b\"\n}").map(\.name) == ["a"])
    }

    @Test("a query wrapped in one Base64 value is unwrapped")
    func wrapped() throws {
        // "/g/collect?v=2&tid=G-1&en=page_view" in Base64.
        let query = "e44f=L2cvY29sbGVjdD92PTImdGlkPUctMSZlbj1wYWdlX3ZpZXc%3D"
        #expect(try hits(query, isPost: false).map(\.name) == ["page_view"])
        #expect(throws: IntakeFault.notAHit) { try hits("e44f=bm90IGEgY29sbGVjdCBVUkwgYXQgYWxs") }
    }

    @Test(
        "wire names become the names of the event data",
        arguments: [
            ("uid=u", #""user_id":"u""#), ("ul=en-us&sr=1x2", #""language":"en-us","screen_resolution":"1x2""#),
            (
                "dl=https%3A%2F%2Fu%40shop.example%3A8080%2Fa%3Fb",
                #""page_location":"https://u@shop.example:8080/a?b","page_hostname":"shop.example""#
            ),
            ("dr=https%3A%2F%2Fx.example&dt=A%20b%2Bc", #""page_referrer":"https://x.example","page_title":"A b+c""#),
            ("sid=5&sct=2&_et=NaN", #""ga_session_id":"5","ga_session_number":2,"engagement_time_msec":"NaN""#),
            ("gcs=G111&npa=0&_uip=%3A%3A", #""x-ga-gcs":"G111","x-ga-npa":"0","x-ga-mp2-_uip":"::""#),
            ("_c=1&_ee=1", #""x-ga-system_properties":{"c":"1","ee":"1"}"#),
            (
                "sst.etld=google.com&sst.us_privacy=1YYN",
                #""x-sst-system_properties":{"etld":"google.com","us_privacy":"1YYN"}"#
            ),
            ("up.tier=gold&upn.age=7", #""x-ga-mp2-user_properties":{"tier":"gold","age":7}"#),
            ("seg=1&richsstsse", #""x-ga-mp2-seg":"1""#),
            (
                "uaa=x86&uamb=0&uafvl=Not%253BA%3B1.0%7CB%3B2",
                #""client_hints":{"architecture":"x86","mobile":false,"#
                    + #""full_version_list":[{"brand":"Not;A","version":"1.0"},{"brand":"B","#
                    + #""version":"2"}]}"#
            ),
        ])
    func names(_ query: String, _ expected: String) throws {
        #expect(try data(query) == expected)
    }

    @Test(
        "event parameters stand at top level, numbers as numbers",
        arguments: [
            ("epn.value=12.50", #""value":12.50"#), ("ep.value=12.50", #""value":"12.50""#),
            ("ep.value=a&epn.value=2", #""value":2"#), ("epn.value=NaN&ep.value=12.5", #""value":"12.5""#),
            ("epn.value=1e3&ep.value=2", #""value":1000"#), ("epn.big=1e%2B21", #""big":1000000000000000000000"#),
            ("epn.x=NaN", #""x":"NaN""#), ("ep.a%20b=c", #""a b":"c""#), ("ep.empty=&ep.=x&epn.=1", ""),
            ("ep.event_name=evil&ep.client_id=evil", ""),
            ("ep.t=%C3%A9%FF", "\"t\":\"é\u{FFFD}\""),
            ("ep.x=1&ep.x=2", #""x":"2""#),
        ])
    func parameters(_ query: String, _ expected: String) throws {
        #expect(try data(query) == expected)
    }

    @Test(
        "items keep their order, codes and custom pairs",
        arguments: [
            (
                "pr1=idSKU1~nmShirt~pr9.90~qt2",
                #""items":[{"item_id":"SKU1","item_name":"Shirt","price":9.90,"quantity":2}]"#
            ),
            ("pr10=idT&pr2=idS&pr1=idF", #""items":[{"item_id":"F"},{"item_id":"S"},{"item_id":"T"}]"#),
            ("pr1=idSKU~~1~nma~~~~b", #""items":[{"item_id":"SKU~1","item_name":"a~~b"}]"#),
            (
                "pr1=k0colour~idX~v0red~kQsi~~ze~vQXL~k1lonely~v2lost",
                ##""items":[{"item_id":"X","colour":"red","si~ze":"XL"}]"##
            ),
            (
                "pr1=caA~c2B~c5E~vav~brb~lp0~ds1.5~zzno",
                #""items":[{"item_category":"A","item_category2":"B","item_category5":"E","#
                    + #""item_variant":"v","item_brand":"b","index":0,"discount":1.5}]"#
            ),
            ("pr1=id~nm~x~~~", #""items":[{}]"#), ("pr1=prfree", #""items":[{"price":"free"}]"#),
            (
                "pr0=idX&pr01=idX&pr201=idX&price=1&pr1x=1",
                #""x-ga-mp2-pr0":"idX","x-ga-mp2-pr01":"idX","x-ga-mp2-pr201":"idX","#
                    + #""x-ga-mp2-price":"1","x-ga-mp2-pr1x":"1""#
            ),
            ("pr201=idX&pr200=idB&pr1=idA", #""x-ga-mp2-pr201":"idX","items":[{"item_id":"A"},{"item_id":"B"}]"#),
            ("pr1=idA&ep.items=text", #""items":[{"item_id":"A"}]"#), ("pr1=", ""),
        ])
    func items(_ query: String, _ expected: String) throws {
        #expect(try data(query) == expected)
    }

    @Test(
        "user data is nested again",
        arguments: [
            ("ep.user_data.email=A%40x.example", #""user_data":{"email":"A@x.example"}"#),
            ("ep.user_data.email.1=b&ep.user_data.email.0=a", #""user_data":{"email":["a","b"]}"#),
            ("ep.user_data.email.123456789=b&ep.user_data.email.2=a", #""user_data":{"email":["a","b"]}"#),
            (
                "ep.user_data.address.city=B&ep.user_data.address.country=DE",
                #""user_data":{"address":{"city":"B","country":"DE"}}"#
            ),
            (
                "ep.user_data.address.0.city=B&ep.user_data.address.1.city=C&ep.user_data.address.0.country=DE",
                #""user_data":{"address":[{"city":"B","country":"DE"},{"city":"C"}]}"#
            ),
            ("ep.user_data._tag_mode=CODE&ep.user_data._tag_metadata.x=1", ""),
            ("ep.user_data.a.b.c.d.e=deep&ep.user_data.f=x", #""user_data":{"a":{"b":{"c":{}}},"f":"x"}"#),
            ("ep.user_data..=x&ep.user_data.=y&ep.user_data.a.=z", #""user_data":{"a":"z"}"#),
            (
                "ep.user_data.1.email=b&ep.user_data.0.email=a&ep.user_data.0.address.0.city=C",
                #""user_data":[{"email":"a","address":[{"city":"C"}]},{"email":"b"}]"#
            ),
            ("ep.user_data.0.email=a&em=tv.1~em.\(hash)", #""user_data":[{"email":"a"}]"#),
            ("ep.user_data.0.email=a&ep.user_data.email=b", #""user_data":{"0":{"email":"a"},"email":"b"}"#),
            ("ep.user_data.a=1&ep.user_data.a.b=2&ep.user_data=text", #""user_data":{"a":{"b":"2"}}"#),
        ])
    func userData(_ query: String, _ expected: String) throws {
        #expect(try data(query) == expected)
    }

    private static let hash = "A-7FOb7eV8iZaB1kfR4kd8QiOWxglBOtOtUH5a1R5ks"
    private static let hex = "03eec539bede57c899681d647d1e2477c422396c609413ad3ad507e5ad51e64b"

    @Test(
        "hashed user data of the wire joins it",
        arguments: [
            ("em=tv.1~em.\(hash)", #""user_data":{"sha256_email_address":["\#(hex)"]}"#),
            (
                "em=tv.1~em.\(hex.uppercased())~em.e0~em.\(hash)",
                #""user_data":{"sha256_email_address":["\#(hex)","\#(hex)"]}"#
            ),
            ("em=tv.1~pn.\(hash)", #""user_data":{"sha256_phone_number":["\#(hex)"]}"#),
            (
                "em=tv.1~fn0.\(hash)~co0.US~ct1.New%2520York~pc1.1",
                #""user_data":{"address":[{"sha256_first_name":"\#(hex)","country":"US"},"#
                    + #"{"city":"New York","postal_code":"1"}]}"#
            ),
            ("em=tv.1", ""), ("em=tv.1~ec.e3~em.short~em~.x~fn-1.\(hash)", ""), ("em=tv.2~em.\(hash)", ""),
            (
                "em=tv.1~co0.US~em.\(hash)&ep.user_data.address.city=B",
                #""user_data":{"address":{"city":"B"},"sha256_email_address":["\#(hex)"]}"#
            ),
        ])
    func hashedUserData(_ query: String, _ expected: String) throws {
        #expect(try data(query) == expected)
    }

    @Test("limits are kept")
    func limits() throws {
        var limits = GA4WireLimits()
        limits.eventCount = 2
        limits.parameterCount = 6
        limits.bodyByteCount = 60
        limits.queryByteCount = 60
        func run(_ query: String, _ body: String) throws -> Int {
            try decode(GA4WireAdapter(limits: limits), .ga4Collect, query: query, body: body).count
        }
        #expect(try run("v=2&tid=G-1", "en=a\nen=b") == 2)
        #expect(throws: IntakeFault.tooManyItems) { try run("v=2&tid=G-1", "en=a\nen=b\nen=c") }
        #expect(throws: IntakeFault.tooManyParameters) { try run("v=2&tid=G-1&a&b&c", "en=a&d") }
        #expect(throws: IntakeFault.bodyTooLarge) { try run("v=2&tid=G-1", String(repeating: "x", count: 61)) }
        #expect(throws: IntakeFault.bodyTooLarge) { try run(String(repeating: "x", count: 61), "") }
    }

    @Test("a call that is refused late leaves no items behind")
    func noHalfCalls() throws {
        #expect(throws: IntakeFault.notAHit) { try hits("tid=G-1", "v=2&en=a\nv=1&en=b") }
    }

    @Test("random hits never do more than throw")
    func randomHits() throws {
        var random = SeededRandom(seed: 9)
        let parts = [
            "&", "=", "~", "~~", "pr1", "pr", "id", "k0", "v0", "ep.", "epn.", "user_data.", "0", ".", "%", "%4", "%7E",
            "em", "tv.1",
            "en", "a", "\n", "\r\n", "gcd", "gcs", "uafvl", ";", "|", "1e9", "-", "é", "sst.", "up.", "dl", "://", "@",
            ":",
        ]
        for _ in 0..<4_000 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in parts.randomElement(using: &random)! }
            _ = try? hits("v=2&tid=G-1&en=a&" + text.prefix(15).joined(), text.dropFirst(15).joined())
        }
        for _ in 0..<2_000 {
            let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? decode(
                GA4WireAdapter(), .ga4Collect, query: Array("v=2&tid=1&en=a&pr1=".utf8) + bytes.prefix(32),
                bytes: Array("en=b&ep.user_data.".utf8) + bytes.suffix(32))
        }
    }
}
