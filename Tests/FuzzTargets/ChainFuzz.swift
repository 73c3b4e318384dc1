import Delivery
import Digests
import Intake
import JSONTape
import Mapping
import MappingLanguage
import PhoneNumbers
import PinterestSandbox
import Privacy
import RelayModel
import RelayTestKit
import WireCodec

/// A whole call, as the pipeline of an ingress thread takes it: decode, map, clear, check, encode. Each event's JSON is
/// held against the upstream's contract as the sandbox reads it. Two sources with opposite settings get each call, and one whose own
/// mappings take every event.
final class ChainFuzz: FuzzRoom {
    fileprivate struct Source {
        var mapping: MappingTable
        var privacy: PrivacyStage
    }

    private var sources = [Source(MappingSettings(), PrivacyRules()), Source(.open, .open), .withRules()]
    private var wire = GA4WireAdapter()
    private var measurement = MeasurementProtocolAdapter()
    private var direct = PinterestEventsAdapter()
    private var segment = SegmentAdapter()
    private var parser = JSONTapeParser()
    private var hasher: SHA256Hasher
    private let phones = PhoneNumberParser()
    private var tape = EventTape()
    private var mapped = MappingResults()
    private var cleared = ConversionEvent(name: .standard(.custom))
    private var json: [UInt8] = []
    private var upstream = UpstreamCheck()

    init() {
        do { hasher = try SHA256Hasher() } catch { fatalError("no SHA-256: \(error)") }
    }

    func run(_ input: Span<UInt8>) throws(FuzzFinding) {
        for index in sources.indices {
            for event in decode(input) { try map(event, index) }
        }
    }

    /// The call's events. A first line that is no route stands for a Segment call whose body is the whole input.
    private func decode(_ input: Span<UInt8>) -> [SourceEvent] {
        tape.reset()
        let (line, rest) = input.lineAndRest
        let pathEnd = line.first { input[$0] == UInt8(ascii: "?") } ?? line.upperBound
        let route = IntakeRoute(path: input.extracting(0..<pathEnd))
        let body = input.extracting(route == nil ? 0..<input.count : rest)
        let query = tape.append(input.extracting(min(pathEnd + 1, line.upperBound)..<line.upperBound))
        var facts = CallFacts(receivedAtMicros: receivedAtMicros)
        facts.isBrowserCall = input.count % 2 == 0
        facts.address = tape.append("203.0.113.9".utf8)
        facts.userAgent = tape.appendRepaired(input.extracting(line))
        facts.epikCookie = tape.appendRepaired(input.extracting(line))
        let call = IntakeCall(route: route ?? .segment(.track), isPost: !body.isEmpty, facts: facts, query: query)
        return events(of: call, body)
    }

    private func events(of call: IntakeCall, _ body: Span<UInt8>) -> [SourceEvent] {
        var items: [IntakeItem] = []
        do throws(IntakeFault) {
            switch call.route {
            case .ga4Collect: try wire.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
            case .segment: try segment.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
            case .measurementProtocol, .measurementProtocolDebug:
                try measurement.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
            case .pinterestEvents: try direct.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
            }
        } catch {
            return []
        }
        return items.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    private func map(_ event: SourceEvent, _ source: Int) throws(FuzzFinding) {
        mapped.removeAll()
        let reason = sources[source].mapping.map(event, on: &tape, hashing: &hasher, into: &mapped)
        try require((reason == nil) == (mapped.count > 0), "an event ends neither in events nor in a reason")
        for event in mapped.events {
            let verdict = sources[source].privacy.clear(
                event, on: tape, into: &cleared, hasher: &hasher, phones: phones)
            guard case .cleared = verdict else { continue }
            json.removeAll(keepingCapacity: true)
            PinterestEventEncoder.encode(cleared, into: &json)
            if PinterestSchema.fault(of: cleared) == nil {
                try upstream.accepts(json)
                UpstreamRecord.append(json)
            } else {
                try upstream.canRead(json)
            }
        }
    }
}

extension ChainFuzz.Source {
    fileprivate init(_ mapping: MappingSettings, _ rules: PrivacyRules, own: [MappingRule] = []) {
        self.mapping = MappingTable(mapping, rules: own)
        privacy = PrivacyStage(rules: rules)
    }

    /// Every field is set to a part of the event that a sender chooses.
    fileprivate static func withRules() -> Self {
        func path(_ name: String) -> MappingMember {
            MappingMember(name, .object([MappingMember("@path", .text("$.properties.\(name)"))]))
        }
        let open = MappingValue.object([
            MappingMember("user_data", .object([MappingMember("@path", .text("$.properties"))])),
            MappingMember("custom_data", .object([MappingMember("@path", .text("$.properties"))])),
            path("event_id"), path("event_time"), path("event_source_url"), path("app_info"),
            MappingMember("action_source", .text("app_ios")),
        ])
        let items = MappingValue.object([
            MappingMember("contents[].id", .object([MappingMember("@template", .text("{{id}}-{{name}}"))]))
        ])
        do {
            let any = try Trigger("messageId != 7")
            let rules = [
                MappingRule(
                    name: "open", kind: .own(any), isEnabled: nil, eventName: .standard(.lead),
                    fields: try FieldMapping(open)),
                MappingRule(
                    name: "items", kind: .own(any), isEnabled: nil, eventName: .standard(.checkout),
                    fields: try FieldMapping(items)),
            ]
            return Self(MappingSettings(), PrivacyRules(), own: rules)
        } catch {
            fatalError("the rules do not compile: \(error)")
        }
    }
}

extension MappingSettings {
    /// Takes all that can be taken.
    fileprivate static var open: MappingSettings {
        var settings = MappingSettings()
        settings.sourceName = "web"
        settings.viewItemAs = .viewContent
        settings.screenAs = .pageVisit
        settings.unknownNames = AdvertiserEventName("other").map { .advertiserDefined($0) } ?? .custom
        settings.anonymousIDAsExternalID = true
        settings.clientIDAsExternalID = true
        settings.ipOverrideFromBrowser = true
        settings.partnerName = "ss-partner"
        return settings
    }
}

extension PrivacyRules {
    /// Refuses no one, keeps little, and knows where people live.
    fileprivate static var open: PrivacyRules {
        var rules = PrivacyRules()
        rules.consent = .respect
        rules.onDenial = .optOut
        rules.ldpStates = Set(["CA", "VA"].compactMap { StateCode($0) })
        rules.defaultRegion = CountryCode("US")
        rules.dayMonthOrder = .dayFirst
        rules.externalIDCase = .keep
        rules.dropsBots = false
        rules.limits.valueByteCount = 64
        rules.limits.valuesPerField = 2
        rules.limits.userAgentByteCount = 64
        return rules
    }
}
