import RelayModel

extension TriggerProgram {
    func run(_ event: TapeNode, _ tape: borrowing EventTape) -> Bool {
        var at = entry
        while at >= 0 {
            let branch = branches[at]
            at = passes(branch.test, event, tape) ? branch.whenTrue : branch.whenFalse
        }
        return at == Self.accept
    }

    private func passes(_ test: Test, _ event: TapeNode, _ tape: borrowing EventTape) -> Bool {
        switch test {
        case .holds(let term):
            guard case .bool(true) = value(of: term, event, tape) else { return false }
            return true
        case .compare(let left, let comparison, let right):
            return compare(value(of: left, event, tape), comparison, value(of: right, event, tape), tape)
        case .isElement(let term, let list):
            return isElement(value(of: term, event, tape), of: value(of: list, event, tape), tape)
        case .contains(let term, let needle):
            guard case .text(let text) = value(of: term, event, tape) else { return false }
            return withBytes(of: text, tape) { needles[needle].end(in: $0, from: 0) != nil }
        case .matches(let term, let glob):
            guard case .text(let text) = value(of: term, event, tape) else { return false }
            return withBytes(of: text, tape) { globs[glob].matches($0) }
        }
    }

    // MARK: Values

    func value(of term: Term, _ event: TapeNode, _ tape: borrowing EventTape) -> TriggerValue {
        switch term {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): .number(value)
        case .text(let ref): .text(TriggerText(ref, isConstant: true))
        case .list(let elements): .constants(elements)
        case .path(let path): node(at: path, event, tape).map { Self.value(of: $0, tape) } ?? .null
        case .call(let function, let argument): apply(function, value(of: terms[argument], event, tape), tape)
        }
    }

    static func value(of node: TapeNode, _ tape: borrowing EventTape) -> TriggerValue {
        switch tape.kind(node) {
        case .null: .null
        case .bool: .bool(tape.bool(node) == true)
        case .number: tape.double(node).map { .number($0) } ?? .null
        case .string: .text(TriggerText(tape.string(node), isConstant: false))
        case .array: .list(node)
        case .object: .object
        }
    }

    private func apply(
        _ function: TriggerFunction, _ value: TriggerValue, _ tape: borrowing EventTape
    ) -> TriggerValue {
        switch (function, value) {
        case (.lowercase, .text(let text)): return .text(text.lowered)
        case (.length, .null): return .number(0)
        case (.length, .text(let text)): return .number(Double(withBytes(of: text, tape) { $0.count }))
        case (.length, .list(let list)): return .number(Double(tape.elementCount(list)))
        case (.length, .constants(let elements)): return .number(Double(elements.count))
        case (.typeof, _): return .text(TriggerText(typeName(value.type), isConstant: true))
        case (.lowercase, _), (.length, _): return .null
        }
    }

    // MARK: Paths

    /// The value at the end of a path; nil where a step leads nowhere.
    private func node(at path: Range<Int>, _ event: TapeNode, _ tape: borrowing EventTape) -> TapeNode? {
        var node = event
        for index in path {
            guard let next = self.next(steps[index], from: node, tape) else { return nil }
            node = next
        }
        return node
    }

    private func next(_ step: Step, from node: TapeNode, _ tape: borrowing EventTape) -> TapeNode? {
        if tape.kind(node) == .array { return element(step.position, of: node, tape) }
        return tape.member(node, spelled: bytes.span.extracting(step.name.range))
    }

    private func element(_ position: Int?, of list: TapeNode, _ tape: borrowing EventTape) -> TapeNode? {
        guard var left = position else { return nil }
        var cursor = tape.firstElement(list)
        while let element = cursor, left > 0 {
            cursor = tape.nextElement(after: element, in: list)
            left -= 1
        }
        return cursor
    }
}
