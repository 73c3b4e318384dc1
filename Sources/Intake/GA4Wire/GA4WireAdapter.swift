public import RelayModel

/// Browser hits on `/g/collect`, single and batched (`ga4-wire.md` 1): each becomes sGTM common event data.
///
/// It keeps its lists between calls, so one adapter serves one thread.
public struct GA4WireAdapter: IntakeAdapter, Sendable {
    public static let routes: [IntakeRoute] = [.ga4Collect]

    /// The measurement id (`tid`) of the last decoded call's first event: of the query, a wrapped query, or the line.
    public private(set) var measurementID = TextRef.none
    /// The last decoded call asked for a streamed answer (`richsstsse`).
    public private(set) var asksForStream = false

    private let limits: GA4WireLimits
    private var payload = GA4WirePayload()
    private var writer = GA4EventWriter()
    private var content = GA4HitContent()

    public init(limits: GA4WireLimits = GA4WireLimits()) { self.limits = limits }

    public mutating func decode(
        _ call: IntakeCall, body: Span<UInt8>, parser: inout some JSONParsing, tape: inout EventTape,
        into items: inout [IntakeItem]
    ) throws(IntakeFault) {
        (measurementID, asksForStream) = (.none, false)
        guard body.count <= limits.bodyByteCount, call.query.count <= limits.queryByteCount else {
            throw .bodyTooLarge
        }
        let start = items.count
        do throws(IntakeFault) {
            try decodeHit(call, body, &tape, &items)
        } catch {
            items.removeLast(items.count - start)
            throw error
        }
    }

    private mutating func decodeHit(
        _ call: IntakeCall, _ body: Span<UInt8>, _ tape: inout EventTape, _ items: inout [IntakeItem]
    ) throws(IntakeFault) {
        try payload.readQuery(call.query, on: &tape, limits: limits)
        var lines = GA4BodyLines(call.isPost ? tape.append(body) : .none, on: tape)
        if let query = lines.takeWrappedQuery(on: tape) {
            guard query.count <= limits.queryByteCount else { throw .bodyTooLarge }
            try payload.readWrappedQuery(query, on: &tape, limits: limits)
        }
        asksForStream = payload.holds("richsstsse", on: tape)
        var index = 0
        while let line = lines.next(on: tape) {
            guard index < limits.eventCount else { throw .tooManyItems }
            try payload.readLine(line, on: &tape, limits: limits)
            items.append(try item(index, call, &tape))
            index += 1
        }
        if index == 0 { items.append(try item(0, call, &tape)) }
    }

    private mutating func item(
        _ index: Int, _ call: IntakeCall, _ tape: inout EventTape
    ) throws(IntakeFault) -> IntakeItem {
        guard tape.matches(payload.value("v", on: tape), "2"), !payload.value("tid", on: tape).isEmpty else {
            throw .notAHit
        }
        let property = payload.value("tid", on: tape)
        if index == 0 { measurementID = property }
        let messageID = hitIdentity(index, &tape)
        let name = payload.value("en", on: tape)
        // The call belongs to one source, whose rules are no other property's.
        guard tape[property] == tape[measurementID] else {
            let detail = tape.append("a line's tid must be that of its call".utf8)
            return .bad(BadItem(.notAnEvent, name: name, messageID: messageID, detail: detail))
        }
        guard !name.isEmpty else { return .bad(BadItem(.missingEventName, messageID: messageID)) }
        let root = writer.write(payload.parameters, onto: &tape, limits: limits)
        var event = SourceEvent(kind: .ga4Hit, root: root, call: call.facts)
        event.call.isBrowserCall = true
        event.name = name
        event.messageID = messageID
        event.hitContent = content.write(payload, onto: &tape)
        event.followsConsentUpdate = tape.matches(payload.value("gcu", on: tape), "1")
        event.consent = ConsentSignal(
            gcs: tape[payload.value("gcs", on: tape)], gcd: tape[payload.value("gcd", on: tape)],
            deniesPersonalization: tape.matches(payload.value("npa", on: tape), "1"))
        return .event(event)
    }

    /// A hit's own identity (`mapping.md` 4.1, 9.13): `tid`, `cid`, `_p`, `_s`, line index, `en`. Without page id or
    /// request counter two different hits would look alike, so there is none then.
    private func hitIdentity(_ index: Int, _ tape: inout EventTape) -> TextRef {
        let parts = (payload.value("cid", on: tape), payload.value("_p", on: tape), payload.value("_s", on: tape))
        guard !parts.0.isEmpty, !parts.1.isEmpty, !parts.2.isEmpty else { return .none }
        let (tid, name) = (payload.value("tid", on: tape), payload.value("en", on: tape))
        return tape.append { bytes in
            for part in [tid, parts.0, parts.1, parts.2] {
                for offset in part.range { bytes.append(bytes[offset]) }
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(contentsOf: "\(index),".utf8)
            for offset in name.range { bytes.append(bytes[offset]) }
        }
    }
}
