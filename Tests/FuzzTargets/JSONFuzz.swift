import Intake
import JSONTape
import RelayModel
import WireCodec

/// JSON bodies. What the parser takes is written back and has to read the same; then the body goes to every adapter
/// that reads JSON.
final class JSONFuzz: FuzzRoom {
    private static let routes: [IntakeRoute] = [
        .segment(.track), .segment(.page), .segment(.batch), .segment(.libraryMetrics), .measurementProtocol,
    ]
    private var segment = SegmentAdapter()
    private var measurement = MeasurementProtocolAdapter()
    private var parser = JSONTapeParser()
    private var tape = EventTape()

    func run(_ input: Span<UInt8>) throws(FuzzFinding) {
        if let written = try read(input) {
            try require(TapeCheck.isUTF8(written.span), "the writer's JSON is not UTF-8")
            let again = try read(written.span)
            try require(again == written, "a document that is written back reads otherwise")
        }
        for route in Self.routes { try decode(input, route) }
    }

    /// - Returns: the document, written back; nil when it is refused.
    private func read(_ input: Span<UInt8>) throws(FuzzFinding) -> [UInt8]? {
        tape.reset()
        var json = JSONWriter()
        guard let root = try? parser.parse(input, onto: &tape) else {
            try require(tape.document == nil && tape.text.isEmpty, "a refused document leaves something on the tape")
            return nil
        }
        try require(tape.document == root, "the document is not where the parser says")
        try TapeCheck.write(root, on: tape, to: &json)
        return json.bytes
    }

    private func decode(_ input: Span<UInt8>, _ route: IntakeRoute) throws(FuzzFinding) {
        tape.reset()
        var items: [IntakeItem] = []
        var call = IntakeCall(route: route, isPost: true, facts: CallFacts(receivedAtMicros: receivedAtMicros))
        call.query = tape.append("measurement_id=G-1&api_secret=s&writeKey=k".utf8)
        do throws(IntakeFault) {
            if route == .measurementProtocol {
                try measurement.decode(call, body: input, parser: &parser, tape: &tape, into: &items)
            } else {
                try segment.decode(call, body: input, parser: &parser, tape: &tape, into: &items)
            }
        } catch {
            return try require(items.isEmpty, "a refused call leaves items behind: \(error)")
        }
        var json = JSONWriter()
        try TapeCheck.write(items, on: tape, to: &json)
        let key = SegmentCredentials.writeKey(authorization: .none, query: call.query, on: &tape)
        try require(!key.isEmpty, "the query's write key is not found")
        try TapeCheck.write(key, on: tape, to: &json)
    }
}
