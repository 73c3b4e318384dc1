import Mapping
import RelayModel
import Testing

/// A row of a table of fields: what is sent, the upstream field, and what it must hold (nil: absent).
struct FieldCase: CustomTestStringConvertible, Sendable {
    let input: String
    let field: String
    let expected: String?

    init(_ input: String, _ field: String, _ expected: String?) {
        self.input = input
        self.field = field
        self.expected = expected
    }

    var testDescription: String { "\(field) of \(input)" }
}

@Suite("Fields of Segment events")
struct SegmentFieldTests {
    @Test(
        "an event's own fields",
        arguments: [
            FieldCase(#""messageId":"m1""#, "event_id", "m1"),
            FieldCase(#""messageId":"m1","properties":{"event_id":"e1","eventID":"e2"}"#, "event_id", "e1"),
            FieldCase(#""messageId":"m1","properties":{"eventID":"e2"}"#, "event_id", "e2"),
            FieldCase(#""messageId":"m1","properties":{"event_id":"  "}"#, "event_id", "m1"),
            FieldCase(#""messageId":"m1","properties":{"event_id":{"a":1}}"#, "event_id", "m1"),
            FieldCase(#""messageId":"m1","properties":{"event_id":17}"#, "event_id", "17"),
            FieldCase(#""context":{"page":{"url":"https://a/x"}}"#, "event_source_url", "https://a/x"),
            FieldCase(
                #""context":{"page":{"url":"https://a/x"}},"properties":{"url":"https://a/y"}"#, "event_source_url",
                "https://a/x"),
            FieldCase(#""properties":{"url":"https://a/y"}"#, "event_source_url", "https://a/y"),
            FieldCase(
                #""properties":{"event_source_url":"https://a/z"},"context":{"page":{"url":"https://a/x"}}"#,
                "event_source_url", "https://a/z"),
            FieldCase(#""properties":{"opt_out":true}"#, "opt_out", "true"),
            FieldCase(#""properties":{"opt_out":"TRUE"}"#, "opt_out", "true"),
            FieldCase(#""properties":{"opt_out":1}"#, "opt_out", "true"),
            FieldCase(#""properties":{"opt_out":false}"#, "opt_out", nil),
            FieldCase(#""context":{"device":{"adTrackingEnabled":false}}"#, "opt_out", "true"),
            FieldCase(#""context":{"device":{"adTrackingEnabled":true}}"#, "opt_out", nil),
            FieldCase(
                #""properties":{"opt_out":"maybe"},"context":{"device":{"adTrackingEnabled":false}}"#, "opt_out",
                "true"),
            FieldCase(
                #""properties":{"opt_out":false},"context":{"device":{"adTrackingEnabled":false}}"#, "opt_out", nil),
            FieldCase(#""context":{"locale":"en-US"}"#, "language", "en"),
            FieldCase(#""context":{"locale":"PT_br"}"#, "language", "pt"),
            FieldCase(#""context":{"locale":"de"}"#, "language", "de"),
            FieldCase(#""context":{"locale":"fil-PH"}"#, "language", nil),
            FieldCase(#""context":{"locale":"xx-US"}"#, "language", nil),
            FieldCase(#""context":{"locale":"english"}"#, "language", nil),
            FieldCase(#""context":{"locale":"e"}"#, "language", nil),
            FieldCase(#""context":{"locale":"zz"},"properties":{"language":"fr"}"#, "language", "fr"),
            FieldCase(#""properties":{"partner_name":"ss-x"}"#, "partner_name", nil),
        ])
    func event(row: FieldCase) throws { try check(row) }

    @Test(
        "commerce fields",
        arguments: [
            FieldCase(#""properties":{"currency":"EUR"}"#, "currency", "EUR"),
            FieldCase(#""properties":{"currency":"€"}"#, "currency", nil),
            FieldCase(#""properties":{"currency":978}"#, "currency", nil),
            FieldCase(#""properties":{"order_id":"o1","orderId":"o2","checkout_id":"c"}"#, "order_id", "o1"),
            FieldCase(#""properties":{"orderId":"o2","checkout_id":"c"}"#, "order_id", "o2"),
            FieldCase(#""properties":{"checkout_id":12345678901234567890}"#, "order_id", "12345678901234567890"),
            FieldCase(#""properties":{"query":"red shoes"}"#, "search_string", "red shoes"),
            FieldCase(#""properties":{"query":"a","search_string":"b"}"#, "search_string", "b"),
            FieldCase(#""properties":{"predicted_ltv":19.5}"#, "predicted_ltv", "19.5"),
            FieldCase(#""properties":{"predicted_ltv":"1e3"}"#, "predicted_ltv", nil),
            FieldCase(#""properties":{"content_ids":["a",2,null,""]}"#, "content_ids", "a|2"),
            FieldCase(#""properties":{"content_ids":"a, b,,c"}"#, "content_ids", "a|b|c"),
            FieldCase(#""properties":{"content_ids":"[\"a\",\"b,c\"]"}"#, "content_ids", "a|b,c"),
            FieldCase(#""properties":{"content_ids":[]}"#, "content_ids", nil),
            FieldCase(#""properties":{"num_items":"3"}"#, "num_items", "3"),
            FieldCase(#""properties":{"num_items":2.5}"#, "num_items", nil),
            FieldCase(#""properties":{"num_items":-1}"#, "num_items", nil),
            FieldCase(#""properties":{"content_name":"N","list_name":"L"}"#, "content_name", "N"),
            FieldCase(#""properties":{"list_name":"L","list":"M"}"#, "content_name", "L"),
            FieldCase(#""properties":{"list":"M"}"#, "content_name", "M"),
            FieldCase(#""properties":{"category":"C"}"#, "content_category", "C"),
            FieldCase(#""properties":{"category":"C","content_category":"D"}"#, "content_category", "D"),
            FieldCase(#""properties":{"content_brand":"B"}"#, "content_brand", "B"),
            FieldCase(#""properties":{"brand":"B"}"#, "content_brand", nil),
            FieldCase(#""properties":{"opt_out_type":"LDP"}"#, "opt_out_type", "LDP"),
            FieldCase(#""properties":{"opt_out_type":"abc, ldp"}"#, "opt_out_type", "LDP"),
            FieldCase(#""properties":{"opt_out_type":"LDPX"}"#, "opt_out_type", nil),
        ])
    func commerce(row: FieldCase) throws { try check(row) }

    @Test(
        "fields of the person",
        arguments: [
            FieldCase(
                #""properties":{"email":"p@x"},"traits":{"email":"t@x"},"context":{"traits":{"email":"c@x"}}"#, "em",
                "p@x"),
            FieldCase(#""traits":{"email":"t@x"},"context":{"traits":{"email":"c@x"}}"#, "em", "t@x"),
            FieldCase(#""context":{"traits":{"email":"c@x"}}"#, "em", "c@x"),
            FieldCase(#""properties":{"em":"e@x","email":"p@x"}"#, "em", "e@x"),
            FieldCase(#""properties":{"email":"none"},"traits":{"email":"t@x"}"#, "em", "t@x"),
            FieldCase(#""traits":{"email":["a@x","b@x",null,"c"]}"#, "em", "a@x|b@x"),
            FieldCase(#""properties":{"phone":"+1 555"},"traits":{"phone":"2"}"#, "ph", "+1 555"),
            FieldCase(#""traits":{"phone":15551234567}"#, "ph", "15551234567"),
            FieldCase(#""context":{"traits":{"phone":"3"}}"#, "ph", "3"),
            FieldCase(#""traits":{"firstName":"Ada","first_name":"Eve"}"#, "fn", "Ada"),
            FieldCase(#""traits":{"first_name":"Eve"}"#, "fn", "Eve"),
            FieldCase(#""properties":{"first_name":"Kim"},"traits":{"firstName":"Ada"}"#, "fn", "Kim"),
            FieldCase(#""context":{"traits":{"lastName":"Byron"}}"#, "ln", "Byron"),
            FieldCase(#""traits":{"last_name":"King"}"#, "ln", "King"),
            FieldCase(#""traits":{"name":"Ada Lovelace"}"#, "fn", "Ada"),
            FieldCase(#""traits":{"name":"  Ada   Lovelace "}"#, "ln", "Lovelace"),
            FieldCase(#""traits":{"name":"Ada King Lovelace"}"#, "fn", nil),
            FieldCase(#""traits":{"name":"Ada"}"#, "fn", nil),
            FieldCase(#""traits":{"name":"(not set)"}"#, "ln", nil),
            FieldCase(#""traits":{"firstName":"Ada","name":"Eve Byron"}"#, "fn", "Ada"),
            FieldCase(#""traits":{"firstName":"Ada","name":"Eve Byron"}"#, "ln", "Byron"),
            FieldCase(#""traits":{"name":"Guest Byron"}"#, "fn", nil),
            FieldCase(#""properties":{"name":"Red Shoe"}"#, "fn", nil),
            FieldCase(#""traits":{"address":{"city":"Paris"}}"#, "ct", "Paris"),
            FieldCase(#""traits":{"address":{"state":"CA","region":"NV"}}"#, "st", "CA"),
            FieldCase(#""traits":{"address":{"region":"NV"}}"#, "st", "NV"),
            FieldCase(#""traits":{"address":{"postalCode":"1","postal_code":"2","zip":"3"}}"#, "zp", "1"),
            FieldCase(#""traits":{"address":{"postal_code":"2","zip":"3"}}"#, "zp", "2"),
            FieldCase(#""traits":{"address":{"zip":94105}}"#, "zp", "94105"),
            FieldCase(#""context":{"traits":{"address":{"country":"US"}}}"#, "country", "US"),
            FieldCase(
                #""traits":{"address":{"city":"Paris"}},"context":{"traits":{"address":{"city":"Rome","country":"IT"}}}"#,
                "ct", "Paris"),
            FieldCase(
                #""traits":{"address":{"city":"Paris"}},"context":{"traits":{"address":{"city":"Rome","country":"IT"}}}"#,
                "country", "IT"),
            FieldCase(#""traits":{"address":[{"city":"Paris"},{"city":"Rome"}]}"#, "ct", "Paris|Rome"),
            FieldCase(#""traits":{"address":{"city":"unknown"}}"#, "ct", nil),
            FieldCase(#""traits":{"address":"12 Main St"}"#, "ct", nil),
            FieldCase(#""traits":{"gender":"f"}"#, "ge", "f"),
            FieldCase(#""context":{"traits":{"birthday":"1990-02-03"}}"#, "db", "1990-02-03"),
            FieldCase(#""userId":"u1""#, "external_id", "u1"),
            FieldCase(#""userId":42"#, "external_id", "42"),
            FieldCase(#""userId":"u1","properties":{"external_id":["x","y"]}"#, "external_id", "x|y"),
            FieldCase(#""userId":"null","anonymousId":"a1""#, "external_id", nil),
            FieldCase(#""context":{"device":{"advertisingId":"AAAA-1"}}"#, "hashed_maids", "AAAA-1"),
            FieldCase(
                #""context":{"device":{"advertisingId":"AAAA-1","adTrackingEnabled":false}}"#, "hashed_maids", nil),
            FieldCase(
                #""context":{"device":{"advertisingId":"00000000-0000-0000-0000-000000000000"}}"#, "hashed_maids", nil),
        ])
    func person(row: FieldCase) throws { try check(row) }

    private func check(_ row: FieldCase) throws {
        let outcome = try track("{\"event\":\"Lead Generated\",\(row.input)}")
        #expect(outcome.reason == nil)
        #expect(outcome[row.field] == row.expected)
    }

    @Test("the anonymous id is a second external id only when asked for")
    func anonymousID() throws {
        let json = #"{"event":"Signed Up","messageId":"m","userId":"u1","anonymousId":"a1"}"#
        #expect(try track(json)["external_id"] == "u1")
        var settings = MappingSettings()
        settings.anonymousIDAsExternalID = true
        #expect(try track(json, settings: settings)["external_id"] == "u1|a1")
    }

    @Test("a batch's context counts where the event's lacks a key")
    func batchContext() throws {
        let json = #"{"event":"Signed Up","messageId":"m","context":{"page":{"url":"https://own/"},"locale":null}}"#
        let batch =
            #"{"page":{"url":"https://batch/","referrer":"r"},"locale":"fr-FR","traits":{"email":"b@x"},"ip":"203.0.113.9"}"#
        let outcome = try track(json, batchContext: batch)
        #expect(outcome["event_source_url"] == "https://own/")
        #expect(outcome["language"] == "fr")
        #expect(outcome["em"] == "b@x")
        #expect(outcome["client_ip_address"] == "203.0.113.9")
    }

    @Test("a batch's context counts whole where the event has none")
    func batchContextAlone() throws {
        let outcome = try track(
            #"{"event":"Signed Up","messageId":"m"}"#, batchContext: #"{"page":{"url":"https://batch/"}}"#)
        #expect(outcome["event_source_url"] == "https://batch/")
    }

    @Test("the configured partner name is sent")
    func partnerName() throws {
        var settings = MappingSettings()
        settings.partnerName = "ss-shop"
        #expect(try order("{}", settings: settings)["partner_name"] == "ss-shop")
    }

    @Test(
        "what is left out of the person is told",
        arguments: [
            (#"{"email":"nobody"}"#, "user_data.em not_an_email"), (#"{"email":"a@"}"#, "user_data.em not_an_email"),
            (#"{"email":"@b"}"#, "user_data.em not_an_email"), (#"{"email":"a@b@c"}"#, "user_data.em not_an_email"),
            (#"{"email":"guest"}"#, "user_data.em placeholder"),
            (#"{"email":"d41d8cd98f00b204e9800998ecf8427e"}"#, "user_data.em weak_hash"),
            (#"{"email":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}"#, "user_data.em weak_hash"),
            (#"{"email":{"a":1}}"#, "user_data.em unusable"), (#"{"email":true}"#, "user_data.em unusable"),
            (#"{"external_id":"Anonymous"}"#, "user_data.external_id placeholder"),
            (#"{"first_name":" N/A "}"#, "user_data.fn placeholder"),
            (#"{"ct":"(not set)"}"#, "user_data.ct placeholder"),
            (#"{"external_id":0}"#, "user_data.external_id placeholder"),
        ])
    func personWarnings(properties: String, warning: String) throws {
        let outcome = try order(properties)
        #expect(outcome.warnings == [warning])
        #expect(outcome["em"] == nil && outcome["external_id"] == nil && outcome["fn"] == nil && outcome["ct"] == nil)
    }

    @Test(
        "blank values bring no warning",
        arguments: [#"{"email":""}"#, #"{"email":"  "}"#, #"{"email":null}"#, #"{"email":[]}"#])
    func blank(properties: String) throws {
        #expect(try order(properties).warnings.isEmpty)
    }

    @Test("a hashed e-mail passes")
    func hashedEmail() throws {
        let hash = String(repeating: "Ab", count: 32)
        #expect(try order("{\"email\":\"\(hash)\"}")["em"] == hash)
    }
}
