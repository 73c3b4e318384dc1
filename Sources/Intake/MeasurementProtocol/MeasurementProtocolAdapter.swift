public import RelayModel

/// The GA4 Measurement Protocol on `/mp/collect` (`ga4-wire.md` 2): each event becomes sGTM common event data.
public struct MeasurementProtocolAdapter: IntakeAdapter, Sendable {
    public static let routes: [IntakeRoute] = [.measurementProtocol, .measurementProtocolDebug]

    private let limits: MeasurementProtocolLimits

    public init(limits: MeasurementProtocolLimits = MeasurementProtocolLimits()) { self.limits = limits }

    public mutating func decode(
        _ call: IntakeCall, body: Span<UInt8>, parser: inout some JSONParsing, tape: inout EventTape,
        into items: inout [IntakeItem]
    ) throws(IntakeFault) {
        guard body.count <= limits.byteCount else { throw .bodyTooLarge }
        let root = try Self.root(of: body, &parser, &tape)
        let payload = try MeasurementProtocolPayload(root, query: call.query, on: &tape, limits: limits)
        var cursor = payload.firstEvent(on: tape)
        while let event = cursor {
            items.append(item(event, payload, call, &tape))
            cursor = payload.event(after: event, on: tape)
        }
    }

    /// The body's type is not looked at: what is no JSON may still be a form.
    private static func root(
        of body: Span<UInt8>, _ parser: inout some JSONParsing, _ tape: inout EventTape
    ) throws(IntakeFault) -> TapeNode {
        do throws(JSONFault) {
            return try parser.parse(body, onto: &tape)
        } catch {
            guard error == .malformed,
                let root = MeasurementProtocolForm.read(body, parser: &parser, onto: &tape)
            else { throw IntakeFault(error) }
            return root
        }
    }

    private func item(
        _ event: TapeNode, _ payload: MeasurementProtocolPayload, _ call: IntakeCall, _ tape: inout EventTape
    ) -> IntakeItem {
        guard tape.kind(event) == .object else { return .bad(BadItem(.notAnEvent)) }
        let name = tape.value(event, "name").map { tape.string($0) } ?? .none
        guard !name.isEmpty else { return .bad(BadItem(.missingEventName)) }
        if let params = tape.value(event, "params"), tape.memberCount(params) > limits.parameterCount {
            return .bad(BadItem(.tooLarge, name: name))
        }
        var source = SourceEvent(
            kind: .measurementProtocol, root: payload.write(event, name: name, onto: &tape), call: call.facts)
        source.name = name
        source.consent = payload.consent
        return .event(source)
    }
}
