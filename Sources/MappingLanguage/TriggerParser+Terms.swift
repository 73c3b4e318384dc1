// Values: literals, lists, fields and functions.
extension TriggerParser {
    /// Reads a value. A single word is a field, except where `afterLiteral` is false: on the right of `field =`, as the
    /// published presets write `type = track`, it is a text, unless it names a field that every event knows.
    mutating func term(afterLiteral isField: Bool) throws(MappingFault) -> TriggerTerm {
        let start = token
        switch start.kind {
        case .text(let text, _):
            advance()
            return .text(text)
        case .number(let value):
            advance()
            return .number(value)
        case .symbol(.openList): return try list()
        case .word(let word):
            if let literal = try keywordLiteral() { return literal }
            if let name = functionName { return try call(name) }
            advance()
            guard !isField, let single = word.single, !TriggerFields.known.contains(single) else {
                return .path(word.steps)
            }
            return bareText(single, start)
        default: throw fault("a field, a function, a text in quotes, a number, true, false or null")
        }
    }

    /// What stands on the right of `in`.
    mutating func container() throws(MappingFault) -> TriggerTerm {
        let place = token.range
        let term = try term(afterLiteral: true)
        switch term {
        case .list, .path: return term
        default: throw source.fault(place, expected: "a list such as [\"a\", \"b\"] or a field that holds one")
        }
    }

    private mutating func keywordLiteral() throws(MappingFault) -> TriggerTerm? {
        let literal: TriggerTerm
        switch token.keyword {
        case nil: return nil
        case .true: literal = .bool(true)
        case .false: literal = .bool(false)
        case .null: literal = .null
        case .and, .or, .not, .in:
            throw fault("a field or a value (a field of this name is written with a backslash before it)")
        }
        advance()
        return literal
    }

    private mutating func call(_ name: String) throws(MappingFault) -> TriggerTerm {
        guard let function = TriggerFunction(rawValue: name) else {
            let isPredicate = name == "contains" || name == "match"
            throw fault(isPredicate ? "a value" : "a function: contains, match, lowercase, length or typeof")
        }
        advance(by: 2)
        try descend()
        let argument = try term(afterLiteral: true)
        guard take(.close) else { throw fault("`)` behind the value of \(name)") }
        leave()
        return .call(function, argument)
    }

    private mutating func list() throws(MappingFault) -> TriggerTerm {
        let open = token.range.lowerBound
        advance()
        try descend()
        var elements: [TriggerTerm] = []
        if !take(.closeList) {
            repeat { elements.append(try element()) } while take(.comma)
            guard take(.closeList) else { throw fault("`,` or `]`") }
        }
        leave()
        guard elements.count <= TriggerLimits.listCount else {
            throw source.fault(at: open, "a list of \(elements.count) elements; the most is \(TriggerLimits.listCount)")
        }
        return .list(elements)
    }

    private mutating func element() throws(MappingFault) -> TriggerTerm {
        let start = token
        let element = try term(afterLiteral: true)
        switch element {
        case .path(let steps) where steps.count == 1: return bareText(steps[0], start)
        case .path, .call: throw source.fault(start.range, expected: "a text, a number, true, false or null in a list")
        default: return element
        }
    }

    private mutating func bareText(_ text: [UInt8], _ token: TriggerToken) -> TriggerTerm {
        guard notes.count < TriggerLimits.warningCount else { return .text(text) }
        let word = source.quoted(token.range)
        notes.append(
            "\(source.place(token.range.lowerBound)): \(word) without quotes is read as a text, as Segment's own reader "
                + "does; its documentation has it as a field")
        return .text(text)
    }
}

/// Top-level fields of every event, by Segment's and by GA4's common event data.
enum TriggerFields {
    static let known = names([
        "type", "event", "name", "userId", "anonymousId", "messageId", "groupId", "previousId", "timestamp",
        "originalTimestamp", "sentAt", "receivedAt", "properties", "traits", "context", "integrations", "event_name",
        "client_id", "user_id",
    ])
    /// The fields that Segment's own reader knows; every other condition is left out there.
    static let lenient = names(["type", "event", "name", "userId", "properties", "traits", "context"])

    private static func names(_ names: [String]) -> Set<[UInt8]> { Set(names.map { Array($0.utf8) }) }
}
