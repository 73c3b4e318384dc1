import RelayModel

/// One resolution of a mapping on one event: walks the nodes, and counts what that costs.
///
/// Invariant: no container of the tape is open while nodes are resolved; the result is written at the end, whole.
struct MappingRun {
    let limits: MappingLimits
    private let textStart: Int
    private let wordStart: Int
    private var valueCount = 0
    private var depth = 0

    init(_ limits: MappingLimits, _ tape: borrowing EventTape) {
        self.limits = limits
        textStart = tape.textEnd
        wordStart = tape.wordCount
    }

    /// - Parameter scope: what paths start from: the event, an element of a list, or what `@transform` applied.
    mutating func resolve(
        _ node: MappingNode, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        try enter()
        defer { leave() }
        switch node {
        case .constant(let value): return value
        case .path(let path): return value(at: path, in: scope, tape)
        case .object(let members): return try resolveObject(members, scope, &tape)
        case .list(let elements):
            var list: [Resolved] = []
            list.reserveCapacity(elements.count)
            for element in elements { list.append(try resolve(element, scope, &tape)) }
            return .list(list)
        case .template(let template): return try fill(template, scope, &tape)
        case .condition(let condition, let then, let otherwise):
            return try resolve(try holds(condition, scope, &tape) ? then : otherwise, scope, &tape)
        default: return try resolveDirective(node, scope, &tape)
        }
    }

    private mutating func resolveDirective(
        _ node: MappingNode, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        switch node {
        case .pathFrom(let inner, let place): return try resolvePath(inner, place, scope, &tape)
        case .templateFrom(let inner, let place): return try resolveTemplate(inner, place, scope, &tape)
        case .letterCase(let letterCase, let inner, let place):
            return try changeCase(try resolve(inner, scope, &tape), letterCase, place, &tape)
        case .replace(let replacement, let inner):
            return try replace(try resolve(inner, scope, &tape), replacement, &tape)
        case .arrayPath(let path, let shape): return try resolveItems(path, shape, scope, &tape)
        case .merge(let objects, let direction): return try merge(objects, direction, scope, &tape)
        case .flatten(let value, let separator, let omitsLists, let place):
            return try flatten(value, separator, omitsLists, place, scope, &tape)
        case .encodeJSON(let inner): return try encodeJSON(try resolve(inner, scope, &tape), &tape)
        case .decodeJSON(let inner): return try decodeJSON(try resolve(inner, scope, &tape), &tape)
        case .transform(let apply, let mapping, let place):
            return try transform(apply, mapping, place, scope, &tape)
        case .excludeWhenNull(let inner): return try withoutNull(try resolve(inner, scope, &tape), tape)
        case .discarded(let inner):
            _ = try resolve(inner, scope, &tape)
            return .absent
        case .fail(let message): throw MappingRunFault(message: message)
        case .constant, .path, .object, .list, .template, .condition: return try resolve(node, scope, &tape)
        }
    }

    private mutating func resolveObject(
        _ members: [MappingNodeMember], _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        var resolved: [ScratchObject.Member] = []
        resolved.reserveCapacity(members.count)
        // Members are looked at where they stand: a copy of each costs more than most of them do.
        let members = members.span
        for index in members.indices {
            let value: Resolved
            if case .path(let path) = members[index].value {
                valueCount += 1
                value = self.value(at: path, in: scope, tape)
            } else {
                value = try resolve(members[index].value, scope, &tape)
            }
            resolved.append(ScratchObject.Member(key: .constant(members[index].key), value: value))
        }
        return .object(ScratchObject(distinct: resolved))
    }

    private mutating func holds(
        _ condition: MappingCondition, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Bool {
        switch condition {
        case .exists(let node): return !isNullish(try resolve(node, scope, &tape), tape)
        case .notBlank(let node): return !isBlank(try resolve(node, scope, &tape), tape)
        }
    }

    // MARK: Limits

    /// Begins one more value or node. Every call is followed by one of ``leave()``.
    mutating func enter() throws(MappingRunFault) {
        valueCount += 1
        depth += 1
        guard valueCount <= limits.valueCount else {
            throw MappingRunFault(message: "goes through more than \(limits.valueCount) values")
        }
        guard depth <= MappingLimits.runDepth else {
            throw MappingRunFault(message: "nests deeper than \(MappingLimits.runDepth) levels")
        }
    }

    mutating func leave() { depth -= 1 }

    /// Called before text of that length is added to the tape.
    func reserve(_ byteCount: Int, _ tape: borrowing EventTape) throws(MappingRunFault) {
        guard textRoom(tape) >= byteCount else {
            throw MappingRunFault(message: "makes more than \(limits.textByteCount) bytes of text")
        }
    }

    /// How many bytes may still be added to the tape.
    func textRoom(_ tape: borrowing EventTape) -> Int { limits.textByteCount - (tape.textEnd - textStart) }

    func checkWordCount(_ tape: borrowing EventTape) throws(MappingRunFault) {
        guard tape.wordCount - wordStart <= limits.wordCount else {
            throw MappingRunFault(message: "makes a result of more than \(limits.wordCount) words")
        }
    }
}
