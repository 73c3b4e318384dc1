public import RelayModel

/// sGTM common event data as it stands in a tag manager's preview: what a hit has become before mappings see it. No
/// route takes it; `explain` and `test` do.
public enum GA4EventData {
    /// Appends the events of an object, or of an array of them.
    /// - Throws: why the text is no event data.
    public static func decode(
        _ body: Span<UInt8>, _ facts: CallFacts, parser: inout some JSONParsing, tape: inout EventTape,
        into items: inout [IntakeItem]
    ) throws(IntakeFault) {
        let root: TapeNode
        do throws(JSONFault) { root = try parser.parse(body, onto: &tape) } catch { throw IntakeFault(error) }
        switch tape.kind(root) {
        case .object: items.append(item(root, facts, &tape))
        case .array:
            var cursor = tape.firstElement(root)
            while let element = cursor {
                items.append(item(element, facts, &tape))
                cursor = tape.nextElement(after: element, in: root)
            }
        default: throw .notAnObject
        }
    }

    private static func item(_ root: TapeNode, _ facts: CallFacts, _ tape: inout EventTape) -> IntakeItem {
        guard tape.kind(root) == .object else { return .bad(BadItem(.notAnEvent)) }
        let name = text("event_name", of: root, tape)
        guard !name.isEmpty else { return .bad(BadItem(.missingEventName)) }
        var event = SourceEvent(kind: .ga4Hit, root: root, call: facts)
        // What the hit's request said of its sender stands in the data itself.
        event.call.isBrowserCall = true
        event.call.address = text("ip_override", of: root, tape)
        event.call.userAgent = text("user_agent", of: root, tape)
        event.name = name
        event.messageID = identity(of: root, name, &tape)
        event.consent = ConsentSignal(
            gcs: tape[text("x-ga-gcs", of: root, tape)], gcd: tape[text("x-ga-gcd", of: root, tape)],
            deniesPersonalization: tape.matches(text("x-ga-npa", of: root, tape), "1"))
        return .event(event)
    }

    /// The identity of a single hit with these parts, as ``GA4WireAdapter`` gives it.
    private static func identity(of root: TapeNode, _ name: TextRef, _ tape: inout EventTape) -> TextRef {
        let parts = [
            text("x-ga-measurement_id", of: root, tape), text("client_id", of: root, tape),
            text("x-ga-page_id", of: root, tape), text("x-ga-request_count", of: root, tape),
        ]
        guard parts.allSatisfy({ !$0.isEmpty }) else { return .none }
        return tape.append { bytes in
            for part in parts {
                for offset in part.range { bytes.append(bytes[offset]) }
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(contentsOf: "0,".utf8)
            for offset in name.range { bytes.append(bytes[offset]) }
        }
    }

    private static func text(_ key: StaticString, of root: TapeNode, _ tape: borrowing EventTape) -> TextRef {
        tape.member(root, key).map { tape.string($0) } ?? .none
    }
}
