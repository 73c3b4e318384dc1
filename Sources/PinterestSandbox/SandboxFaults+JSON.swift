import JSONTape
import RelayModel

// A fault plan as JSON:
//     {"latency_ms": 20, "bad_event_ids": ["a"], "mixed_status": 422,
//      "steps": [{"kind": "pass", "count": 2}, {"kind": "status", "status": 503, "count": 5}, {"kind": "hang"}]}
// A step may also hold `account`, `retry_after`, `reset` (seconds), `taken`, `bytes_per_second`.
extension SandboxFaults {
    init(json: Span<UInt8>) throws(SchemaFault) {
        var tape = EventTape()
        guard let root = try? JSONTapeParser(maximumByteCount: 1 << 20, maximumDepth: 8).parse(json, onto: &tape) else {
            throw SchemaFault("not a JSON document")
        }
        try SchemaCheck.object(root, Self.schema, on: tape)
        latency = .milliseconds(tape.number(root, "latency_ms") ?? 0)
        mixedStatus = tape.number(root, "mixed_status").map(Int.init)
        if let ids = tape.member(root, "bad_event_ids") {
            tape.forEachElement(ids) { id in badEventIDs.insert(tape.copyString(tape.string(id))) }
        }
        guard let list = tape.member(root, "steps") else { return }
        tape.forEachElement(list) { step in steps.append(SandboxFaultStep(step, on: tape)) }
    }

    private static let schema = ObjectSchema([
        .optional("latency_ms", .integer(0...600_000)),
        .optional("mixed_status", .integer(200...422)),
        .optional("bad_event_ids", .texts()),
        .optional("steps", .objects(step, count: 0...1000)),
    ])

    private static let step = ObjectSchema([
        .required(
            "kind",
            .choice([
                "pass", "status", "hang", "reset", "drip", "malformed", "truncated", "short_list", "reset_mid_body",
                "wrong_length",
            ])),
        .optional("count", .integer(0...1_000_000_000)),
        .optional("account", .text(max: 18)),
        .optional("status", .integer(400...599)),
        .optional("retry_after", .integer(0...86_400)),
        .optional("reset", .integer(0...86_400)),
        .optional("taken", .bool),
        .optional("bytes_per_second", .integer(1...1_000_000_000)),
    ])
}

extension SandboxFaultStep {
    /// From a step that has passed the schema.
    fileprivate init(_ node: TapeNode, on tape: borrowing EventTape) {
        let taken = tape.member(node, "taken").flatMap { tape.bool($0) } ?? false
        switch tape.member(node, "kind").map({ tape.copyString(tape.string($0)) }) ?? "" {
        case "status":
            fault = .status(
                Int(tape.number(node, "status") ?? 503), retryAfter: tape.number(node, "retry_after").map(Int.init),
                reset: tape.number(node, "reset").map(Int.init))
        case "hang": fault = .hang(taken: taken)
        case "reset": fault = .reset(taken: taken)
        case "drip": fault = .drip(bytesPerSecond: Int(tape.number(node, "bytes_per_second") ?? 10))
        case "malformed": fault = .malformed
        case "truncated": fault = .truncated
        case "short_list": fault = .shortList
        case "reset_mid_body": fault = .resetMidBody
        case "wrong_length": fault = .wrongLength
        default: fault = .pass
        }
        count = tape.number(node, "count").map(Int.init)
        account = tape.member(node, "account").map { tape.copyString(tape.string($0)) }
    }
}

extension EventTape {
    fileprivate func number(_ object: TapeNode, _ key: StaticString) -> Int64? {
        member(object, key).flatMap { integer($0) }
    }

    fileprivate func forEachElement(_ array: TapeNode, _ body: (TapeNode) -> Void) {
        var cursor = firstElement(array)
        while let element = cursor {
            body(element)
            cursor = nextElement(after: element, in: array)
        }
    }
}
