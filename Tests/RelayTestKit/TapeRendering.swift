import JSONTape
public import RelayModel

/// Writes a value of a tape back as compact JSON, so that a test can compare what was decoded with what it expects.
/// Decimal numbers are written as their text, so `1.50` and `1.5` differ.
public func renderJSON(_ tape: borrowing EventTape, _ node: TapeNode) -> String {
    switch tape.kind(node) {
    case .object:
        var members: [String] = []
        var cursor = tape.firstMember(node)
        while let member = cursor {
            members.append(quoted(tape.copyString(tape.key(member))) + ":" + renderJSON(tape, member.value))
            cursor = tape.nextMember(after: member, in: node)
        }
        return "{" + members.joined(separator: ",") + "}"
    case .array:
        var elements: [String] = []
        var cursor = tape.firstElement(node)
        while let element = cursor {
            elements.append(renderJSON(tape, element))
            cursor = tape.nextElement(after: element, in: node)
        }
        return "[" + elements.joined(separator: ",") + "]"
    case .string: return quoted(tape.copyString(tape.string(node)))
    case .number: return tape.copyNumberText(node)
    case .bool: return tape.bool(node) == true ? "true" : "false"
    case .null: return "null"
    }
}

/// Parses JSON text onto a fresh tape and hands both to the test.
public func withTape<Result>(
    _ json: String, _ body: (inout EventTape, TapeNode) throws -> Result
) throws -> Result {
    var tape = EventTape()
    let root = try JSONTapeParser().parse(Array(json.utf8).span, onto: &tape)
    return try body(&tape, root)
}

private func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": output += "\\\""
        case "\\": output += "\\\\"
        case "\n": output += "\\n"
        case "\r": output += "\\r"
        case "\t": output += "\\t"
        case ..<" ": output += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: output.unicodeScalars.append(scalar)
        }
    }
    return output + "\""
}
