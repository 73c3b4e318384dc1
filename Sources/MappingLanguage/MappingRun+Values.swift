import RelayModel

/// JavaScript's types, by the names that faults use.
enum ResolvedKind: String {
    case absent = "undefined"
    case null, boolean, number, text, list, object
}

// What a value is, wherever it is held.
extension MappingRun {
    func kind(_ value: Resolved, _ tape: borrowing EventTape) -> ResolvedKind {
        switch value {
        case .absent: .absent
        case .null: .null
        case .bool: .boolean
        case .number: .number
        case .text: .text
        case .list: .list
        case .object: .object
        case .node(let node):
            switch tape.kind(node) {
            case .object: .object
            case .array: .list
            case .string: .text
            case .number: .number
            case .bool: .boolean
            case .null: .null
            }
        }
    }

    func text(_ value: Resolved, _ tape: borrowing EventTape) -> ScratchText? {
        switch value {
        case .text(let text): text
        case .node(let node): tape.kind(node) == .string ? .tape(tape.string(node)) : nil
        default: nil
        }
    }

    func number(_ value: Resolved, _ tape: borrowing EventTape) -> Double? {
        switch value {
        case .number(let number): number
        case .node(let node): tape.double(node)
        default: nil
        }
    }

    func bool(_ value: Resolved, _ tape: borrowing EventTape) -> Bool? {
        switch value {
        case .bool(let value): value
        case .node(let node): tape.bool(node)
        default: nil
        }
    }

    func isNullish(_ value: Resolved, _ tape: borrowing EventTape) -> Bool {
        switch value {
        case .absent, .null: true
        case .node(let node): tape.kind(node) == .null
        default: false
        }
    }

    /// What JavaScript takes for true.
    func isTruthy(_ value: Resolved, _ tape: borrowing EventTape) -> Bool {
        switch kind(value, tape) {
        case .absent, .null: false
        case .boolean: bool(value, tape) == true
        case .number: number(value, tape) != 0
        case .text: text(value, tape)?.byteCount != 0
        case .list, .object: true
        }
    }

    /// What `@if` takes for blank: absent, null, and what JavaScript loosely equates with the empty text.
    func isBlank(_ value: Resolved, _ tape: borrowing EventTape) -> Bool {
        kind(value, tape) == .list ? joinsToNothing(value, tape) : !isTruthy(value, tape)
    }

    /// True for a list whose text is empty: without elements, or with a single one that gives no text.
    private func joinsToNothing(_ list: Resolved, _ tape: borrowing EventTape) -> Bool {
        var list = list
        while true {
            let (first, count) = firstElement(list, tape)
            guard count > 0 else { return true }
            guard count == 1 else { return false }
            switch kind(first, tape) {
            case .absent, .null: return true
            case .text: return text(first, tape)?.byteCount == 0
            case .list: list = first
            case .boolean, .number, .object: return false
            }
        }
    }

    private func firstElement(_ list: Resolved, _ tape: borrowing EventTape) -> (first: Resolved, count: Int) {
        switch list {
        case .list(let elements): return (elements.first ?? .absent, elements.count)
        case .node(let node): return (tape.firstElement(node).map { .node($0) } ?? .absent, tape.elementCount(node))
        default: return (.absent, 0)
        }
    }

    /// The elements of a list; none of every other value.
    func elements(_ value: Resolved, _ tape: borrowing EventTape) -> [Resolved] {
        switch value {
        case .list(let elements): return elements
        case .node(let node):
            var elements: [Resolved] = []
            var cursor = tape.firstElement(node)
            while let element = cursor {
                elements.append(.node(element))
                cursor = tape.nextElement(after: element, in: node)
            }
            return elements
        default: return []
        }
    }

    /// The members of an object, each key once, in JavaScript's order; none of every other value.
    func members(_ value: Resolved, _ tape: borrowing EventTape) -> [ScratchObject.Member] {
        switch value {
        case .object(let object): return object.ordered(tape)
        case .node(let node):
            var object = ScratchObject()
            var cursor = tape.firstMember(node)
            while let member = cursor {
                object.set(.tape(tape.key(member)), .node(member.value), tape)
                cursor = tape.nextMember(after: member, in: node)
            }
            return object.ordered(tape)
        default: return []
        }
    }

    /// What JavaScript lists as the members of a value: those of an object, the elements of a list and the UTF-16 units
    /// of a text under their positions.
    mutating func entries(
        _ value: Resolved, _ tape: borrowing EventTape
    ) throws(MappingRunFault) -> [ScratchObject.Member] {
        let values: [Resolved]
        switch kind(value, tape) {
        case .object: return members(value, tape)
        case .list: values = elements(value, tape)
        case .text: values = try units(value, tape)
        case .absent, .null, .boolean, .number: return []
        }
        return values.enumerated().map { ScratchObject.Member(key: ScratchText(String($0)), value: $1) }
    }

    private mutating func units(_ value: Resolved, _ tape: borrowing EventTape) throws(MappingRunFault) -> [Resolved] {
        guard let text = text(value, tape) else { return [] }
        var units: [Resolved] = []
        for scalar in tape.string(text).unicodeScalars {
            try enter()
            leave()
            let isPair = UTF16.width(scalar) == 2
            let unit = ScratchText(isPair ? "\u{FFFD}" : String(scalar))
            units += repeatElement(.text(unit), count: isPair ? 2 : 1)
        }
        return units
    }
}
