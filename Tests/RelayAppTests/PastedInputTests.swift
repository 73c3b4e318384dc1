import Intake
import Testing

@testable import RelayApp

@Suite("PastedInput")
struct PastedInputTests {
    @Test(
        "a URL with a query is a hit, whatever its path; what stands behind it is the body",
        arguments: [
            ("https://tags.shop.example/g/collect?v=2&en=a", "v=2&en=a", ""),
            ("/metrics/g/collect?v=2\nen=a\r\nen=b", "v=2", "en=a\r\nen=b"),
            ("https://loader.example/cgyax?e44f=L2cv\r\n", "e44f=L2cv", ""),
            ("  /collect?v=2&dl=https://shop.example/?x=1 ", "v=2&dl=https://shop.example/?x=1", ""),
        ])
    func hits(_ text: String, _ query: String, _ body: String) throws {
        let input = try PastedInput(text)
        #expect(input.route == .ga4Collect)
        #expect(input.query == query)
        #expect(input.body == body)
    }

    @Test("the Measurement Protocol's URL goes before its body, or is left out")
    func measurementProtocol() throws {
        let called = try PastedInput("https://tags.shop.example/mp/collect?measurement_id=G-1\n{\"events\":[]}")
        #expect(called.route == .measurementProtocol)
        #expect(called.query == "measurement_id=G-1")
        #expect(called.body == "{\"events\":[]}")
        #expect(try PastedInput("{\"events\":[]}").route == .measurementProtocol)
    }

    @Test(
        "anything else is unreadable",
        arguments: ["", "hello?", "what is this / that?", "{", "[]", "https://shop.example/g/collect", "?v=2"])
    func unreadable(_ text: String) {
        #expect(throws: Explainer.Unreadable.self) { try PastedInput(text) }
    }
}
