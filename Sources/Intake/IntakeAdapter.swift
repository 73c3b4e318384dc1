// Intake: from the bytes of one HTTP call to source events on a tape. One folder per input, with the same four files:
// the adapter (what a call becomes), the payload (the body's shape), the fields (the names), the limits.
//
// It may touch RelayModel and WireCodec only: no clock, no I/O, no configuration but its limits, no idea of mappings.
// Invariants: nothing that a sender sends traps or stalls (work and memory are bounded by the limits); a call gives
// either a fault, and then nothing of it counts, or its items in the sender's order, one per event or batch item.
public import RelayModel

/// One input: it turns a call on one of its routes into items.
public protocol IntakeAdapter {
    /// The routes that it serves.
    static var routes: [IntakeRoute] { get }

    /// Decodes one call onto `tape` and appends its events, and what stands where an event should be, to `items`.
    ///
    /// The tape has no values yet, but may hold texts: those of the call.
    /// - Throws: why the whole call is refused.
    mutating func decode(
        _ call: IntakeCall, body: Span<UInt8>, parser: inout some JSONParsing, tape: inout EventTape,
        into items: inout [IntakeItem]
    ) throws(IntakeFault)
}

/// What an adapter may know of the HTTP call beside its body.
public struct IntakeCall: Sendable {
    public var route: IntakeRoute
    public var isPost: Bool
    public var facts: CallFacts
    /// The query as it came, without `?`; absent without one.
    public var query: TextRef
    /// The `AnonymousId` header as it came; absent without one.
    public var anonymousIDHeader = TextRef.none

    public init(route: IntakeRoute, isPost: Bool, facts: CallFacts, query: TextRef = .none) {
        self.route = route
        self.isPost = isPost
        self.facts = facts
        self.query = query
    }
}

/// One event of a call, or what stands in its place.
public enum IntakeItem: Sendable {
    case event(SourceEvent)
    case bad(BadItem)
}

/// A part of a call that is no event; it becomes a dead letter with these texts and never the raw input.
public struct BadItem: Sendable, Hashable {
    public var reason: DeadReason
    /// The event's name as sent; absent without one.
    public var name: TextRef
    /// The sender's id of the message; absent without one.
    public var messageID: TextRef
    /// What exactly is wrong, for people: names of the contract, never a value; absent where the reason says it all.
    public var detail: TextRef

    public init(_ reason: DeadReason, name: TextRef = .none, messageID: TextRef = .none, detail: TextRef = .none) {
        self.reason = reason
        self.name = name
        self.messageID = messageID
        self.detail = detail
    }
}
