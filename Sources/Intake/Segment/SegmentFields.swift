import RelayModel

/// The members of a Segment event that intake reads, found in one walk over the object.
struct SegmentFields {
    private(set) var type: TapeNode?
    private(set) var event: TapeNode?
    private(set) var name: TapeNode?
    private(set) var messageID: TapeNode?
    private(set) var anonymousID: TapeNode?
    private(set) var sentAt: TapeNode?

    init(_ object: TapeNode, on tape: borrowing EventTape) {
        var cursor = tape.firstMember(object)
        while let member = cursor {
            note(member, tape)
            cursor = tape.nextMember(after: member, in: object)
        }
    }

    private mutating func note(_ member: TapeMember, _ tape: borrowing EventTape) {
        let key = tape.key(member)
        switch key.count {
        case 4 where tape.matches(key, "type"): type = member.value
        case 4 where tape.matches(key, "name"): name = member.value
        case 5 where tape.matches(key, "event"): event = member.value
        case 6 where tape.matches(key, "sentAt"): sentAt = member.value
        case 9 where tape.matches(key, "messageId"): messageID = member.value
        case 11 where tape.matches(key, "anonymousId"): anonymousID = member.value
        default: break
        }
    }

    func hasAnonymousID(on tape: borrowing EventTape) -> Bool {
        guard let anonymousID else { return false }
        return tape.kind(anonymousID) == .number || !tape.string(anonymousID).isEmpty
    }
}

extension EventTape {
    /// A string or number as text; absent for nil and every other kind.
    mutating func scalarText(_ node: TapeNode?) -> TextRef { node.map { scalarText($0) } ?? .none }
}
