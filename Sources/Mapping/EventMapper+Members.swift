import RelayModel

// Finding the values: each object is walked once.
extension EventMapper {
    /// Finds the values of all paths in the event, and in a batch's own context where the event's lacks a key.
    mutating func findMembers() {
        findMembers(of: event.root, in: PathTable.eventScope)
        guard let batchContext = event.batchContext, let scope = paths.contextScope else { return }
        let own = tape.member(event.root, "context")
        var cursor = tape.firstMember(batchContext)
        while let member = cursor {
            let key = tape.key(member)
            if !has(key, in: own), let place = paths.place(of: tape.text.span.extracting(key.range), in: scope) {
                put(member.value, in: place)
            }
            cursor = tape.nextMember(after: member, in: batchContext)
        }
    }

    /// Finds the values of a scope's paths in one object.
    mutating func findMembers(of object: TapeNode, in scope: Int) {
        var cursor = tape.firstMember(object)
        while let member = cursor {
            if let place = paths.place(of: tape.text.span.extracting(tape.key(member).range), in: scope) {
                put(member.value, in: place)
            }
            cursor = tape.nextMember(after: member, in: object)
        }
    }

    /// The same for an element of a list, whose scope may still hold the values of the element before.
    mutating func findMembers(ofElement object: TapeNode, in scope: Int) {
        for slot in paths.slots(of: scope) { found[slot] = nil }
        findMembers(of: object, in: scope)
    }

    @inline(__always)
    private mutating func put(_ value: TapeNode, in place: PathTable.Place) {
        let kind = tape.kind(value)
        if let slot = place.slot {
            found[slot] = kind == .null ? nil : value
            present.formUnion(paths.fields(ofSlot: slot))
        }
        guard let inner = place.inner else { return }
        if kind == .object {
            findMembers(of: value, in: inner)
        } else if let object = tape.unwrapped(value) {
            findMembers(of: object, in: inner)
        }
    }

    private func has(_ key: TextRef, in object: TapeNode?) -> Bool {
        guard let object else { return false }
        var cursor = tape.firstMember(object)
        while let member = cursor {
            if tape[tape.key(member)] == tape[key] { return tape.kind(member.value) != .null }
            cursor = tape.nextMember(after: member, in: object)
        }
        return false
    }
}
