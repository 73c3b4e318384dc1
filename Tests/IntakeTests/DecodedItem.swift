import Intake
import JSONTape
import RelayModel
import RelayTestKit

/// An item with all its texts read off the tape, so that a test can compare them.
struct DecodedItem: Equatable {
    var kind: SourceKind?
    var reason: DeadReason?
    var name = ""
    var messageID = ""
    var sentAt = ""
    var batchContext = ""
    var consent = ConsentSignal()
    var isBrowserCall = false
    var hitContent: [UInt8] = []
    var followsConsentUpdate = false
    var detail = ""
    /// The event data as JSON.
    var json = ""
}

/// Runs one call through an adapter.
func decode(
    _ adapter: some IntakeAdapter, _ route: IntakeRoute, query: String = "", body: String = "", isPost: Bool = true,
    anonymousIDHeader: String = ""
) throws -> [DecodedItem] {
    try decode(
        adapter, route, query: Array(query.utf8), bytes: Array(body.utf8), isPost: isPost,
        anonymousIDHeader: anonymousIDHeader)
}

func decode(
    _ adapter: some IntakeAdapter, _ route: IntakeRoute, query: [UInt8], bytes: [UInt8], isPost: Bool = true,
    anonymousIDHeader: String = ""
) throws -> [DecodedItem] {
    var adapter = adapter
    var parser = JSONTapeParser()
    var tape = EventTape()
    tape.append("a header".utf8)
    var call = IntakeCall(
        route: route, isPost: isPost, facts: CallFacts(receivedAtMicros: 1), query: tape.append(query))
    call.anonymousIDHeader = tape.append(anonymousIDHeader.utf8)
    var items: [IntakeItem] = []
    try adapter.decode(call, body: bytes.span, parser: &parser, tape: &tape, into: &items)
    var decoded: [DecodedItem] = []
    for item in items { decoded.append(read(item, tape)) }
    return decoded
}

private func read(_ item: IntakeItem, _ tape: borrowing EventTape) -> DecodedItem {
    switch item {
    case .event(let event):
        DecodedItem(
            kind: event.kind, name: tape.copyString(event.name), messageID: tape.copyString(event.messageID),
            sentAt: tape.copyString(event.sentAt),
            batchContext: event.batchContext.map { renderJSON(tape, $0) } ?? "", consent: event.consent,
            isBrowserCall: event.call.isBrowserCall, hitContent: Array(tape[event.hitContent]),
            followsConsentUpdate: event.followsConsentUpdate, json: renderJSON(tape, event.root))
    case .bad(let bad):
        DecodedItem(
            reason: bad.reason, name: tape.copyString(bad.name), messageID: tape.copyString(bad.messageID),
            detail: tape.copyString(bad.detail))
    }
}
