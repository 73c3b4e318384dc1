import Foundation
import RelayModel
import Settings
import Testing

@testable import RelayApp

@Suite("Explainer")
struct ExplainerTests {
    static let yaml = """
        destinations: [{ name: shop, ad_account_id: "549755885175", token: pina }]
        sources:
          - { name: web, kind: ga4, measurement_ids: [G-1], api_secrets: [s3cret], default_region: US }
          - { name: app, kind: ga4, measurement_ids: [G-2], consent: require }
          - { name: backend, kind: segment, write_keys: [wk], default_region: US }
          - { name: open, kind: segment, write_keys: [other], on_denial: opt_out,
              allowed_origins: ["https://shop.example"] }
        privacy: { ldp: { states: [CA] } }
        """
    /// 2026-05-01T12:00:00Z.
    static let now: Int64 = 1_777_636_800_000_000

    static func settings() throws -> RelaySettings {
        try RelaySettings(config: RelayConfig(yaml: yaml, environment: [:]))
    }

    private func explain(_ text: String, source: String? = nil, as kind: PastedKind? = nil) throws -> Explanation {
        var options = Explainer.Options()
        options.source = source
        options.kind = kind
        options.receivedAtMicros = Self.now
        return try Explainer(settings: Self.settings()).explain(text, options)
    }

    private func event(_ text: String, source: String? = nil) throws -> ExplainedEvent {
        try #require(try explain(text, source: source).calls.first?.events.first?.outcomes.first)
    }

    private func track(_ members: String, source: String? = nil) throws -> ExplainedEvent {
        try event(#"{"type":"track","event":"Order Completed","messageId":"m",\#(members)}"#, source: source)
    }

    private func field(_ name: String, _ event: ExplainedEvent) throws -> ExplainedField {
        try #require(event.fields.first { $0.name == name })
    }

    private func rules(_ name: String, _ event: ExplainedEvent) throws -> [String] {
        try field(name, event).rules.map(\.label)
    }

    // MARK: Forms

    private static let order =
        #"{"type":"track","event":"Order Completed","userId":"u-1","messageId":"m","#
        + #""properties":{"email":"ann@shop.example"}}"#
    private static let hit = "v=2&tid=G-1&cid=1.2&_p=3&_s=1&en=purchase&ep.transaction_id=T"

    @Test(
        "every form of input reaches its source by its own key, or by assumption",
        arguments: [
            (order, PastedKind.segment, "backend", ExplainedCall.SourceChoice.assumed, "checkout"),
            (#"{"batch":[\#(order)],"writeKey":"other"}"#, .segment, "open", .key, "checkout"),
            ("[\(order)]", .segment, "backend", .assumed, "checkout"),
            ("https://t.example/g/collect?\(hit)", .hit, "web", .key, "checkout"),
            (hit, .hit, "web", .key, "checkout"),
            ("en=add_to_cart&ep.event_id=1\nen=scroll", .hit, "web", .assumed, "add_to_cart"),
            (
                #"{"event_name":"purchase","x-ga-measurement_id":"G-1","ip_override":"203.0.113.5","user_agent":"UA/1"}"#,
                .eventData, "web", .key, "checkout"
            ),
            (
                #"[{"event_name":"sign_up","user_data":{"email_address":"a@b.example"}}]"#, .eventData, "web", .assumed,
                "signup"
            ),
            (
                #"{"client_id":"1","events":[{"name":"purchase","params":{"user_data":{"email":"a@b.example"}}}]}"#,
                .measurementProtocol, "web", .assumed, "checkout"
            ),
            (
                #"{"event_name":"lead","event_id":"1","event_time":1777636800,"action_source":"web","#
                    + #""user_data":{"em":["a@b.example"]}}"#, .pinterest, "pinterest/v5", .assumed, "lead"
            ),
            ("curl https://t.example/v1/track -u wk: -d '\(order)'", .curl, "backend", .key, "checkout"),
            (
                "curl 'https://t.example/mp/collect?measurement_id=G-1&api_secret=s3cret' -d "
                    + #"'{"events":[{"name":"purchase","params":{"user_data":{"email":"a@b.example"}}}]}'"#,
                .curl, "web", .key, "checkout"
            ),
            (
                "curl https://api.pinterest.com/v5/ad_accounts/549755885175/events -H 'Authorization: Bearer pina' -d "
                    + #"'{"data":[{"event_name":"lead","event_id":"1","event_time":1777636800,"action_source":"web","#
                    + #""user_data":{"em":["a@b.example"]}}]}'"#, .curl, "pinterest/v5", .key, "lead"
            ),
            (
                #"{"request":{"method":"GET","url":"https://www.google-analytics.com/g/collect?\#(hit)","#
                    + #""headers":[{"name":"User-Agent","value":"UA/1"}]}}"#, .har, "web", .key, "checkout"
            ),
        ])
    func forms(
        _ text: String, _ kind: PastedKind, _ source: String, _ choice: ExplainedCall.SourceChoice, _ name: String
    ) throws {
        let explanation = try explain(text)
        let call = try #require(explanation.calls.first)
        #expect(explanation.kind == kind)
        #expect(call.refusal == nil)
        #expect(call.source == source)
        #expect(call.sourceChoice == choice)
        #expect(call.destinations == ["shop"])
        #expect(call.events.first?.outcomes.first?.eventName == name)
        #expect(call.events.first?.outcomes.first?.result == .sent)
    }

    @Test(
        "a whole request is refused as the relay would refuse it",
        arguments: [
            ("curl https://t.example/v1/track -d '\(order)'", "missing_write_key", 401),
            ("curl https://t.example/v1/track -u no: -d '\(order)'", "unknown_write_key", 401),
            ("curl https://t.example/v1/track -u wk: -d '{'", "malformed_json", 400),
            ("curl -X GET https://t.example/v1/track -u wk:", "method_not_allowed", 405),
            ("curl 'https://t.example/g/collect?v=2&tid=G-9&en=a'", "unknown_measurement_id", 403),
            ("curl 'https://t.example/g/collect?v=2'", "not_a_hit", 400),
            ("curl 'https://t.example/mp/collect?measurement_id=G-1' -d '{\"events\":[]}'", "wrong_api_secret", 403),
            ("curl https://t.example/v5/ad_accounts/1/events --oauth2-bearer x -d '{}'", "unauthenticated", 401),
            ("curl https://t.example/v5/ad_accounts/1/events --oauth2-bearer pina -d '{}'", "unknown_ad_account", 404),
            (
                "curl https://t.example/v1/track -u other: -H 'Origin: https://evil.example' -d '\(order)'",
                "origin_not_allowed", 403
            ),
            ("https://t.example/g/collect?v=2&tid=G-9&cid=1&en=purchase", "unknown_measurement_id", 403),
            (#"{"writeKey":"no","type":"track","event":"a"}"#, "unknown_write_key", 401),
            (#"{"event_name":"purchase","x-ga-measurement_id":"G-9"}"#, "unknown_measurement_id", 403),
        ])
    func refused(_ text: String, _ code: String, _ status: Int) throws {
        let explanation = try explain(text)
        #expect(explanation.calls.first?.refusal?.code == code)
        #expect(explanation.calls.first?.refusal?.status == status)
        #expect(explanation.sums.refused == 1 && !explanation.sums.isAllSent)
    }

    @Test("the source can be named; one that does not fit or does not exist is a fault of the question")
    func namedSource() throws {
        #expect(try explain("curl https://t.example/v1/t -d '\(Self.order)'", source: "open").calls[0].source == "open")
        #expect(try explain(Self.order, source: "open").calls[0].sourceChoice == .named)
        #expect(throws: Explainer.UnknownSource.self) { try explain(Self.order, source: "web") }
        #expect(throws: Explainer.UnknownSource.self) { try explain(Self.order, source: "nobody") }
    }

    @Test("of an archive, what goes to no intake route is named as skipped; nothing at all is unreadable")
    func skipped() throws {
        func entry(_ method: String, _ url: String) -> String {
            #"{"request":{"method":"\#(method)","url":"\#(url)"}}"#
        }
        let noise = [
            entry("GET", "https://cdn.example/app.js?v=2"), entry("OPTIONS", "https://t.example/v1/t"),
            entry("POST", "https://t.example/v1/m"), entry("HEAD", "https://t.example/g/collect?\(Self.hit)"),
        ]
        let own = entry("GET", "https://t.example/metrics/g/collect?\(Self.hit)")
        let mixed = try explain(#"{"log":{"entries":[\#((noise + [own]).joined(separator: ","))]}}"#)
        #expect(mixed.calls.count == 1)
        #expect(mixed.skipped.count == 4)
        #expect(mixed.skipped.first?.title == "GET cdn.example/app.js")
        #expect(throws: Explainer.Unreadable.self) {
            try explain(#"{"log":{"entries":[\#(noise.joined(separator: ","))]}}"#)
        }
    }

    @Test("cookies, user agent and privacy control of a request count as in the relay")
    func requestFacts() throws {
        let event = try event(
            "curl 'https://t.example/g/collect?\(Self.hit)' -A UA/1 -b 'a=b; _epik=dj0yJnU9'")
        #expect(try field("user_data.click_id", event).sent == ["dj0yJnU9"])
        #expect(try rules("user_data.click_id", event) == ["derived"])
        #expect(try field("user_data.client_user_agent", event).sent == ["UA/1"])
        #expect(try field("user_data.client_ip_address", event).sent == [PastedRequest.standInAddress])
    }

    // MARK: Fields

    @Test("a person value shows its path, itself, its normal form, its hash, and the rules between them")
    func person() throws {
        let event = try track(#""context":{"traits":{"email":" Ann@Shop.Example "}}"#)
        let email = try field("user_data.em", event)
        #expect(email.isHashed)
        #expect(email.values.map(\.path) == ["context.traits.email"])
        #expect(email.values.map(\.given) == [" Ann@Shop.Example "])
        #expect(email.values.first?.normalised == ["ann@shop.example"])
        #expect(email.rules.map(\.label) == ["trimmed", "lower_cased", "hashed"])
        #expect(email.sent.first?.count == 64)
    }

    @Test(
        "each field's rule is named where it changed something",
        arguments: [
            ("phone", "+1 (415) 555-2671", "user_data.ph", "14155552671", "phone"),
            ("phone", "(415) 555-2671", "user_data.ph", "14155552671", "phone_of_region"),
            ("phone", "call 12 34", "user_data.ph", "11234", "phone_of_region"),
            ("phone", "#5", "user_data.ph", "5", "phone_digits"),
            ("phone", "+49 30 901820", "user_data.ph", "4930901820", "phone"),
            ("gender", "Female", "user_data.ge", "f", "gender"),
            ("birthday", "1990-05-31", "user_data.db", "19900531", "birth_date"),
        ])
    func personRules(_ trait: String, _ given: String, _ name: String, _ normal: String, _ rule: String) throws {
        let event = try track(#""userId":"u","context":{"traits":{"email":"a@b.example","\#(trait)":"\#(given)"}}"#)
        #expect(try field(name, event).values.first?.normalised == [normal])
        #expect(try rules(name, event).contains(rule))
    }

    @Test("places and both spellings for limited data processing; addresses carry their own paths")
    func places() throws {
        let event = try track(
            #""context":{"traits":{"email":"a@b.example","address":{"city":"São Paulo","state":"California","#
                + #""postalCode":"94107-1234","country":"US"}}}"#)
        #expect(try field("user_data.ct", event).values.map(\.path) == ["context.traits.address.city"])
        #expect(try rules("user_data.ct", event) == ["lower_cased", "city", "hashed"])
        #expect(try field("user_data.st", event).values.first?.normalised == ["ca", "CA"])
        #expect(try rules("user_data.st", event).contains("both_spellings"))
        #expect(try field("user_data.zp", event).values.first?.normalised == ["941071234", "94107"])
        #expect(try rules("user_data.zp", event) == ["postal_code", "zip_plus_four", "hashed"])
        #expect(try rules("user_data.country", event) == ["lower_cased", "both_spellings", "hashed"])
        #expect(try field("custom_data.opt_out_type", event).sent == ["LDP"])
    }

    @Test("a hash that the sender made is passed on; a weak one, a placeholder and no e-mail are told with their paths")
    func hashesAndLosses() throws {
        let hash = String(repeating: "aB", count: 32)
        let event = try track(
            #""userId":"guest","properties":{"email":"\#(hash)"},"traits":{"phone":"none","email":"x"}"#)
        #expect(try rules("user_data.em", event) == ["given_hash"])
        #expect(try field("user_data.em", event).sent == [hash.lowercased()])
        let losses = event.leftOut.map { "\($0.field) <- \($0.path) \($0.given): \($0.kind)" }
        #expect(losses.contains(#"user_data.external_id <- userId ["guest"]: placeholder"#))
        #expect(losses.contains(#"user_data.ph <- traits.phone ["none"]: placeholder"#))
    }

    @Test("values that leave in clear show what was read, and what was made of it")
    func plainValues() throws {
        let event = try track(
            #""timestamp":"2026-05-01T11:00:00Z","properties":{"email":"a@b.example","total":30,"tax":2,"shipping":3,"#
                + #""currency":"eur","value":"1,50","products":[{"sku":"A","price":12.50,"quantity":2},{"name":"B"}],"#
                + #""url":"https://shop.example/?email=x&a=1","coupon":"C"}"#)
        #expect(try field("custom_data.value", event).sent == ["25"])
        #expect(
            try field("custom_data.value", event).values.map(\.path) == [
                "properties.total", "properties.tax", "properties.shipping",
            ])
        #expect(try field("custom_data.value", event).rules.map(\.text) == ["total - tax - shipping"])
        #expect(try rules("custom_data.currency", event) == ["currency"])
        #expect(try rules("event_time", event) == ["unix_seconds"])
        #expect(try rules("event_source_url", event) == ["url_scrubbed"])
        #expect(
            try field("custom_data.contents[0].item_price", event).values.map(\.path) == [
                "properties.products[0].price"
            ])
        #expect(
            try field("custom_data.contents[1].item_name", event).values.map(\.path) == ["properties.products[1].name"])
        #expect(try field("custom_data.num_items", event).rules.map(\.text) == ["sum of quantities"])
        let losses = event.leftOut.map { "\($0.path) \($0.given) \($0.kind)" }
        #expect(losses.contains(#"properties.value ["1,50"] unusable"#))
    }

    @Test("what nothing looked at is listed, and what was read is not")
    func unused() throws {
        let explanation = try explain(
            #"{"type":"track","event":"Order Completed","messageId":"m","context":{"library":{"name":"x","version":"1"}},"#
                + #""properties":{"email":"a@b.example","revenue":5,"value":4,"coupon":"C","products":[{"sku":"A","size":3}]}}"#
        )
        #expect(
            explanation.calls.first?.events.first?.unused == [
                "context.library.version", "properties.revenue", "properties.coupon", "properties.products[0].size",
            ])
    }

    @Test("an event that is already in Pinterest's shape is read by its own names")
    func pinterestShaped() throws {
        let event = try event(
            #"{"event_name":"lead","event_id":"1","event_time":1777636800,"action_source":"web","#
                + #""user_data":{"em":["Ann@Shop.example"]}}"#)
        #expect(try field("event_id", event).values.map(\.path) == ["event_id"])
        #expect(try field("user_data.em", event).values.map(\.path) == ["user_data.em"])
        #expect(try rules("user_data.em", event) == ["lower_cased", "hashed"])
    }

    // MARK: Ends

    @Test(
        "what ends an event is told with its reason",
        arguments: [
            (#"{"type":"track","event":"Scrolled","userId":"u"}"#, ExplainedEvent.Result.notSent, "unmapped"),
            (#"{"type":"identify","userId":"u"}"#, .notSent, "unsupported_type"),
            (#"{"type":"track","event":"Order Completed","timestamp":"2026-04-01T00:00:00Z"}"#, .notSent, "too_old"),
            (#"{"type":"track","event":"Order Completed","timestamp":"2026-06-01T00:00:00Z"}"#, .notSent, "future"),
            (
                #"{"type":"page","context":{"userAgent":"Mozilla/5.0 (compatible; Pinterestbot/1.0)"}}"#, .notSent,
                "bot"
            ),
            ("v=2&tid=G-1&cid=1&en=purchase&gcs=G100", .notSent, "no_consent"),
            ("v=2&tid=G-2&cid=1&en=purchase", .notSent, "no_consent"),
            (#"{"type":"track","event":"Order Completed","userId":"u"}"#, .dead, "no_identity"),
            (#"{"type":"track","userId":"u"}"#, .dead, "missing_event_name"),
            (#"[{"type":"nothing"}]"#, .dead, "not_an_event"),
            (#"{"data":[{"event_name":"lead"}]}"#, .dead, "schema"),
        ])
    func ends(_ text: String, _ result: ExplainedEvent.Result, _ reason: String) throws {
        let kind: PastedKind? = text.hasPrefix("[") ? .segment : nil
        let outcome = try #require(try explain(text, as: kind).calls.first?.events.first?.outcomes.first)
        #expect(outcome.result == result)
        #expect(outcome.reason?.label == reason)
        #expect(outcome.reason?.text.isEmpty == false)
    }

    @Test("under an opt-out the person stays here, and that is told")
    func optedOut() throws {
        var options = Explainer.Options()
        options.receivedAtMicros = Self.now
        let yaml = Self.yaml.replacingOccurrences(
            of: "privacy: {", with: "privacy: { on_denial: opt_out,")
        let settings = try RelaySettings(config: RelayConfig(yaml: yaml, environment: [:]))
        let explanation = try Explainer(settings: settings).explain(
            "v=2&tid=G-1&cid=1&en=purchase&gcs=G100&ep.user_data.email=a%40b.example\n", options)
        let event = try #require(explanation.calls.first?.events.first?.outcomes.first)
        #expect(event.result == .sent)
        #expect(try rules("opt_out", event) == ["opt_out_policy"])
        #expect(event.leftOut.map(\.kind) == ["opted_out"])
        #expect(event.leftOut.first?.given == ["a@b.example"])
    }

    @Test("the JSON is one document with whole hashes, reasons and sums")
    func json() throws {
        let explanation = try explain("[\(Self.order),{\"type\":\"identify\",\"userId\":\"u\"}]")
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(explanation.json)) as? [String: Any])
        #expect(Set(root.keys) == ["input", "calls", "skipped", "summary"])
        #expect(root["input"] as? String == "segment")
        #expect(root["summary"] as? [String: Int] == ["sent": 1, "not_sent": 1, "dead": 0, "refused_calls": 0])
        let call = try #require((root["calls"] as? [[String: Any]])?.first)
        #expect(call["route"] as? String == "/v1/batch")
        #expect(call["source"] as? String == "backend" && call["source_by"] as? String == "assumed")
        #expect(call["received_at"] as? String == "2026-05-01T12:00:00Z")
        let events = try #require(call["events"] as? [[String: Any]])
        let outcome = try #require((events.first?["outcomes"] as? [[String: Any]])?.first)
        #expect(outcome["result"] as? String == "sent" && outcome["event_name"] as? String == "checkout")
        #expect(outcome["mapping"] as? String == "segment-order-completed")
        let fields = try #require(outcome["fields"] as? [[String: Any]])
        let email = try #require(fields.first { $0["field"] as? String == "user_data.em" })
        #expect((email["sent"] as? [String])?.first?.count == 64)
        #expect((email["from"] as? [[String: Any]])?.first?["path"] as? String == "properties.email")
        #expect((email["rules"] as? [[String: String]])?.map { $0["rule"] } == ["hashed"])
        #expect(outcome["pinterest_event"] is [String: Any])
        let second = try #require((events.last?["outcomes"] as? [[String: Any]])?.first)
        #expect(second["result"] as? String == "not_sent" && second["reason"] as? String == "unsupported_type")
    }
}
