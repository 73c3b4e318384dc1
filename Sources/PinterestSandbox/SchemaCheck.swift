import RelayModel

/// Where and how a body breaks the schema. It names keys and never shows a value.
struct SchemaFault: Error, Equatable {
    /// From the outermost key inwards: built while the check unwinds, so a good body costs nothing.
    private var path: [String] = []
    private let text: String

    init(_ text: String) { self.text = text }

    func within(_ component: String) -> SchemaFault {
        var outer = self
        outer.path.insert(component, at: 0)
        return outer
    }

    /// As `data[0].custom_data.value: not of type 'string'`.
    var message: String {
        var place = ""
        for component in path { place += component.hasPrefix("[") || place.isEmpty ? component : "." + component }
        return place.isEmpty ? text : "\(place): \(text)"
    }
}

/// Holds a value on a tape against an ``ObjectSchema``. The first fault ends it.
struct SchemaCheck {
    static func object(
        _ node: TapeNode, _ schema: ObjectSchema, on tape: borrowing EventTape
    ) throws(SchemaFault) {
        guard tape.kind(node) == .object else { throw SchemaFault("not of type 'object'") }
        var seen: UInt64 = 0
        var filled: UInt64 = 0
        var cursor = tape.firstMember(node)
        while let member = cursor {
            let key = tape.key(member)
            if let index = schema.index(of: tape[key]) {
                let bit: UInt64 = 1 << UInt64(index)
                guard seen & bit == 0 else { throw SchemaFault("'\(schema.fields[index].name)' is there twice") }
                seen |= bit
                if try !field(member.value, schema.fields[index], on: tape) { filled |= bit }
            } else if schema.isClosed {
                let name = tape.copyString(key).prefix(80)
                throw SchemaFault("Additional properties are not allowed ('\(name)' was unexpected)")
            }
            cursor = tape.nextMember(after: member, in: node)
        }
        try completeness(schema, seen: seen, filled: filled)
    }

    private static func completeness(_ schema: ObjectSchema, seen: UInt64, filled: UInt64) throws(SchemaFault) {
        let missing = schema.requiredMask & ~seen
        if missing != 0 {
            throw SchemaFault("'\(schema.fields[missing.trailingZeroBitCount].name)' is a required property")
        }
        guard schema.alternatives.isEmpty || schema.alternatives.contains(where: { $0 & ~filled == 0 }) else {
            throw SchemaFault("not valid under any of the given schemas")
        }
    }

    /// - Returns: true when the value is an empty array or text: present, but nothing for the minimum-data rule.
    private static func field(
        _ node: TapeNode, _ field: SchemaField, on tape: borrowing EventTape
    ) throws(SchemaFault) -> Bool {
        if field.isNullable, tape.kind(node) == .null { return true }
        do throws(SchemaFault) {
            return try value(node, field.type, on: tape)
        } catch {
            throw error.within(field.name.description)
        }
    }

    private static func value(
        _ node: TapeNode, _ type: SchemaType, on tape: borrowing EventTape
    ) throws(SchemaFault) -> Bool {
        switch type {
        case .text(let max):
            return try text(node, max: max, on: tape).isEmpty
        case .choice(let choices):
            let chosen = try text(node, max: .max, on: tape)
            guard choices.contains(where: { $0.equals(tape[chosen]) }) else { throw SchemaFault("not one of the enum") }
        case .integer(let range):
            guard tape.isWholeLiteral(node) else { throw SchemaFault("not of type 'integer'") }
            guard let number = tape.integer(node), range.contains(number) else { throw SchemaFault("out of range") }
        case .bool:
            guard tape.kind(node) == .bool else { throw SchemaFault("not of type 'boolean'") }
        case .texts(let max):
            return try texts(node, max: max, on: tape) == 0
        case .object(let schema):
            try object(node, schema, on: tape)
        case .objects(let schema, let count):
            try objects(node, schema, count, on: tape)
        }
        return false
    }

    private static func text(_ node: TapeNode, max: Int, on tape: borrowing EventTape) throws(SchemaFault) -> TextRef {
        guard tape.kind(node) == .string else { throw SchemaFault("not of type 'string'") }
        let text = tape.string(node)
        // The schema counts characters; continuation bytes are none.
        guard Int(text.count) <= max || tape[text].count(where: { $0 & 0xC0 != 0x80 }) <= max else {
            throw SchemaFault("too long")
        }
        return text
    }

    private static func texts(_ node: TapeNode, max: Int, on tape: borrowing EventTape) throws(SchemaFault) -> Int {
        guard tape.kind(node) == .array else { throw SchemaFault("not of type 'array'") }
        var count = 0
        var cursor = tape.firstElement(node)
        while let element = cursor {
            guard tape.kind(element) == .string else { throw SchemaFault("not of type 'string'").within("[\(count)]") }
            count += 1
            cursor = tape.nextElement(after: element, in: node)
        }
        guard count <= max else { throw SchemaFault("too many items") }
        return count
    }

    private static func objects(
        _ node: TapeNode, _ schema: ObjectSchema, _ bounds: ClosedRange<Int>, on tape: borrowing EventTape
    ) throws(SchemaFault) {
        guard tape.kind(node) == .array else { throw SchemaFault("not of type 'array'") }
        guard bounds.contains(tape.elementCount(node)) else { throw SchemaFault("too few or too many items") }
        var index = 0
        var cursor = tape.firstElement(node)
        while let element = cursor {
            do throws(SchemaFault) {
                try object(element, schema, on: tape)
            } catch {
                throw error.within("[\(index)]")
            }
            index += 1
            cursor = tape.nextElement(after: element, in: node)
        }
    }
}
