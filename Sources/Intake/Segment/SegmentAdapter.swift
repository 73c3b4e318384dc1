public import RelayModel

/// Segment's HTTP API: single calls and batches (`segment-api.md`).
///
/// A batch's bad items stand among its good ones and do not harm them. A single call that is an object, but no event,
/// is a bad item too, since Segment answers such a call with success.
public struct SegmentAdapter: IntakeAdapter, Sendable {
    public static let routes = SegmentCall.allCases.map { IntakeRoute.segment($0) }

    private let limits: SegmentLimits

    public init(limits: SegmentLimits = SegmentLimits()) { self.limits = limits }

    public mutating func decode(
        _ call: IntakeCall, body: Span<UInt8>, parser: inout some JSONParsing, tape: inout EventTape,
        into items: inout [IntakeItem]
    ) throws(IntakeFault) {
        guard case .segment(let segmentCall) = call.route, segmentCall != .libraryMetrics else { return }
        let header = call.anonymousIDHeader.count <= limits.anonymousIDByteCount ? call.anonymousIDHeader : .none
        let sender = Sender(facts: call.facts, anonymousID: tape.anonymousID(inHeader: header))
        if let kind = segmentCall.kind, segmentCall.isPixel {
            guard call.query.count <= limits.eventByteCount else { throw .eventTooLarge }
            let pixel = try SegmentPixel(call.query, limits: limits, on: &tape)
            items.append(item(pixel.writeEvent(to: &tape), kind, sender, nil, &tape))
        } else if let kind = segmentCall.kind {
            guard body.count <= limits.eventByteCount else { throw .eventTooLarge }
            let root = try parsed(body, &parser, &tape)
            items.append(item(root, kind, sender, nil, &tape))
        } else {
            guard body.count <= limits.batchByteCount else { throw .bodyTooLarge }
            let root = try parsed(body, &parser, &tape)
            try decodeBatch(root, sender, mayHoldLargeItem: body.count > limits.eventByteCount, &tape, &items)
        }
    }

    /// What a call says of all its events.
    private struct Sender {
        var facts: CallFacts
        /// Stands in where an event has no anonymous id of its own.
        var anonymousID: TextRef
    }

    private func parsed(
        _ body: Span<UInt8>, _ parser: inout some JSONParsing, _ tape: inout EventTape
    ) throws(IntakeFault) -> TapeNode {
        let root: TapeNode
        do throws(JSONFault) { root = try parser.parse(body, onto: &tape) } catch { throw IntakeFault(error) }
        guard tape.kind(root) == .object else { throw .notAnObject }
        return root
    }

    private func decodeBatch(
        _ root: TapeNode, _ sender: Sender, mayHoldLargeItem: Bool, _ tape: inout EventTape,
        _ items: inout [IntakeItem]
    ) throws(IntakeFault) {
        let batch = try SegmentBatch(root, on: &tape, limits: limits)
        var cursor = tape.firstElement(batch.items)
        while let node = cursor {
            if mayHoldLargeItem, tape.approximateByteCount(node) > limits.eventByteCount {
                items.append(.bad(tooLarge(node, &tape)))
            } else {
                items.append(item(node, nil, sender, batch, &tape))
            }
            cursor = tape.nextElement(after: node, in: batch.items)
        }
    }

    /// - Parameter kind: the route's; nil where the item's own `type` says it.
    private func item(
        _ node: TapeNode, _ kind: SourceKind?, _ sender: Sender, _ batch: SegmentBatch?, _ tape: inout EventTape
    ) -> IntakeItem {
        guard tape.kind(node) == .object else { return .bad(BadItem(.notAnEvent)) }
        let fields = SegmentFields(node, on: tape)
        let messageID = tape.scalarText(fields.messageID)
        let ownKind = kind ?? fields.type.flatMap { SourceKind(segmentType: tape.string($0), on: tape) }
        let name = tape.scalarText(ownKind == .segmentPage || ownKind == .segmentScreen ? fields.name : fields.event)
        guard let kind = ownKind else { return .bad(BadItem(.notAnEvent, name: name, messageID: messageID)) }
        if kind == .segmentTrack, name.isEmpty { return .bad(BadItem(.missingEventName, messageID: messageID)) }
        let lacksID = !sender.anonymousID.isEmpty && !fields.hasAnonymousID(on: tape)
        let root = lacksID ? tape.copy(ofObject: node, adding: "anonymousId", sender.anonymousID) : node
        var event = SourceEvent(kind: kind, root: root, call: sender.facts)
        event.name = name
        event.messageID = messageID
        event.batchContext = batch?.context
        let ownSentAt = tape.scalarText(fields.sentAt)
        event.sentAt = batch.map { $0.sentAt.isEmpty ? ownSentAt : $0.sentAt } ?? ownSentAt
        return .event(event)
    }

    private func tooLarge(_ node: TapeNode, _ tape: inout EventTape) -> BadItem {
        let fields = SegmentFields(node, on: tape)
        let messageID = tape.scalarText(fields.messageID)
        return BadItem(.tooLarge, name: tape.scalarText(fields.event), messageID: messageID)
    }
}
