import RelayModel

// `@arrayPath`, `@merge`, `@flatten`, `@transform`, `@excludeWhenNull`.
extension MappingRun {
    mutating func resolveItems(
        _ path: MappingNode, _ shape: MappingNode?, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        let root = try resolve(path, scope, &tape)
        guard let shape else { return root }
        let items: [Resolved]
        switch kind(root, tape) {
        case .list: items = elements(root, tape)
        case .object: items = [root]
        default: return root
        }
        var shaped: [Resolved] = []
        shaped.reserveCapacity(items.count)
        for item in items { shaped.append(try resolve(shape, item, &tape)) }
        return .list(shaped)
    }

    mutating func merge(
        _ objects: [MappingNode], _ direction: MappingNode, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        let towards = text(try resolve(direction, scope, &tape), tape)
        var parts: [Resolved] = []
        for object in objects { parts.append(try resolve(object, scope, &tape)) }
        // In any other letter case validation lets the word pass, and it does not reverse.
        if let towards, tape.isEqual(towards, ScratchText("left")) { parts.reverse() }
        var merged = ScratchObject()
        for part in parts {
            for member in try entries(part, tape) {
                try enter()
                leave()
                merged.set(member.key, member.value, tape)
            }
        }
        return .object(merged)
    }

    mutating func flatten(
        _ value: MappingNode, _ separator: MappingNode, _ omitsLists: Bool, _ place: String, _ scope: Resolved,
        _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        let separator = try requireText(try resolve(separator, scope, &tape), place + "/separator", tape)
        var flat = FlatObject(separator: separator, omitsLists: omitsLists)
        try flatten(try resolve(value, scope, &tape), .empty, into: &flat, &tape)
        return .object(flat.object)
    }

    private struct FlatObject {
        var object = ScratchObject()
        let separator: ScratchText
        let omitsLists: Bool
    }

    private mutating func flatten(
        _ value: Resolved, _ name: ScratchText, into flat: inout FlatObject, _ tape: inout EventTape
    ) throws(MappingRunFault) {
        try enter()
        defer { leave() }
        let kind = kind(value, tape)
        guard kind == .object || kind == .list && !flat.omitsLists else {
            return flat.object.set(name, value, tape)
        }
        for member in try entries(value, tape) {
            // An empty name so far is as good as none.
            let inner = name.byteCount == 0 ? member.key : try joined(name, flat.separator, member.key, &tape)
            try flatten(member.value, inner, into: &flat, &tape)
        }
    }

    private func joined(
        _ name: ScratchText, _ separator: ScratchText, _ key: ScratchText, _ tape: inout EventTape
    ) throws(MappingRunFault) -> ScratchText {
        let start = tape.textEnd
        try append(name, &tape)
        try append(separator, &tape)
        try append(key, &tape)
        return .tape(tape.text(from: start))
    }

    mutating func transform(
        _ apply: MappingNode, _ mapping: MappingNode, _ place: String, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        // `apply` is a mapping of its own, and one takes objects only; undefined counts as an empty one.
        let kind = kind(scope, tape)
        guard kind == .object || kind == .absent else {
            throw MappingRunFault(message: "\(place) needs an object to work on, got \(kind.rawValue)")
        }
        let event = kind == .absent ? .object(ScratchObject()) : scope
        let applied = try withoutAbsent(try resolve(apply, event, &tape))
        return try resolve(mapping, applied, &tape)
    }

    /// A result without the keys that have no value. What stands on the tape has none.
    private mutating func withoutAbsent(_ value: Resolved) throws(MappingRunFault) -> Resolved {
        try enter()
        defer { leave() }
        switch value {
        case .list(let elements):
            var kept: [Resolved] = []
            for element in elements { kept.append(try withoutAbsent(element)) }
            return .list(kept)
        case .object(let object):
            var kept: [ScratchObject.Member] = []
            for member in object.members {
                if case .absent = member.value { continue }
                kept.append(ScratchObject.Member(key: member.key, value: try withoutAbsent(member.value)))
            }
            return .object(ScratchObject(distinct: kept))
        default: return value
        }
    }

    /// Null becomes absent, and keys with null go, however deep; lists are not entered.
    mutating func withoutNull(_ value: Resolved, _ tape: borrowing EventTape) throws(MappingRunFault) -> Resolved {
        try enter()
        defer { leave() }
        switch kind(value, tape) {
        case .null: return .absent
        case .object:
            var kept: [ScratchObject.Member] = []
            for member in members(value, tape) where kind(member.value, tape) != .null {
                kept.append(ScratchObject.Member(key: member.key, value: try withoutNull(member.value, tape)))
            }
            return .object(ScratchObject(distinct: kept))
        default: return value
        }
    }
}
