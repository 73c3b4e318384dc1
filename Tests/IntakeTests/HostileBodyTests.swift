import Intake
import JSONTape
import RelayModel
import RelayTestKit
import Testing

@Suite("Hostile bodies")
struct HostileBodyTests {
    private static let measurement = """
        {"client_id":"1.2","timestamp_micros":"1795262400000000","user_properties":{"p":{"value":"v"}},
         "user_data":{"sha256_email_address":["x"],"address":[{"sha256_first_name":"y"}]},"consent":{"ad_storage":"DENIED"},
         "events":[{"name":"purchase","params":{"value":9.5,"items":[{"item_id":"A","size":"L"}]}}]}
        """
    private static let form = "client_id=1&events[0][name]=a&events[0][params][items][][item_id]=A&x%5B%5D=%7B%22=+1e5"
    private static let shaped = """
        {"data":[{"event_name":"lead","action_source":"web","event_time":1795262400,"event_id":"e","language":"en",
         "user_data":{"em":["a@b.c"],"click_id":"dj0"},"custom_data":{"value":"1.5","contents":[{"id":"A"}]}}]}
        """

    @Test("no mutation of a body traps the validator or an adapter")
    func mutations() {
        var random = SeededRandom(seed: 20_261_121)
        var parser = JSONTapeParser()
        var tape = EventTape()
        var measurement = MeasurementProtocolAdapter()
        var pinterest = PinterestEventsAdapter()
        var items: [IntakeItem] = []
        for round in 0..<6_000 {
            let body = Self.mutated([Self.measurement, Self.form, Self.shaped][round % 3], &random)
            let facts = CallFacts(receivedAtMicros: 1_795_262_400_000_000)
            tape.reset()
            let findings = MeasurementProtocolValidator.validate(
                body.span, query: .none, receivedAtMicros: facts.receivedAtMicros, parser: &parser, tape: &tape)
            #expect(findings.count <= 100)
            tape.reset()
            items.removeAll()
            try? measurement.decode(
                IntakeCall(route: .measurementProtocol, isPost: true, facts: facts), body: body.span, parser: &parser,
                tape: &tape, into: &items)
            tape.reset()
            try? pinterest.decode(
                IntakeCall(route: .pinterestEvents, isPost: true, facts: facts), body: body.span, parser: &parser,
                tape: &tape, into: &items)
            #expect(items.count < 1_000)
        }
    }

    /// A few bytes replaced, doubled or left out, with a liking for those that mean something.
    private static func mutated(_ text: String, _ random: inout SeededRandom) -> [UInt8] {
        let marks = Array("{}[]\",:=&%+0179-.eE\\ \n".utf8) + [0, 0x80, 0xC3, 0xFF]
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[at] = marks.randomElement(using: &random) ?? 0
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(contentsOf: bytes[at..<min(at + 40, bytes.count)], at: at)
            default: bytes.removeSubrange(at...)
            }
        }
        return bytes
    }
}
