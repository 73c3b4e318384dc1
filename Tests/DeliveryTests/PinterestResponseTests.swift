import JSONTape
import RelayModel
import Testing

@testable import Delivery

@Suite("PinterestResponse")
struct PinterestResponseTests {
    private func read(_ body: String, status: Int = 200, count: Int = 1) -> PinterestResponse.Verdicts? {
        var parser = JSONTapeParser()
        var tape = EventTape()
        return PinterestResponse.verdicts(
            of: Array(body.utf8), status: status, eventCount: count, parser: &parser, tape: &tape)
    }

    private static let mixed =
        #"{"num_events_received":3,"num_events_processed":2,"events":["#
        + #"{"status":"processed","error_message":"","warning_message":"click_id is missing"},"#
        + #"{"status":"failed","error_message":"Invalid event_time","warning_message":null},"#
        + #"{"status":"processed","error_message":null,"new_key":{"a":[1]}}],"more":true}"#

    @Test("a 200 tells each event's outcome, in order, at the top level")
    func mixed200() throws {
        let verdicts = try #require(read(Self.mixed, count: 3))
        #expect(verdicts.events == [.processed, .failed("Invalid event_time"), .processed])
        #expect(verdicts.warnedEvents == 1)
        #expect(verdicts.warningSample == "click_id is missing")
    }

    @Test("a 422 tells it under details")
    func mixed422() throws {
        let body = #"{"code":953,"message":"could not be processed","details":\#(Self.mixed)}"#
        let verdicts = try #require(read(body, status: 422, count: 3))
        #expect(verdicts.events == [.processed, .failed("Invalid event_time"), .processed])
    }

    @Test(
        "empty, null and missing messages are alike",
        arguments: [#","error_message":"","warning_message":"""#, #","error_message":null,"warning_message":null"#, ""])
    func noMessages(messages: String) throws {
        let failed = try #require(read(#"{"events":[{"status":"failed"\#(messages)}]}"#))
        #expect(failed == PinterestResponse.Verdicts(events: [.failed("")]))
        let processed = try #require(read(#"{"events":[{"status":"processed"\#(messages)}]}"#))
        #expect(processed == PinterestResponse.Verdicts(events: [.processed]))
    }

    @Test(
        "an answer that does not speak of every event settles nothing",
        arguments: [
            "", "<html>", "[]", "null", "{}", #"{"events":null}"#, #"{"events":{}}"#, #"{"events":[]}"#,
            #"{"events":[{"status":"processed"}]}"#, #"{"details":{"events":[{},{}]}}"#,
        ])
    func unknown(body: String) {
        #expect(read(body, count: 2) == nil)
    }

    @Test("a 422 with its list at the top level settles nothing")
    func misplacedList() {
        #expect(read(#"{"events":[{"status":"processed"}]}"#, status: 422) == nil)
    }

    @Test("a status beyond the contract leaves its own event unknown")
    func unknownStatus() throws {
        let body = #"{"events":[{"status":"queued"},{"status":"processed"},{},7]}"#
        #expect(try #require(read(body, count: 4)).events == [.unknown, .processed, .unknown, .unknown])
    }

    @Test(
        "statuses mean what the retry table says",
        arguments: [
            (200, PinterestResponse.Meaning.settled), (201, .settled), (422, .settled), (400, .requestRefused),
            (413, .requestRefused), (429, .rateLimited), (401, .accountRefused), (403, .accountRefused),
            (404, .accountRefused), (302, .accountRefused), (415, .accountRefused), (408, .unavailable),
            (500, .unavailable), (503, .unavailable), (599, .unavailable), (0, .unavailable),
        ])
    func meanings(status: Int, meaning: PinterestResponse.Meaning) {
        #expect(PinterestResponse.meaning(ofStatus: status) == meaning)
    }

    @Test(
        "an error is shown by status, code and message",
        arguments: [
            (#"{"code":4196,"message":"The request was invalid."}"#, "HTTP 400, code 4196: The request was invalid."),
            (#"{"message":"no: a@b.example"}"#, "HTTP 400: <masked>"), ("<html>", "HTTP 400"), ("", "HTTP 400"),
        ])
    func errorMessages(body: String, shown: String) {
        var parser = JSONTapeParser()
        var tape = EventTape()
        #expect(
            PinterestResponse.message(of: Array(body.utf8), status: 400, parser: &parser, tape: &tape) == shown)
    }
}

@Suite("UpstreamText")
struct UpstreamTextTests {
    @Test(
        "personal data that the upstream quotes is masked",
        arguments: [
            ("'em' is not in sha256 hashed format", "'em' is not in sha256 hashed format"),
            ("bad: jane@shop.example", "<masked>"), ("bad: jane%40shop.example", "<masked>"),
            ("client_ip_address '203.0.113.9' is bad", "client_ip_address <masked> is bad"),
            ("address (2001:db8::7) is bad", "address <masked> is bad"), ("two\nlines", "two lines"), ("", ""),
            ("red \u{1b}[31m\u{7}text", "red  [31m text"),
            ("Current timestamp: 1727469267, Given: 1678203524", "Current timestamp: 1727469267, Given: 1678203524"),
        ])
    func masked(text: String, shown: String) {
        #expect(UpstreamText.shown(Array(text.utf8)[...]) == shown)
    }

    @Test("long text is cut at a character, and masked for what was cut off too")
    func bounded() {
        let long = UpstreamText.shown(Array(String(repeating: "ü", count: 400).utf8)[...])
        #expect(long == String(repeating: "ü", count: 150))
        let hidden = String(repeating: "a ", count: 1000) + "x@y"
        #expect(UpstreamText.shown(Array(hidden.utf8)[...]) == "<masked>")
    }
}

@Suite("PinterestRequest")
struct PinterestRequestTests {
    private func destination(testMode: Bool) -> DestinationSettings {
        DestinationSettings(
            urlBase: "https://api.example", adAccountID: "549755885175",
            authorization: AuthorizationValue("Bearer secret"), testMode: testMode)
    }

    @Test("the call goes to the account's events, in JSON, with the token")
    func call() {
        let call = PinterestRequest.call(id: 7, to: destination(testMode: false), body: [1])
        #expect(call.id == 7)
        #expect(call.url == "https://api.example/v5/ad_accounts/549755885175/events")
        #expect(call.headers.map(\.name) == ["Authorization", "Content-Type", "Accept"])
        #expect(call.headers.map(\.value) == ["Bearer secret", "application/json", "application/json"])
    }

    @Test("test mode is asked for in the query")
    func testMode() {
        #expect(PinterestRequest.url(of: destination(testMode: true)).hasSuffix("/events?test=true"))
    }

    @Test("a token prints nowhere")
    func secrecy() {
        let call = PinterestRequest.call(id: 7, to: destination(testMode: false), body: [])
        #expect(!String(reflecting: call).contains("secret"))
        #expect(!String(describing: destination(testMode: false)).contains("secret"))
        var dumped = ""
        dump(call, to: &dumped)
        #expect(!dumped.contains("secret"))
    }

    @Test("a body holds the events in order")
    func body() {
        let events = ["{\"a\":1}", "{\"b\":2}"].map { Array($0.utf8)[...] }
        #expect(String(decoding: PinterestRequest.body(events), as: UTF8.self) == #"{"data":[{"a":1},{"b":2}]}"#)
        #expect(String(decoding: PinterestRequest.body(events.prefix(1)), as: UTF8.self) == #"{"data":[{"a":1}]}"#)
    }
}
