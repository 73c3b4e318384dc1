import RelayModel
import WireCodec

/// The body `{"client_id": ..., "events": [{"name": ..., "params": {...}}]}` (`ga4-wire.md` 2),
/// and what its query adds.
struct MeasurementProtocolPayload {
    private let root: TapeNode
    /// What the root says for all events, in the order of ``MeasurementProtocolFields/shared``.
    private let shared: [(name: StaticString, value: TapeNode)]
    /// An array, or the one event of a sender that forgot the array.
    private let events: TapeNode
    private let isArray: Bool
    let consent: ConsentSignal
    /// Values of ``MeasurementProtocolFields/fromQuery``, in its order.
    private let queryValues: [TextRef]

    init(
        _ root: TapeNode, query: TextRef, on tape: inout EventTape, limits: MeasurementProtocolLimits
    ) throws(IntakeFault) {
        guard tape.kind(root) == .object else { throw .notAnObject }
        guard let events = tape.value(root, "events") else { throw .eventsMissing }
        isArray = tape.kind(events) == .array
        guard isArray || tape.kind(events) == .object else { throw .eventsMissing }
        guard tape.elementCount(events) <= limits.eventCount else { throw .tooManyItems }
        let ownByteCount = tape.approximateByteCount(root) - tape.approximateByteCount(events)
        guard ownByteCount <= limits.sharedByteCount else { throw .bodyTooLarge }
        self.root = root
        var shared: [(StaticString, TapeNode)] = []
        for name in MeasurementProtocolFields.shared {
            if let value = tape.value(root, name) { shared.append((name, value)) }
        }
        self.shared = shared
        self.events = events
        consent = ConsentSignal(body: root, on: tape)
        queryValues = MeasurementProtocolFields.fromQuery.map { tape.queryValue(query, $0.query) }
    }

    func firstEvent(on tape: borrowing EventTape) -> TapeNode? { isArray ? tape.firstElement(events) : events }

    func event(after event: TapeNode, on tape: borrowing EventTape) -> TapeNode? {
        isArray ? tape.nextElement(after: event, in: events) : nil
    }

    /// Writes an event as sGTM common event data: its parameters at top level, then what the body says for all.
    func write(_ event: TapeNode, name: TextRef, onto tape: inout EventTape) -> TapeNode {
        let data = tape.openObject()
        tape.key("event_name")
        tape.string(name)
        let params = tape.value(event, "params")
        if let params { copyMembers(of: params, &tape) }
        copyTime(of: event, params, &tape)
        for (name, value) in shared where params.flatMap({ tape.value($0, name) }) == nil {
            tape.key(name)
            tape.copy(value)
        }
        copyRemaining(&tape)
        tape.close()
        return data
    }

    private func copyMembers(of params: TapeNode, _ tape: inout EventTape) {
        var cursor = tape.firstMember(params)
        while let member = cursor {
            if !tape.matches(tape.key(member), "event_name") {
                tape.key(of: member)
                tape.copy(member.value)
            }
            cursor = tape.nextMember(after: member, in: params)
        }
    }

    private func copyTime(of event: TapeNode, _ params: TapeNode?, _ tape: inout EventTape) {
        guard params.flatMap({ tape.value($0, "timestamp_micros") }) == nil else { return }
        guard let time = tape.value(event, "timestamp_micros") ?? tape.value(root, "timestamp_micros") else { return }
        tape.key("timestamp_micros")
        tape.copy(time)
    }

    private func copyRemaining(_ tape: inout EventTape) {
        if let properties = tape.value(root, "user_properties") {
            tape.key("x-ga-mp2-user_properties")
            tape.copy(properties)
        }
        for (field, value) in zip(MeasurementProtocolFields.fromQuery, queryValues) where !value.isEmpty {
            tape.key(field.member)
            tape.string(value)
        }
    }
}
