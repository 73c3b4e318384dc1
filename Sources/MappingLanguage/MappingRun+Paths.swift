import RelayModel

// `@path` and the walk along a path (`mapping-language.md` 1.2).
extension MappingRun {
    mutating func resolvePath(
        _ inner: MappingNode, _ place: String, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        let path = try requireText(try resolve(inner, scope, &tape), place, tape)
        return value(at: EventPath(droppingRootMark: tape.bytes(path)), in: scope, tape)
    }

    func requireText(
        _ value: Resolved, _ place: String, _ tape: borrowing EventTape
    ) throws(MappingRunFault) -> ScratchText {
        if let text = text(value, tape) { return text }
        throw MappingRunFault(message: "\(place) needs a text, got \(kind(value, tape).rawValue)")
    }

    /// The value at the end of a path. The walk ends early at the first value that JavaScript takes for false, and
    /// gives that value.
    func value(at path: EventPath, in scope: Resolved, _ tape: borrowing EventTape) -> Resolved {
        let segments = path.segments.span
        var index = 0
        var current = scope
        // Most walks pass objects of the tape alone, without a copy of anything.
        while index < segments.count, case .node(let node) = current, tape.kind(node) == .object {
            guard let next = tape.member(node, named: segments[index].key.span) else { return .absent }
            current = .node(next)
            index += 1
        }
        while index < segments.count, isTruthy(current, tape) {
            current = step(from: current, segments[index], tape)
            index += 1
        }
        return current
    }

    private func step(from value: Resolved, _ segment: EventPath.Segment, _ tape: borrowing EventTape) -> Resolved {
        switch value {
        case .node(let node):
            switch tape.kind(node) {
            case .object: return tape.member(node, named: segment.key.span).map { .node($0) } ?? .absent
            case .array: return step(fromList: node, segment, tape)
            case .string: return step(fromText: .tape(tape.string(node)), segment, tape)
            case .number, .bool, .null: return .absent
            }
        case .object(let object): return object.value(of: segment.key, tape)
        case .list(let elements):
            if let index = segment.index { return index < elements.count ? elements[index] : .absent }
            return segment.isLength ? .number(Double(elements.count)) : .absent
        case .text(let text): return step(fromText: text, segment, tape)
        case .absent, .null, .bool, .number: return .absent
        }
    }

    private func step(
        fromList list: TapeNode, _ segment: EventPath.Segment, _ tape: borrowing EventTape
    ) -> Resolved {
        if segment.isLength { return .number(Double(tape.elementCount(list))) }
        guard var rest = segment.index else { return .absent }
        var cursor = tape.firstElement(list)
        while let element = cursor, rest > 0 {
            cursor = tape.nextElement(after: element, in: list)
            rest -= 1
        }
        return cursor.map { .node($0) } ?? .absent
    }

    private func step(
        fromText text: ScratchText, _ segment: EventPath.Segment, _ tape: borrowing EventTape
    ) -> Resolved {
        if segment.isLength { return .number(Double(tape.withSpan(of: text) { JavaScriptText.length($0) })) }
        guard let index = segment.index else { return .absent }
        switch tape.withSpan(of: text, { JavaScriptText.unit(at: index, of: $0) }) {
        case .none: return .absent
        case .half: return .text(ScratchText("\u{FFFD}"))
        case .scalar(let range):
            switch text {
            case .constant(let bytes): return .text(.constant(Array(bytes[range])))
            case .tape(let ref): return .text(.tape(ref.part(range)))
            }
        }
    }
}
