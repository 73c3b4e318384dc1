import RelayModel

extension TriggerProgram {
    func compare(
        _ left: TriggerValue, _ comparison: TriggerComparison, _ right: TriggerValue, _ tape: borrowing EventTape
    ) -> Bool {
        switch comparison {
        case .equal: return equal(left, right, tape)
        case .unequal: return !equal(left, right, tape)
        default:
            guard case .number(let left) = left, case .number(let right) = right else { return false }
            return comparison.holds(left, right)
        }
    }

    func isElement(_ value: TriggerValue, of list: TriggerValue, _ tape: borrowing EventTape) -> Bool {
        var elements = Elements(list, tape)
        while let element = elements.next(self, tape) {
            if equal(value, element, tape) { return true }
        }
        return false
    }

    /// Same type and same value. Lists are equal element by element; the depth of both sides is bounded, that of the
    /// event by the parser of its document.
    private func equal(_ left: TriggerValue, _ right: TriggerValue, _ tape: borrowing EventTape) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.text(let left), .text(let right)): return equal(left, right, tape)
        case (.list, .list), (.list, .constants), (.constants, .list), (.constants, .constants):
            return equalLists(left, right, tape)
        default: return false
        }
    }

    private func equalLists(_ left: TriggerValue, _ right: TriggerValue, _ tape: borrowing EventTape) -> Bool {
        var lefts = Elements(left, tape)
        var rights = Elements(right, tape)
        while let left = lefts.next(self, tape) {
            guard let right = rights.next(self, tape), equal(left, right, tape) else { return false }
        }
        return rights.next(self, tape) == nil
    }

    // MARK: Texts

    private func equal(_ left: TriggerText, _ right: TriggerText, _ tape: borrowing EventTape) -> Bool {
        if left.isLowered, right.isLowered {
            return withBytes(of: left, tape) { leftBytes in withBytes(of: right, tape) { leftBytes.equals($0) } }
        }
        let (plain, other) = right.isLowered ? (left, right) : (right, left)
        return withBytes(of: plain, tape) { plainBytes in
            let otherBytes = (other.isConstant ? bytes.span : tape.text.span).extracting(other.ref.range)
            return other.isLowered ? otherBytes.lowercased(equals: plainBytes) : otherBytes.equals(plainBytes)
        }
    }

    /// Lends a text's bytes; those of a text in lower case are made first.
    func withBytes<Result>(
        of text: TriggerText, _ tape: borrowing EventTape, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        let plain = (text.isConstant ? bytes.span : tape.text.span).extracting(text.ref.range)
        guard text.isLowered else { return body(plain) }
        var lowered: [UInt8] = []
        plain.appendLowercase(to: &lowered)
        return body(lowered.span)
    }
}

/// The elements of a list of the event or of the trigger, one after the other; none for every other value.
private struct Elements {
    private var list: TapeNode?
    private var cursor: TapeNode?
    private var row = 0..<0

    init(_ value: TriggerValue, _ tape: borrowing EventTape) {
        switch value {
        case .list(let node):
            list = node
            cursor = tape.firstElement(node)
        case .constants(let terms): row = terms
        default: break
        }
    }

    mutating func next(_ program: TriggerProgram, _ tape: borrowing EventTape) -> TriggerValue? {
        if let list, let element = cursor {
            cursor = tape.nextElement(after: element, in: list)
            return TriggerProgram.value(of: element, tape)
        }
        guard let first = row.first else { return nil }
        row = first + 1..<row.upperBound
        return program.constant(program.terms[first])
    }
}

extension TriggerProgram {
    /// The value of a list's element: a literal by the grammar.
    fileprivate func constant(_ term: Term) -> TriggerValue {
        switch term {
        case .bool(let value): .bool(value)
        case .number(let value): .number(value)
        case .text(let ref): .text(TriggerText(ref, isConstant: true))
        case .list(let elements): .constants(elements)
        case .null, .path, .call: .null
        }
    }
}
