import Intake
import RelayModel
import RelayTestKit
import Testing

@Suite("Segment calls")
struct SegmentAdapterTests {
    private func single(_ call: SegmentCall, _ body: String) throws -> DecodedItem {
        let items = try decode(SegmentAdapter(), .segment(call), body: body)
        try #require(items.count == 1)
        return items[0]
    }

    private func batch(_ body: String, _ limits: SegmentLimits = SegmentLimits()) throws -> [DecodedItem] {
        try decode(SegmentAdapter(limits: limits), .segment(.batch), body: body)
    }

    @Test("a track call is its own event data")
    func track() throws {
        let body =
            #"{"userId":"u1","event":"Order Completed","messageId":"m1","sentAt":"2026-01-01T00:00:00Z","properties":{"total":12.5}}"#
        let item = try single(.track, body)
        #expect(item.kind == .segmentTrack)
        #expect(item.name == "Order Completed")
        #expect(item.messageID == "m1")
        #expect(item.sentAt == "2026-01-01T00:00:00Z")
        #expect(item.json == body)
        #expect(item.consent.isUnsaid)
        #expect(!item.isBrowserCall)
    }

    @Test(
        "the route says what a single call is, whatever its type says",
        arguments: [
            (SegmentCall.page, SourceKind.segmentPage), (.screen, .segmentScreen), (.identify, .segmentIdentify),
            (.group, .segmentGroup), (.alias, .segmentAlias), (.track, .segmentTrack),
        ])
    func kinds(_ call: SegmentCall, _ kind: SourceKind) throws {
        let item = try single(call, #"{"anonymousId":"a","type":"bogus","event":"E","name":"N"}"#)
        #expect(item.kind == kind)
        #expect(item.name == (kind == .segmentPage || kind == .segmentScreen ? "N" : "E"))
    }

    @Test("a call without user and anonymous id is an event all the same: its identity may stand elsewhere")
    func noUser() throws {
        #expect(try single(.track, #"{"event":"E","properties":{"email":"a@b.c"}}"#).kind == .segmentTrack)
        #expect(try single(.page, #"{"userId":"","anonymousId":null}"#).kind == .segmentPage)
    }

    @Test(
        "a call without what its event needs is a bad item",
        arguments: [
            (SegmentCall.track, #"{"userId":"u","messageId":"m"}"#, DeadReason.missingEventName, "", "m"),
            (.track, #"{"userId":"u","event":""}"#, .missingEventName, "", ""),
            (.track, #"{"userId":"u","event":null}"#, .missingEventName, "", ""),
        ])
    func incomplete(
        _ call: SegmentCall, _ body: String, _ reason: DeadReason, _ name: String, _ messageID: String
    ) throws {
        #expect(try single(call, body) == DecodedItem(reason: reason, name: name, messageID: messageID))
    }

    @Test(
        "numbers are ids and names too",
        arguments: [#"{"userId":7,"event":404}"#, #"{"anonymousId":0,"event":404}"#])
    func numbers(_ body: String) throws {
        #expect(try single(.track, body).name == "404")
    }

    @Test("a batch gives its items in order, good and bad")
    func batchItems() throws {
        let items = try batch(
            #"""
            {"batch":[
              {"type":"track","userId":"u","event":"A","messageId":"1"},
              7, {"type":"track","userId":"u","messageId":"2"}, {"type":"page","anonymousId":"a","name":"P"},
              {"userId":"u","event":"B","messageId":"3"}, {"type":"merge","userId":"u"}, {"type":"track"},
              {"type":"identify","userId":"u","messageId":"4"}, null
            ],"context":{"ip":"192.0.2.1"},"sentAt":"S","writeKey":"k"}
            """#)
        #expect(
            items.map(\.reason) == [
                nil, .notAnEvent, .missingEventName, nil, .notAnEvent, .notAnEvent, .missingEventName, nil, .notAnEvent,
            ])
        #expect(
            items.map(\.kind) == [.segmentTrack, nil, nil, .segmentPage, nil, nil, nil, .segmentIdentify, nil])
        #expect(items[0].sentAt == "S")
        #expect(items[0].batchContext == #"{"ip":"192.0.2.1"}"#)
        #expect(items[3].name == "P")
        #expect(items[4].messageID == "3")
        #expect(items[2].messageID == "2")
    }

    @Test("without a send time of the batch an item's own counts")
    func ownSentAt() throws {
        let item = #"{"type":"page","userId":"u","sentAt":"own"}"#
        #expect(try batch(#"{"batch":[\#(item)]}"#)[0].sentAt == "own")
        #expect(try batch(#"{"batch":[\#(item)],"sentAt":"all"}"#)[0].sentAt == "all")
        #expect(try batch(#"{"batch":[\#(item)],"context":7}"#)[0].batchContext == "")
    }

    @Test(
        "a call that is no event list at all is refused",
        arguments: [
            ("", IntakeFault.emptyBody), ("{", .malformedJSON), ("[]", .notAnObject), ("\"x\"", .notAnObject),
            ("{}", .batchMissing), (#"{"batch":{}}"#, .batchNotAnArray), (#"{"batch":[]}"#, .batchEmpty),
            (#"{"batch":null}"#, .batchNotAnArray),
            (String(repeating: "[", count: 200) + String(repeating: "]", count: 200), .tooDeep),
        ])
    func refusedBatches(_ body: String, _ fault: IntakeFault) throws {
        #expect(throws: fault) { try batch(body) }
    }

    @Test(
        "a single call that is no object is refused",
        arguments: [
            ("[]", IntakeFault.notAnObject), ("nonsense", .malformedJSON), (" ", .emptyBody), ("3", .notAnObject),
        ])
    func refusedSingles(_ body: String, _ fault: IntakeFault) throws {
        #expect(throws: fault) { try single(.track, body) }
    }

    @Test("limits are kept to the item and to the byte")
    func limits() throws {
        var limits = SegmentLimits()
        limits.batchItemCount = 2
        let item = #"{"type":"page","userId":"u"}"#
        #expect(try batch(#"{"batch":[\#(item),\#(item)]}"#, limits).count == 2)
        #expect(throws: IntakeFault.tooManyItems) { try batch(#"{"batch":[\#(item),\#(item),\#(item)]}"#, limits) }
        limits.batchByteCount = 39
        #expect(throws: IntakeFault.bodyTooLarge) { try batch(#"{"batch":[\#(item)]}"#, limits) }
        limits.eventByteCount = item.utf8.count
        #expect(try decode(SegmentAdapter(limits: limits), .segment(.page), body: item).count == 1)
        #expect(throws: IntakeFault.eventTooLarge) {
            try decode(SegmentAdapter(limits: limits), .segment(.page), body: item + " ")
        }
    }

    @Test("without configuration the limits are Segment's own: 32 KB an event, 500 KB and 2,500 events a batch")
    func ownLimits() throws {
        func padded(_ head: String, _ tail: String, to count: Int) -> String {
            head + String(repeating: " ", count: count - head.utf8.count - tail.utf8.count) + tail
        }
        let item = #"{"type":"page","userId":"u"}"#
        func list(of count: Int) -> String {
            #"{"batch":["# + Array(repeating: item, count: count).joined(separator: ",")
        }
        #expect(try single(.page, padded(#"{"userId":"u""#, "}", to: 32_768)).kind == .segmentPage)
        #expect(throws: IntakeFault.eventTooLarge) { try single(.page, padded(#"{"userId":"u""#, "}", to: 32_769)) }
        #expect(try batch(list(of: 2_500) + "]}").count == 2_500)
        #expect(throws: IntakeFault.tooManyItems) { try batch(list(of: 2_501) + "]}") }
        #expect(try batch(padded(list(of: 1), "]}", to: 512_000)).count == 1)
        #expect(throws: IntakeFault.bodyTooLarge) { try batch(padded(list(of: 1), "]}", to: 512_001)) }
    }

    @Test("an item beyond the limit for one event does not harm its neighbours")
    func largeItem() throws {
        let large =
            #"{"type":"track","userId":"u","event":"Big","messageId":"m","properties":{"x":"\#(String(repeating: "x", count: 40_000))"}}"#
        let items = try batch(#"{"batch":[\#(large),{"type":"track","userId":"u","event":"Small"}]}"#)
        #expect(items[0] == DecodedItem(reason: .tooLarge, name: "Big", messageID: "m"))
        #expect(items[1].name == "Small")
    }

    @Test("an item is measured as its JSON, whatever it holds, and is taken up to the limit")
    func itemSize() throws {
        let numbers = Array(repeating: "1", count: 40).joined(separator: ",")
        let item = #"{"type":"page","userId":"u","properties":{"numbers":[\#(numbers)],"ok":false}}"#
        let filler = #"{"type":"page","userId":"\#(String(repeating: "u", count: 100))"}"#
        var limits = SegmentLimits()
        limits.eventByteCount = item.utf8.count
        #expect(try batch(#"{"batch":[\#(item),\#(filler)]}"#, limits).map(\.reason) == [nil, nil])
        limits.eventByteCount -= 1
        #expect(try batch(#"{"batch":[\#(item),\#(filler)]}"#, limits).map(\.reason) == [.tooLarge, nil])
    }

    @Test("a batch's context is measured as a part of one event, and of all of them together")
    func contextSize() throws {
        func batch(of count: Int, _ context: String, _ limits: SegmentLimits) throws -> Int {
            let items = Array(repeating: #"{"type":"page"}"#, count: count).joined(separator: ",")
            return try self.batch(#"{"batch":[\#(items)],"context":\#(context)}"#, limits).count
        }
        let context = #"{"x":"\#(String(repeating: "x", count: 992))"}"#
        var limits = SegmentLimits()
        limits.eventByteCount = 1_000
        #expect(try batch(of: 1, context, limits) == 1)
        limits.eventByteCount = 999
        #expect(throws: IntakeFault.eventTooLarge) { try batch(of: 1, context, limits) }
        limits.eventByteCount = 1_000
        limits.batchByteCount = 2_500
        #expect(try batch(of: 40, context, limits) == 40)
        limits.batchByteCount = 2_499
        #expect(throws: IntakeFault.bodyTooLarge) { try batch(of: 40, context, limits) }
    }

    @Test("the browser library's own metrics are taken and forgotten")
    func metrics() throws {
        #expect(try decode(SegmentAdapter(), .segment(.libraryMetrics), body: "not even JSON").isEmpty)
    }

    @Test("random JSON never does more than throw")
    func randomBodies() throws {
        var random = SeededRandom(seed: 5)
        let parts = [
            "{", "}", "[", "]", ",", ":", "\"batch\"", "\"type\"", "\"track\"", "\"event\"", "\"userId\"",
            "\"context\"",
            "null", "1", "\"\"", "\"messageId\"", "true", "\\ud800", " ",
        ]
        for round in 0..<4_000 {
            let body = (0..<Int.random(in: 0...16, using: &random)).map { _ in parts.randomElement(using: &random)! }
            let text = round.isMultiple(of: 2) ? body.joined() : "{\"batch\":[{\(body.joined())}]}"
            _ = try? batch(text)
            _ = try? single(.track, text)
        }
    }
}
