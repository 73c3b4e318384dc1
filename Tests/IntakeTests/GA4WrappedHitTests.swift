import Foundation
import Intake
import JSONTape
import RelayModel
import RelayTestKit
import Testing

@Suite("Wrapped GA4 hits")
struct GA4WrappedHitTests {
    private func hits(_ query: String, _ body: String = "", isPost: Bool = true) throws -> [DecodedItem] {
        try decode(GA4WireAdapter(), .ga4Collect, query: query, body: body, isPost: isPost)
    }

    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    @Test("a body that begins with a hit's own path is the hit", arguments: ["\r\n", "\n", "\r\n\r\n"])
    func wrappedBody(_ end: String) throws {
        let query = "v=2&tid=G-1&cid=1.2&_p=3&_s=4&cu=EUR"
        let plain = try hits(query, "en=a&epn.value=1\r\nen=b&cu=USD")
        #expect(plain.map(\.name) == ["a", "b"])
        #expect(try hits("", "/g/collect?\(query)\(end)en=a&epn.value=1\r\nen=b&cu=USD") == plain)
        #expect(try hits("", "/g/collect?\(query)&en=page_view").map(\.name) == ["page_view"])
        #expect(try hits("", "/g/collect?\(query)&en=page_view\(end)").map(\.name) == ["page_view"])
    }

    @Test("a wrapped query stands over the call's own, and only as the first line of a POST")
    func precedence() throws {
        let items = try hits("v=2&tid=G-1&cu=EUR&dt=Out", "/g/collect?cu=USD\nen=a")
        #expect(items.count == 1)
        #expect(items[0].json.contains(#""page_title":"Out""#))
        #expect(items[0].json.contains(#""currency":"USD""#))
        #expect(try hits("v=2&tid=G-1", "en=a\n/g/collect?en=b").map(\.name) == ["a", ""])
        #expect(throws: IntakeFault.notAHit) { try hits("", "/g/collect?v=2&tid=G-1&en=a", isPost: false) }
        #expect(throws: IntakeFault.notAHit) { try hits("", "/g/collect?") }
        #expect(throws: IntakeFault.notAHit) { try hits("", "/other/g/collect?v=2&tid=G-1&en=a") }
    }

    @Test("a wrapped query keeps the query's limit")
    func limit() throws {
        var limits = GA4WireLimits()
        limits.queryByteCount = 20
        let adapter = GA4WireAdapter(limits: limits)
        #expect(throws: IntakeFault.bodyTooLarge) {
            try decode(adapter, .ga4Collect, query: "", body: "/g/collect?v=2&tid=G-1&en=page_view")
        }
    }

    @Test("a Base64 query may carry literal plus signs, the URL-safe alphabet, and lines in the body")
    func base64Query() throws {
        // Three `~` give `fn5+` and three `?` give `Pz8/`, where they stand at a multiple of three.
        let inner = "/g/collect?v=2&tid=G-1&dt=~~~~~~??????"
        let text = base64(inner)
        #expect(text.contains("+") && text.contains("/"))
        let urlSafe = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        for value in [text, urlSafe, text.replacing("+", with: "%2B").replacing("=", with: "%3D")] {
            let items = try hits("k=\(value)", "en=a\nen=b")
            #expect(items.map(\.name) == ["a", "b"])
            #expect(items.allSatisfy { $0.json.contains(#""page_title":"~~~~~~??????""#) })
        }
    }

    @Test(
        "the call tells its measurement id, wherever it stands, and whether it asks for a streamed answer",
        arguments: [
            ("v=2&tid=G-1&en=a", "", "G-1", false), ("v=2&tid=G-1&en=a&richsstsse", "", "G-1", true),
            ("v=2&tid=G-1&richsstsse=&en=a", "", "G-1", true), ("v=2", "tid=G-2&en=a", "G-2", false),
            ("", "v=2&tid=G-3&en=a", "G-3", false), ("", "/g/collect?v=2&tid=G-4&en=a&richsstsse", "G-4", true),
            ("v=2&tid=G-5", "en=a\nen=b&tid=G-6", "G-5", false), ("v=2&tid=G%2D7&en=a", "", "G-7", false),
            ("v=2&tid=G-8&en=a&dl=richsstsse", "", "G-8", false), ("v=2&tid=G-9&en=a", "richsstsse", "G-9", false),
        ])
    func callSigns(_ query: String, _ body: String, _ measurementID: String, _ asksForStream: Bool) throws {
        var adapter = GA4WireAdapter()
        var tape = EventTape()
        var parser = JSONTapeParser()
        var items: [IntakeItem] = []
        let call = IntakeCall(
            route: .ga4Collect, isPost: true, facts: CallFacts(receivedAtMicros: 0), query: tape.append(query.utf8))
        try adapter.decode(call, body: Array(body.utf8).span, parser: &parser, tape: &tape, into: &items)
        #expect(tape.copyString(adapter.measurementID) == measurementID)
        #expect(adapter.asksForStream == asksForStream)
        // What a refused call says does not linger.
        #expect(throws: IntakeFault.self) {
            let empty = IntakeCall(route: .ga4Collect, isPost: true, facts: CallFacts(receivedAtMicros: 0))
            try adapter.decode(empty, body: [UInt8]().span, parser: &parser, tape: &tape, into: &items)
        }
        #expect(adapter.measurementID.isEmpty && !adapter.asksForStream)
    }

    @Test("plus and %20 are both a space, also in a line; %2B is a plus")
    func spaces() throws {
        let items = try hits("v=2&tid=G-1&dt=A+b%20c%2Bd", "en=a&ep.x+y=1+1%201%2B1")
        #expect(items[0].json.contains(#""page_title":"A b c+d""#))
        #expect(items[0].json.contains(#""x y":"1 1 1+1""#))
    }

    @Test("campaign fields and what no table names keep their wire name")
    func campaign() throws {
        let items = try hits("v=2&tid=G-1&en=a&cs=news&cm=mail&cn=spring&cc=top&ck=mug&ci=77")
        #expect(
            items[0].json.contains(
                #""x-ga-mp2-cs":"news","x-ga-mp2-cm":"mail","x-ga-mp2-cn":"spring","x-ga-mp2-cc":"top","#
                    + #""x-ga-mp2-ck":"mug","x-ga-mp2-ci":"77""#))
    }
}
