import Intake
import RelayModel
import Testing

@Suite("RudderStack's pixel calls and AnonymousId header")
struct SegmentPixelTests {
    private func pixel(_ call: SegmentCall, _ query: String) throws -> DecodedItem {
        let items = try decode(SegmentAdapter(), .segment(call), query: query, isPost: false)
        try #require(items.count == 1)
        return items[0]
    }

    @Test("dotted keys are paths, and the rest are members of the event or properties")
    func event() throws {
        let item = try pixel(
            .pixelTrack,
            "writeKey=wk&event=Order%20Completed&anonymousId=a1&properties.revenue=9.5&order_id=o1"
                + "&context.page.url=https%3A%2F%2Fshop.example%2F%3Fx%3D1&context.page.title=T+1&context.locale=en"
                + "&messageId=m1&properties.currency=EUR&results=1")
        #expect(item.kind == .segmentTrack)
        #expect(item.name == "Order Completed")
        #expect(item.messageID == "m1")
        #expect(
            item.json
                == #"{"event":"Order Completed","anonymousId":"a1","properties":{"revenue":"9.5","order_id":"o1","currency":"EUR"},"context":{"page":{"url":"https://shop.example/?x=1","title":"T 1"},"locale":"en"},"messageId":"m1"}"#
        )
    }

    @Test("a page needs no name")
    func page() throws {
        let item = try pixel(.pixelPage, "anonymousId=a&name=Home&properties.path=%2F")
        #expect(item.kind == .segmentPage)
        #expect(item.name == "Home")
        #expect(try pixel(.pixelPage, "userId=u").kind == .segmentPage)
    }

    @Test(
        "odd keys give an event all the same",
        arguments: [
            ("a.b=1&a=2&userId=u", #"{"a":{"b":"1"},"properties":{"a":"2"},"userId":"u"}"#),
            ("a.b.c=1&a.b=2&a.d=3&userId=u", #"{"a":{"b":{"c":"1"},"d":"3"},"userId":"u"}"#),
            ("a.b=2&a.b.c=1&userId=u", #"{"a":{"b":{"c":"1"}},"userId":"u"}"#),
            ("a=2&a.b=1&userId=u", #"{"properties":{"a":"2"},"a":{"b":"1"},"userId":"u"}"#),
            ("userId=u&userId=v", #"{"userId":"u"}"#), ("userId=u&a.=1&.b=2&..=3", #"{"userId":"u","a":"1"}"#),
            ("userId=u&=1&&x", #"{"userId":"u","properties":{"x":""}}"#),
            ("userId=u&a.b.c.d.e.f.g.h.i=1", #"{"userId":"u","a":{"b":{"c":{"d":{"e":{"f":{"g":{}}}}}}}}"#),
        ])
    func oddKeys(_ query: String, _ json: String) throws {
        #expect(try pixel(.pixelPage, query).json == json)
    }

    @Test("a track pixel without event name is a bad item; one without user is an event")
    func incomplete() throws {
        #expect(try pixel(.pixelTrack, "userId=u") == DecodedItem(reason: .missingEventName))
        #expect(try pixel(.pixelTrack, "event=E").kind == .segmentTrack)
        #expect(try pixel(.pixelPage, "").kind == .segmentPage)
    }

    @Test("parameters and length are limited")
    func limits() throws {
        let many = (0..<129).map { "p\($0)=1" }.joined(separator: "&")
        #expect(throws: IntakeFault.tooManyParameters) { try pixel(.pixelPage, many) }
        #expect(throws: IntakeFault.eventTooLarge) {
            try pixel(.pixelPage, "userId=" + String(repeating: "u", count: 32 << 10))
        }
        let nested = (0..<128).map { "a.a.a.a.a.a.a.p\($0)=1" }.joined(separator: "&")
        #expect(try pixel(.pixelPage, nested).kind == .segmentPage)
    }

    private func withHeader(_ header: String, _ call: SegmentCall, _ body: String) throws -> [DecodedItem] {
        try decode(SegmentAdapter(), .segment(call), body: body, anonymousIDHeader: header)
    }

    @Test("the AnonymousId header stands in where an event has no id of its own")
    func header() throws {
        let plain = try withHeader("anon-7", .page, #"{"properties":{"a":[1,{"b":2.5}]}}"#)
        #expect(plain[0].json == #"{"properties":{"a":[1,{"b":2.5}]},"anonymousId":"anon-7"}"#)
        let blank = try withHeader("anon-7", .page, #"{"anonymousId":null,"userId":"u"}"#)
        #expect(blank[0].json == #"{"anonymousId":null,"userId":"u","anonymousId":"anon-7"}"#)
        let own = try withHeader("anon-7", .page, #"{"anonymousId":"own"}"#)
        #expect(own[0].json == #"{"anonymousId":"own"}"#)
        let batch = try withHeader(
            "anon-7", .batch, #"{"batch":[{"type":"page"},{"type":"page","anonymousId":"own"},7]}"#)
        #expect(
            batch.map(\.json) == [
                #"{"type":"page","anonymousId":"anon-7"}"#, #"{"type":"page","anonymousId":"own"}"#, "",
            ])
    }

    @Test("an AnonymousId header beyond its limit names nobody")
    func longHeader() throws {
        let longest = String(repeating: "x", count: SegmentLimits().anonymousIDByteCount)
        #expect(try withHeader(longest, .page, "{}")[0].json == #"{"anonymousId":"\#(longest)"}"#)
        #expect(try withHeader(longest + "x", .page, "{}")[0].json == "{}")
    }

    @Test("the SDKs' Base64 of a UUID is that UUID")
    func base64Header() throws {
        let item = try withHeader("YjViOTYxNWQtNTg3NS00MTY4LTg0NTItNWE3YzY0MzI1ZDc0", .page, "{}")
        #expect(item[0].json == #"{"anonymousId":"b5b9615d-5875-4168-8452-5a7c64325d74"}"#)
    }
}
