import RelayModel

/// What holds for all events of one request.
struct EventLimits {
    /// Seconds since 1970, all three.
    var oldest: Int64
    var latest: Int64
    var now: Int64
    /// Events from this index on are not looked at.
    var cap: Int
    var badEventIDs: Set<String>
}

/// Judges one event that fits the schema: what the upstream calls `failed`, and what it only warns of.
struct EventJudgement {
    private(set) var event: JudgedEvent
    private var error = ""
    private var warnings: [StaticString] = []
    private let facts: EventFacts

    init(_ node: TapeNode, on tape: borrowing EventTape) {
        facts = EventFacts(node, on: tape)
        event = JudgedEvent(id: facts.id, name: facts.name, isProcessed: true)
        warnings = facts.warnings
    }

    mutating func judge(_ limits: EventLimits, index: Int) {
        if index >= limits.cap { return fail("Only the first \(limits.cap) events of a test request are processed") }
        if limits.badEventIDs.contains(facts.id) { return fail("This event was asked to fail") }
        if facts.time > limits.latest { return fail(Self.timeError("future", limits.now, facts.time)) }
        if facts.time < limits.oldest { return fail(Self.timeError("past", limits.now, facts.time)) }
        if facts.id.isEmpty { return fail("Invalid event_id parameter") }
        if !facts.hasValidName { return fail("Invalid event_name parameter") }
        if !facts.hasKnownSource { return fail("Invalid action_source parameter") }
        if !facts.hasValidAmounts { return fail("Invalid value parameter") }
    }

    /// Writes the event's entry of the answer's `events`.
    func writeEntry(to json: inout [UInt8]) {
        json.append(contentsOf: event.isProcessed ? Self.processed : Self.failed)
        SandboxJSON.write(error, to: &json)
        json.append(contentsOf: Self.warning)
        json.append(UInt8(ascii: "\""))
        for (index, warning) in warnings.enumerated() {
            if index > 0 { json.append(contentsOf: "; ".utf8) }
            // Static texts without a byte that JSON escapes.
            unsafe json.append(
                contentsOf: UnsafeBufferPointer(start: warning.utf8Start, count: warning.utf8CodeUnitCount))
        }
        json.append(UInt8(ascii: "\""))
        json.append(UInt8(ascii: "}"))
    }

    private mutating func fail(_ message: String) {
        event.isProcessed = false
        error = message
    }

    private static func timeError(_ side: String, _ now: Int64, _ given: Int64) -> String {
        "Invalid event_timestamp parameter. Given timestamp is in the \(side). "
            + "Current timestamp: \(now), Given event_timestamp: \(given)"
    }

    private static let processed = Array(#"{"status":"processed","error_message":"#.utf8)
    private static let failed = Array(#"{"status":"failed","error_message":"#.utf8)
    private static let warning = Array(#","warning_message":"#.utf8)
}
