import RelayModel

/// The body `{"data": [event, ...]}`: one member, and nothing beside it (`pinterest-api.md` 1).
struct PinterestEventsPayload {
    let events: TapeNode

    init(_ root: TapeNode, on tape: borrowing EventTape, limits: PinterestEventsLimits) throws(IntakeFault) {
        guard tape.kind(root) == .object else { throw .notAnObject }
        var cursor = tape.firstMember(root)
        while let member = cursor {
            guard tape.matches(tape.key(member), "data") else { throw .unexpectedMember }
            cursor = tape.nextMember(after: member, in: root)
        }
        guard let events = tape.member(root, "data"), tape.firstElement(events) != nil else { throw .dataMissing }
        guard tape.elementCount(events) <= limits.eventCount else { throw .tooManyItems }
        self.events = events
    }
}
