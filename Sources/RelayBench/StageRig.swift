import Delivery
import Digests
import Intake
import JSONTape
import Mapping
import MappingLanguage
import PhoneNumbers
import Privacy
import RelayModel

/// The rooms of one ingress thread, run in prefixes of increasing length.
struct StageRig: ~Copyable {
    enum Stage: String, CaseIterable {
        case decode, map, mapBesideOwn, mapByOwn, clear, all

        var title: String {
            switch self {
            case .decode: "decode (JSON onto the tape, items)"
            case .map: "decode + map"
            case .mapBesideOwn: "decode + map, 50 own mappings of other names"
            case .mapByOwn: "decode + map, by 1 of 50 own mappings"
            case .clear: "decode + map + normalise and hash"
            case .all: "decode + map + clear + check + encode"
            }
        }
    }

    private let body: [UInt8]
    private let table = MappingTable()
    /// Tables with fifty mappings of a configuration: none takes the order, or one does.
    private let besideOwn: MappingTable
    private let byOwn: MappingTable
    private var adapter = SegmentAdapter()
    private var parser = JSONTapeParser()
    private var hasher: SHA256Hasher
    private var privacy = PrivacyStage(rules: PrivacyRules())
    private let phones = PhoneNumberParser()
    private var tape = EventTape()
    private var items: [IntakeItem] = []
    private var mapped = MappingResults()
    private var cleared = ConversionEvent(name: .standard(.custom))
    private var json: [UInt8] = []

    init() throws {
        let hasher = try SHA256Hasher()
        let others = try (0..<50).map { try Self.rule("Order \($0)") }
        let own = try (0..<50).map { try Self.rule($0 == 25 ? "Order Completed" : "Order \($0)") }
        self.hasher = hasher
        body = Self.order
        besideOwn = MappingTable(rules: others)
        byOwn = MappingTable(rules: own)
    }

    /// A mapping with a condition and the fields of a plain order.
    private static func rule(_ event: String) throws -> MappingRule {
        func path(_ path: String) -> MappingValue { .object([MappingMember("@path", .text(path))]) }
        let fields = MappingValue.object([
            MappingMember("custom_data.value", path("$.properties.revenue")),
            MappingMember("custom_data.currency", path("$.properties.currency")),
            MappingMember("custom_data.order_id", path("$.properties.order_id")),
            MappingMember("user_data.em", path("$.context.traits.email")),
        ])
        let trigger = try Trigger("type = \"track\" and event = \"\(event)\" and properties.revenue > 0")
        return MappingRule(
            name: event, kind: .own(trigger), isEnabled: nil, eventName: .standard(.checkout),
            fields: try FieldMapping(fields))
    }

    /// - Returns: the mean time of one run, in nanoseconds.
    mutating func nanoseconds(_ stage: Stage, runs: Int) -> Int {
        guard runs > 0 else { return 0 }
        let start = ContinuousClock.now
        for _ in 0..<runs { run(stage) }
        return Int((ContinuousClock.now - start) / .nanoseconds(runs))
    }

    private mutating func run(_ stage: Stage) {
        tape.reset()
        items.removeAll(keepingCapacity: true)
        mapped.removeAll()
        json.removeAll(keepingCapacity: true)
        let call = IntakeCall(
            route: .segment(.track), isPost: true, facts: CallFacts(receivedAtMicros: 1_763_000_000_000_000))
        let bytes = body
        do throws(IntakeFault) {
            try adapter.decode(call, body: bytes.span, parser: &parser, tape: &tape, into: &items)
        } catch {
            fatalError("the order does not decode: \(error)")
        }
        guard stage != .decode, case .event(let event) = items[0] else { return }
        let reason = table(of: stage).map(event, on: &tape, hashing: &hasher, into: &mapped)
        precondition(reason == nil, "the order is not mapped")
        guard stage == .clear || stage == .all else { return }
        _ = privacy.clear(mapped.events[0], on: tape, into: &cleared, hasher: &hasher, phones: phones)
        guard stage != .clear else { return }
        precondition(PinterestSchema.fault(of: cleared) == nil, "the order does not fit the schema")
        PinterestEventEncoder.encode(cleared, into: &json)
    }

    private func table(of stage: Stage) -> MappingTable {
        switch stage {
        case .mapBesideOwn: besideOwn
        case .mapByOwn: byOwn
        case .decode, .map, .clear, .all: table
        }
    }

    private static let order: [UInt8] = {
        let head = """
            {"writeKey":"wk_live","type":"track","event":"Order Completed","userId":"user-12345",\
            "anonymousId":"9c1185a5c5e9fc54612808977ee8f548","timestamp":"2025-11-13T02:13:20Z",\
            "messageId":"bench-01-0000000001","context":{"ip":"203.0.113.9",\
            "userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","locale":"en-US",\
            "page":{"url":"https://shop.example/thanks?order=1001"},"traits":{"email":"jane@example.com",\
            "phone":"+14155552671","firstName":"Jane","lastName":"Doe","address":{"city":"San Francisco",\
            "state":"CA","postalCode":"94107","country":"US"}}},"properties":{"order_id":"1001","currency":"USD",\
            "revenue":90.5,"products":[{"product_id":"SKU-1","name":"Blue Mug","price":25.25,"quantity":2},\
            {"product_id":"SKU-2","name":"Tea","price":40,"quantity":1}]},"p":"
            """
        let padding = max(0, 843 - head.utf8.count - 2)
        return Array((head + String(repeating: "x", count: padding) + "\"}").utf8)
    }()
}
