public import RelayModel

/// Events that are already in Pinterest's shape, on `/v5/ad_accounts/{id}/events` (`design.md` 5): each one that fits
/// the upstream's schema becomes a source event with the upstream's own object as its root.
///
/// One event's fault is that event's alone: it becomes a bad item in its place, with what is wrong. A body that is no
/// list of events is refused whole.
public struct PinterestEventsAdapter: IntakeAdapter, Sendable {
    public static let routes: [IntakeRoute] = [.pinterestEvents]

    private let limits: PinterestEventsLimits

    public init(limits: PinterestEventsLimits = PinterestEventsLimits()) { self.limits = limits }

    public mutating func decode(
        _ call: IntakeCall, body: Span<UInt8>, parser: inout some JSONParsing, tape: inout EventTape,
        into items: inout [IntakeItem]
    ) throws(IntakeFault) {
        guard body.count <= limits.byteCount else { throw .bodyTooLarge }
        let root: TapeNode
        do throws(JSONFault) { root = try parser.parse(body, onto: &tape) } catch { throw IntakeFault(error) }
        let payload = try PinterestEventsPayload(root, on: tape, limits: limits)
        let mayHoldLargeEvent = body.count > limits.eventByteCount
        var cursor = tape.firstElement(payload.events)
        while let event = cursor {
            let isLarge = mayHoldLargeEvent && tape.approximateByteCount(event) > limits.eventByteCount
            items.append(item(event, isLarge: isLarge, call.facts, &tape))
            cursor = tape.nextElement(after: event, in: payload.events)
        }
    }

    private func item(
        _ event: TapeNode, isLarge: Bool, _ facts: CallFacts, _ tape: inout EventTape
    ) -> IntakeItem {
        guard tape.kind(event) == .object else {
            return .bad(BadItem(.notAnEvent, detail: tape.append("an event must be an object".utf8)))
        }
        let name = tape.value(event, "event_name").map { tape.string($0) } ?? .none
        let id = tape.value(event, "event_id").map { tape.string($0) } ?? .none
        if isLarge { return .bad(BadItem(.tooLarge, name: name, messageID: id)) }
        if let fault = PinterestEventsCheck.fault(in: event, on: tape) {
            return .bad(BadItem(.schema, name: name, messageID: id, detail: tape.append(fault.utf8)))
        }
        // The event id is no message id: two events of different names may share it.
        var source = SourceEvent(kind: .pinterestEvent, root: event, call: facts)
        source.name = name
        return .event(source)
    }
}
