import RelayModel

// The answer: which status means what, and what each event came to (`pinterest-api.md` 3).
enum PinterestResponse {
    /// What an HTTP status says; messages are never branched on.
    enum Meaning: Equatable {
        /// The body tells each event's outcome.
        case settled
        /// The request as a whole was refused, because of an event in it or of its size.
        case requestRefused
        case rateLimited
        /// The account, its token, or the way to it is wrong.
        case accountRefused
        /// The service cannot take the request now.
        case unavailable
    }

    static func meaning(ofStatus status: Int) -> Meaning {
        switch status {
        case 200..<300, 422: .settled
        case 400, 413: .requestRefused
        case 429: .rateLimited
        case 408, 425, 500..., ..<200: .unavailable
        default: .accountRefused
        }
    }

    /// What the upstream says of the events of one call, in their order.
    struct Verdicts: Equatable {
        var events: [EventVerdict] = []
        var warnedEvents = 0
        /// The first warning, fit to be shown.
        var warningSample = ""
    }

    enum EventVerdict: Equatable {
        case processed
        /// With the upstream's reason, fit to be shown.
        case failed(String)
        /// A status that this contract does not know.
        case unknown
    }

    /// Reads the outcome of each event: at the top level of a 2xx answer, under `details` of a 422.
    /// - Returns: nil when the answer does not tell; the events' outcome is unknown then.
    static func verdicts(
        of body: [UInt8], status: Int, eventCount: Int, parser: inout some JSONParsing, tape: inout EventTape
    ) -> Verdicts? {
        tape.reset()
        guard let root = try? parser.parse(body.span, onto: &tape) else { return nil }
        let list = status == 422 ? tape.value(root, "details", "events") : tape.value(root, "events")
        guard let list, tape.elementCount(list) == eventCount else { return nil }
        var verdicts = Verdicts()
        verdicts.events.reserveCapacity(eventCount)
        var cursor = tape.firstElement(list)
        while let element = cursor {
            verdicts.add(element, tape)
            cursor = tape.nextElement(after: element, in: list)
        }
        return verdicts
    }

    /// The `code` and `message` of an error, fit to be shown.
    static func message(
        of body: [UInt8], status: Int, parser: inout some JSONParsing, tape: inout EventTape
    ) -> String {
        tape.reset()
        var message = "HTTP \(status)"
        guard let root = try? parser.parse(body.span, onto: &tape) else { return message }
        if let code = tape.value(root, "code").flatMap({ tape.integer($0) }) { message += ", code \(code)" }
        if let text = tape.value(root, "message").map({ tape.string($0) }), !text.isEmpty {
            message += ": " + UpstreamText.shown(tape[text])
        }
        return message
    }
}

extension PinterestResponse.Verdicts {
    fileprivate mutating func add(_ element: TapeNode, _ tape: borrowing EventTape) {
        let status = tape.value(element, "status").map { tape.string($0) } ?? .none
        if tape[status].elementsEqual("processed".utf8) {
            events.append(.processed)
            noteWarning(element, tape)
        } else if tape[status].elementsEqual("failed".utf8) {
            let text = tape.value(element, "error_message").map { tape.string($0) } ?? .none
            events.append(.failed(UpstreamText.shown(tape[text])))
        } else {
            events.append(.unknown)
        }
    }

    private mutating func noteWarning(_ element: TapeNode, _ tape: borrowing EventTape) {
        guard let text = tape.value(element, "warning_message").map({ tape.string($0) }), !text.isEmpty else { return }
        warnedEvents += 1
        if warnedEvents == 1 { warningSample = UpstreamText.shown(tape[text]) }
    }
}
