import RelayModel
import WireCodec

// `@json`, and the writing of the result.
extension MappingRun {
    mutating func encodeJSON(_ value: Resolved, _ tape: inout EventTape) throws(MappingRunFault) -> Resolved {
        guard kind(value, tape) != .absent else { return .absent }
        var json = JSONWriter()
        try encode(value, &json, tape)
        try reserve(json.bytes.count, tape)
        return .text(.tape(tape.append(json.bytes.span)))
    }

    private mutating func encode(
        _ value: Resolved, _ json: inout JSONWriter, _ tape: borrowing EventTape
    ) throws(MappingRunFault) {
        try enter()
        defer { leave() }
        try reserve(json.bytes.count, tape)
        switch kind(value, tape) {
        case .absent, .null: json.null()
        case .boolean: json.bool(bool(value, tape) == true)
        case .number:
            if number(value, tape)?.isFinite == true { json.raw(numberText(value, tape).span) } else { json.null() }
        case .text: if let text = text(value, tape) { tape.withSpan(of: text) { json.string($0) } }
        case .list:
            json.beginArray()
            for element in elements(value, tape) { try encode(element, &json, tape) }
            json.endArray()
        case .object:
            json.beginObject()
            for member in members(value, tape) {
                if case .absent = member.value { continue }
                tape.withSpan(of: member.key) { json.key($0) }
                try encode(member.value, &json, tape)
            }
            json.endObject()
        }
    }

    /// What is no text, and a text that is no JSON, stays as it is.
    mutating func decodeJSON(_ value: Resolved, _ tape: inout EventTape) throws(MappingRunFault) -> Resolved {
        guard let text = text(value, tape) else { return value }
        // Decoding writes the text's parts anew, each behind its length: about as much again as the text.
        try reserve(text.byteCount, tape)
        let ref: TextRef
        switch text {
        case .tape(let own): ref = own
        case .constant(let bytes): ref = tape.append(bytes.span)
        }
        let node = JSONTextReader.read(ref, maximumDepth: limits.decodedDepth, on: &tape)
        try checkWordCount(tape)
        return node.map { .node($0) } ?? value
    }

    // MARK: The result

    /// Writes what the mapping resolved to. A value that stands on the tape already is the result itself.
    mutating func write(_ value: Resolved, _ tape: inout EventTape) throws(MappingRunFault) -> TapeNode? {
        switch value {
        case .absent: nil
        case .node(let node): node
        default: try writeValue(value, &tape)
        }
    }

    @discardableResult
    private mutating func writeValue(
        _ value: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> TapeNode {
        try enter()
        defer { leave() }
        try checkWordCount(tape)
        switch value {
        case .absent, .null: return tape.null()
        case .bool(let value): return tape.bool(value)
        case .number(let number): return number.isFinite ? tape.number(number) : tape.null()
        case .text(let text): return try writeText(text, &tape)
        case .node(let node): return tape.copy(node)
        case .list(let elements): return try writeList(elements, &tape)
        case .object(let object): return try writeObject(object, &tape)
        }
    }

    private func writeText(_ text: ScratchText, _ tape: inout EventTape) throws(MappingRunFault) -> TapeNode {
        try reserve(text.byteCount + 4, tape)
        switch text {
        case .constant(let bytes): return tape.string(copying: bytes.span)
        case .tape(let ref): return tape.string(ref)
        }
    }

    // A fault may end a list or an object halfway. It is closed then, and belongs to no value.

    private mutating func writeList(
        _ elements: [Resolved], _ tape: inout EventTape
    ) throws(MappingRunFault) -> TapeNode {
        let list = tape.openArray()
        do throws(MappingRunFault) {
            for element in elements { try writeValue(element, &tape) }
        } catch {
            tape.close()
            throw error
        }
        tape.close()
        return list
    }

    private mutating func writeObject(
        _ object: ScratchObject, _ tape: inout EventTape
    ) throws(MappingRunFault) -> TapeNode {
        let node = tape.openObject()
        do throws(MappingRunFault) {
            let members = object.members.span
            for index in members.indices {
                if case .absent = members[index].value { continue }
                switch members[index].key {
                case .constant(let bytes): tape.key(bytes.span)
                case .tape(let ref): tape.key(ref)
                }
                try writeValue(members[index].value, &tape)
            }
        } catch {
            tape.close()
            throw error
        }
        tape.close()
        return node
    }
}
