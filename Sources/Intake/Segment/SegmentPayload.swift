import RelayModel

/// The body of a batch call: `{"batch": [...], "context": {...}, "sentAt": "..."}`.
struct SegmentBatch {
    let items: TapeNode
    /// Read where an item's own `context` lacks a key.
    let context: TapeNode?
    let sentAt: TextRef

    init(_ root: TapeNode, on tape: inout EventTape, limits: SegmentLimits) throws(IntakeFault) {
        guard let items = tape.member(root, "batch") else { throw .batchMissing }
        guard tape.kind(items) == .array else { throw .batchNotAnArray }
        let count = tape.elementCount(items)
        guard count > 0 else { throw .batchEmpty }
        guard count <= limits.batchItemCount else { throw .tooManyItems }
        self.items = items
        let context = tape.value(root, "context")
        self.context = context.flatMap { tape.kind($0) == .object ? $0 : nil }
        sentAt = tape.scalarText(tape.member(root, "sentAt"))
        if let context = self.context { try Self.check(tape.approximateByteCount(context), eventCount: count, limits) }
    }

    /// The batch's context is a part of each of its events. Sizes and counts of one body multiply without overflow.
    private static func check(
        _ contextByteCount: Int, eventCount: Int, _ limits: SegmentLimits
    ) throws(IntakeFault) {
        guard contextByteCount <= limits.eventByteCount else { throw .eventTooLarge }
        guard contextByteCount * eventCount / SegmentLimits.contextRatio <= limits.batchByteCount else {
            throw .bodyTooLarge
        }
    }
}

extension SourceKind {
    /// The kind that a batch item's `type` names; nil for every other text.
    init?(segmentType type: TextRef, on tape: borrowing EventTape) {
        switch type.count {
        case 4 where tape.matches(type, "page"): self = .segmentPage
        case 5 where tape.matches(type, "track"): self = .segmentTrack
        case 5 where tape.matches(type, "group"): self = .segmentGroup
        case 5 where tape.matches(type, "alias"): self = .segmentAlias
        case 6 where tape.matches(type, "screen"): self = .segmentScreen
        case 8 where tape.matches(type, "identify"): self = .segmentIdentify
        default: return nil
        }
    }
}
