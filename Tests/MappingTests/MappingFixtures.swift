import JSONTape
import Mapping
@_spi(OpenPersonalText) import RelayModel

/// 2026-11-21T12:00:00Z in microseconds: the time of receipt in these tests.
let now: Int64 = 1_795_262_400_000_000

/// What a mapping gave, as plain text by upstream field name; lists are joined by `|`.
struct Outcome {
    var reason: NotSentReason?
    /// Own mappings that could not be applied, with what they say.
    var failures: [String] = []
    /// Results that are not sent beside others that are.
    var notSent: [NotSentReason] = []
    /// Results that gave way: mapping and event name.
    var drops: [String] = []
    /// The mappings that made the events.
    var mappings: [String] = []
    var events: [[String: String]] = []
    var warnings: [String] = []
    var trace: [String: String] = [:]
    var losses: [String] = []
    var containers: Set<String> = []
    /// The host of the only event's landing page.
    var landingHost = ""

    /// A field of the only event; nil when it is absent.
    subscript(_ field: String) -> String? { events.count == 1 ? events[0][field] : nil }

    var name: String? { self["event_name"] }
}

/// Maps one event given as JSON. `context` of a batch, the call's facts and settings are set where a test is about them.
func map(
    _ json: String, _ kind: SourceKind, settings: MappingSettings = MappingSettings(), rules: [MappingRule] = [],
    batchContext: String? = nil, call: (inout CallFacts, inout EventTape) -> Void = { _, _ in }, tracing: Bool = false
) throws -> Outcome {
    var tape = EventTape()
    let document = batchContext.map { "{\"event\":\(json),\"context\":\($0)}" } ?? "{\"event\":\(json)}"
    let outer = try JSONTapeParser().parse(Array(document.utf8).span, onto: &tape)
    guard let root = tape.value(outer, "event") else { throw JSONFault.malformed }
    var facts = CallFacts(receivedAtMicros: now)
    facts.isBrowserCall = kind == .ga4Hit
    call(&facts, &tape)
    var event = SourceEvent(kind: kind, root: root, call: facts)
    event.name = text(tape, root, kind.isSegment ? "event" : "event_name")
    event.batchContext = tape.value(outer, "context")
    event.messageID = text(tape, root, kind.isSegment ? "messageId" : "_hit")
    event.sentAt = text(tape, root, "sentAt")
    var out = MappingResults()
    var hashing = RecordingHash()
    var trace: MappingTrace? = tracing ? MappingTrace() : nil
    var outcome = Outcome()
    let table = MappingTable(settings, rules: rules)
    outcome.reason = table.map(event, on: &tape, hashing: &hashing, into: &out, trace: &trace)
    outcome.events = out.events.map { render($0, tape) }
    outcome.failures = out.failures.map { "\($0.mapping): \($0.message)" }
    outcome.notSent = out.notSent
    outcome.drops = trace?.drops.map { "\($0.mapping) \($0.eventName)" } ?? []
    outcome.mappings = trace?.events.map(\.mapping) ?? []
    if out.events.count == 1 { outcome.landingHost = tape.copyString(out.events[0].landingHost) }
    outcome.warnings = out.events.flatMap(\.warnings).map { "\($0.field) \($0.kind.rawValue)" }
    for event in trace?.events ?? [] {
        for entry in event.entries { outcome.trace[entry.field] = entry.origin }
        outcome.losses += event.losses.map { "\($0.field) <- \($0.path) \($0.given): \($0.kind.rawValue)" }
        outcome.containers.formUnion(event.containers)
    }
    return outcome
}

/// A Segment `track` call.
func track(
    _ json: String, settings: MappingSettings = MappingSettings(), batchContext: String? = nil,
    call: (inout CallFacts, inout EventTape) -> Void = { _, _ in }, tracing: Bool = false
) throws -> Outcome {
    try map(json, .segmentTrack, settings: settings, batchContext: batchContext, call: call, tracing: tracing)
}

/// A Segment `track` call of `Order Completed` with these properties.
func order(_ properties: String, settings: MappingSettings = MappingSettings()) throws -> Outcome {
    try track("{\"event\":\"Order Completed\",\"messageId\":\"m\",\"properties\":\(properties)}", settings: settings)
}

/// A GA4 browser hit given as event data; `members` are those beside the name.
func hit(
    _ name: String, _ members: String = "", settings: MappingSettings = MappingSettings(),
    call: (inout CallFacts, inout EventTape) -> Void = { _, _ in }, tracing: Bool = false
) throws -> Outcome {
    let rest = members.isEmpty ? "" : "," + members
    return try map(
        "{\"event_name\":\"\(name)\"\(rest)}", .ga4Hit, settings: settings, call: call, tracing: tracing)
}

/// Stands in for SHA-256: mixes the bytes well enough to tell inputs apart.
struct RecordingHash: TextHashing {
    mutating func sha256(_ bytes: Span<UInt8>) -> HashedValue {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return HashedValue(words: (state, state &* 3, state &* 5, state &* 7))
    }
}

private func text(_ tape: borrowing EventTape, _ root: TapeNode, _ key: StaticString) -> TextRef {
    tape.value(root, key).map { tape.string($0) } ?? .none
}

// MARK: Rendering

private func render(_ event: MappedEvent, _ tape: borrowing EventTape) -> [String: String] {
    var fields: [String: String] = [:]
    func set(_ field: String, _ ref: TextRef) { if !ref.isEmpty { fields[field] = tape.copyString(ref) } }
    func set(_ field: String, _ values: PersonalValues) {
        var texts: [String] = []
        values.forEach { texts.append(tape.copyString($0.ref)) }
        if !texts.isEmpty { fields[field] = texts.joined(separator: "|") }
    }
    switch event.name {
    case .standard(let name): fields["event_name"] = name.apiName.description
    case .advertiserDefined(let ref): set("event_name", ref)
    }
    set("event_id", event.eventID)
    fields["event_time"] = String(event.eventTime)
    fields["action_source"] = event.actionSource.apiName.description
    set("event_source_url", event.sourceURL.ref)
    if event.optOut { fields["opt_out"] = "true" }
    set("language", event.language)
    set("partner_name", event.partnerName)
    set("partner_id", event.partnerID)
    set("click_id", event.clickID)
    set("em", event.person.em)
    set("ph", event.person.ph)
    set("fn", event.person.fn)
    set("ln", event.person.ln)
    set("ge", event.person.ge)
    set("db", event.person.db)
    set("ct", event.person.ct)
    set("st", event.person.st)
    set("zp", event.person.zp)
    set("country", event.person.country)
    set("external_id", event.person.externalID)
    set("hashed_maids", event.person.maids)
    set("client_ip_address", event.person.address.ref)
    set("client_user_agent", event.person.userAgent.ref)
    let custom = event.custom
    set("currency", custom.currency)
    set("value", custom.value)
    if !custom.contentIDs.isEmpty {
        fields["content_ids"] = custom.contentIDs.map { tape.copyString($0) }.joined(separator: "|")
    }
    if !custom.contents.isEmpty {
        fields["contents"] = custom.contents.map { render($0, tape) }.joined(separator: "|")
    }
    if let count = custom.numItems { fields["num_items"] = String(count) }
    set("order_id", custom.orderID)
    set("search_string", custom.searchString)
    set("opt_out_type", custom.optOutType)
    set("content_name", custom.contentName)
    set("content_category", custom.contentCategory)
    set("content_brand", custom.contentBrand)
    set("predicted_ltv", custom.predictedLTV)
    set("np", custom.namedPartner)
    let app = event.app
    set("app_id", app.appID)
    set("app_name", app.appName)
    set("app_version", app.appVersion)
    set("device_brand", app.deviceBrand)
    set("device_carrier", app.deviceCarrier)
    set("device_model", app.deviceModel)
    set("device_type", app.deviceType)
    set("os_version", app.osVersion)
    if let wifi = app.wifi { fields["wifi"] = String(wifi) }
    if let node = app.appInfo { fields["app_info"] = "\(tape.elementOrMemberCount(node))" }
    if let node = app.deviceInfo { fields["device_info"] = "\(tape.elementOrMemberCount(node))" }
    return fields
}

/// `id:name:price:quantity:category:brand`, with nothing where a part is absent.
private func render(_ item: ContentItem, _ tape: borrowing EventTape) -> String {
    let texts = [item.id, item.itemName, item.itemPrice].map { tape.copyString($0) }
    let more = [item.itemCategory, item.itemBrand].map { tape.copyString($0) }
    return (texts + [item.quantity.map { String($0) } ?? ""] + more).joined(separator: ":")
}

extension EventTape {
    fileprivate func elementOrMemberCount(_ node: TapeNode) -> Int {
        var count = 0
        var cursor = firstMember(node)
        while let member = cursor {
            count += 1
            cursor = nextMember(after: member, in: node)
        }
        return count
    }
}
