import JSONTape
import Mapping
import MappingLanguage
import RelayModel

/// A mapping of one's own; `fields` is JSON.
func own(
    _ name: String, _ trigger: String, _ eventName: String?, _ json: String? = nil, isEnabled: Bool? = nil
) throws -> MappingRule {
    MappingRule(
        name: name, kind: .own(try Trigger(trigger)), isEnabled: isEnabled,
        eventName: eventName.flatMap { OutgoingName($0) }, fields: try json.map { try fields($0) })
}

func fields(_ json: String) throws -> FieldMapping { try FieldMapping(mappingValue(json)) }

/// JSON as a configuration would hold it.
func mappingValue(_ json: String) throws -> MappingValue {
    var tape = EventTape()
    let root = try JSONTapeParser().parse(Array("{\"value\":\(json)}".utf8).span, onto: &tape)
    guard let node = tape.member(root, "value") else { throw JSONFault.malformed }
    return value(node, &tape)
}

private func value(_ node: TapeNode, _ tape: inout EventTape) -> MappingValue {
    switch tape.kind(node) {
    case .null: return .null
    case .bool: return .bool(tape.bool(node) == true)
    case .number: return .number(tape.copyString(tape.scalarText(node)))
    case .string: return .text(tape.copyString(tape.string(node)))
    case .array:
        var items: [MappingValue] = []
        var cursor = tape.firstElement(node)
        while let element = cursor {
            items.append(value(element, &tape))
            cursor = tape.nextElement(after: element, in: node)
        }
        return .list(items)
    case .object:
        var members: [MappingMember] = []
        var cursor = tape.firstMember(node)
        while let member = cursor {
            members.append(MappingMember(tape.copyString(tape.key(member)), value(member.value, &tape)))
            cursor = tape.nextMember(after: member, in: node)
        }
        return .object(members)
    }
}
