import Intake
import JSONTape
import Journal
import RelayModel
import RelayTestKit
import Settings
import Telemetry

@testable import RelayApp

/// Keeps the events of these blocks for the upstream's validator.
func record(_ blocks: [DestinationBlock]) {
    for block in blocks.map(\.block) {
        for entry in block.entries { UpstreamRecord.append(block.payload[entry.json]) }
    }
}

/// Settings from YAML alone.
func relaySettings(_ yaml: String) throws -> RelaySettings {
    let none = ConfigFiles { _, _ throws(ConfigFileError) in throw .unreadable }
    return try RelaySettings(config: RelayConfig(yaml: yaml, environment: [:]), files: none)
}

enum Sample {
    static let email = #""context":{"traits":{"email":"jane@example.com"}}"#
    static let twoDestinations = """
        destinations:
          - { name: shop, ad_account_id: "1001", token: "token-of-the-shop" }
          - { name: outlet, ad_account_id: "1002", token: "token-of-the-outlet" }
        sources:
          - { name: backend, kind: segment, write_keys: [wk] }
          - { name: web, kind: ga4 }
        """

    /// A Segment order; without `email` it has no identity that the upstream takes.
    static func order(_ messageID: String, email: Bool = true) -> String {
        #"{"type":"track","event":"Order Completed","userId":"u","messageId":"\#(messageID)""#
            + (email ? "," + Self.email : "") + "}"
    }

    static func batch(_ items: [String]) -> String {
        #"{"writeKey":"wk","batch":[\#(items.joined(separator: ","))]}"#
    }
}

/// An ``EventPipeline`` that is fed whole calls.
final class PipelineTrial {
    static let backend = 0
    static let web = 1

    let metrics: RelayMetrics
    let pipeline: EventPipeline
    private var tape = EventTape()
    private var parser = JSONTapeParser()

    init(_ yaml: String = Sample.twoDestinations) throws {
        let settings = try relaySettings(yaml)
        metrics = RelayMetrics(settings)
        pipeline = try EventPipeline(settings: settings, metrics: metrics)
    }

    func segment(_ items: [String], listsResults: Bool = false) throws -> EventPipeline.Yield {
        var adapter = SegmentAdapter()
        let items = try decode(.segment(.batch), body: Sample.batch(items), by: &adapter)
        return recorded(pipeline.process(items, source: Self.backend, on: &tape, listsResults: listsResults))
    }

    func hit(_ query: String) throws -> EventPipeline.Yield {
        var adapter = GA4WireAdapter()
        let person = "v=2&tid=G-1&cid=1.2&ep.user_data.email=jane%40example.com&"
        return recorded(
            pipeline.process(
                try decode(.ga4Collect, query: person + query, by: &adapter), source: Self.web, on: &tape))
    }

    func measurementProtocol(_ event: String) throws -> EventPipeline.Yield {
        var adapter = MeasurementProtocolAdapter()
        let hash = String(repeating: "ab", count: 32)
        let body =
            #"{"client_id":"1.2","user_data":{"sha256_email_address":"\#(hash)"},"events":[\#(event)]}"#
        return recorded(
            pipeline.process(
                try decode(.measurementProtocol, body: body, by: &adapter), source: Self.web, on: &tape))
    }

    /// - Parameter members: of the event, beside name, time and person.
    func pinterestEvent(_ members: String) throws -> EventPipeline.Yield {
        var adapter = PinterestEventsAdapter()
        let event = """
            {"event_name":"checkout","action_source":"web","event_time":\(WallClock.millis() / 1_000),
             "user_data":{"em":["jane@example.com"]},\(members)}
            """
        let items = try decode(.pinterestEvents, body: #"{"data":[\#(event)]}"#, by: &adapter)
        return recorded(
            pipeline.processPinterestEvents(items, source: 2, destination: 0, isCounted: true, on: &tape).0)
    }

    private func recorded(_ yield: EventPipeline.Yield) -> EventPipeline.Yield {
        record(yield.blocks)
        return yield
    }

    private func decode(
        _ route: IntakeRoute, query: String = "", body: String = "", by adapter: inout some IntakeAdapter
    ) throws -> [IntakeItem] {
        tape.reset()
        let facts = CallFacts(receivedAtMicros: WallClock.micros())
        let call = IntakeCall(route: route, isPost: !body.isEmpty, facts: facts, query: tape.append(query.utf8))
        var items: [IntakeItem] = []
        try adapter.decode(call, body: Array(body.utf8).span, parser: &parser, tape: &tape, into: &items)
        return items
    }
}
