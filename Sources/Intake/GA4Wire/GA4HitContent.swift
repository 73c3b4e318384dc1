import RelayModel

/// What a hit says, apart from when and under which consent: property, client, page, event name, and the event's
/// parameters with items, currency and page address. The tag sends a hit again after a consent update with all of this
/// as it was and another request counter (`ga4-wire.md` 1.10).
///
/// It keeps its lists between hits.
struct GA4HitContent: Sendable {
    private var eventParameters: [GA4Parameter] = []
    private var parts: [TextRef] = []

    /// Writes the content onto the tape, in an order that does not depend on the sender's.
    /// - Returns: absent for a hit without client or page, which cannot be told from other hits.
    mutating func write(_ payload: GA4WirePayload, onto tape: inout EventTape) -> TextRef {
        let (client, page) = (payload.value("cid", on: tape), payload.value("_p", on: tape))
        guard !client.isEmpty, !page.isEmpty else { return .none }
        parts.removeAll(keepingCapacity: true)
        parts.append(client)
        parts.append(page)
        parts.append(payload.value("tid", on: tape))
        parts.append(payload.value("en", on: tape))
        parts.append(payload.value("dl", on: tape))
        parts.append(payload.value("cu", on: tape))
        addEventParameters(payload)
        return tape.append { bytes in
            for part in parts {
                // The length stands before each part, so that no two lists of parts look alike.
                for shift in stride(from: 0, to: 32, by: 8) {
                    bytes.append(UInt8(truncatingIfNeeded: part.count >> shift))
                }
                for offset in part.range { bytes.append(bytes[offset]) }
            }
        }
    }

    private mutating func addEventParameters(_ payload: GA4WirePayload) {
        eventParameters.removeAll(keepingCapacity: true)
        for parameter in payload.parameters where parameter.isOfEvent { eventParameters.append(parameter) }
        eventParameters.sort { $0.keyHash < $1.keyHash }
        for parameter in eventParameters {
            parts.append(parameter.key)
            parts.append(parameter.value)
        }
    }
}

extension GA4Parameter {
    /// Parameters of the event itself; `user_data` is the person's.
    fileprivate var isOfEvent: Bool {
        switch place {
        case .eventText, .eventNumber, .item: true
        default: false
        }
    }
}
