import RelayModel

/// The event as triggers and mappings see it (`mapping.md` 2): complete, whatever part of it came in the URL, in a
/// batch's own keys or with the connection. It is made only where a mapping of the configuration may want it.
enum OfferedEvent {
    static func make(_ event: SourceEvent, on tape: inout EventTape) -> TapeNode {
        event.kind.isSegment ? segment(event, on: &tape) : ga4(event, on: &tape)
    }

    // MARK: Segment

    /// A Segment call as Segment's own destinations get it: `type`, one `context`, and `timestamp` by the relay's clock.
    private static func segment(_ event: SourceEvent, on tape: inout EventTape) -> TapeNode {
        let times = SegmentTimes(event, on: &tape)
        let context = tape.member(event.root, "context")
        let object = tape.openObject()
        var cursor = tape.firstMember(event.root)
        while let member = cursor {
            if !isRewritten(tape.key(member), on: tape) {
                tape.key(of: member)
                tape.copy(member.value)
            }
            cursor = tape.nextMember(after: member, in: event.root)
        }
        tape.key("type")
        tape.string(copying: event.kind.segmentType)
        if !event.messageID.isEmpty {
            tape.key("messageId")
            tape.string(event.messageID)
        }
        times.write(to: &tape)
        writeContext(context, event, to: &tape)
        tape.close()
        return object
    }

    private static func isRewritten(_ key: TextRef, on tape: borrowing EventTape) -> Bool {
        switch key.count {
        case 4: tape.matches(key, "type")
        case 6: tape.matches(key, "sentAt")
        case 7: tape.matches(key, "context")
        case 9: tape.matches(key, "messageId") || tape.matches(key, "timestamp")
        case 10: tape.matches(key, "receivedAt")
        case 17: tape.matches(key, "originalTimestamp")
        default: false
        }
    }

    /// The event's own context, a batch's where a key is lacking, and of a browser call what Segment adds to it.
    private static func writeContext(_ own: TapeNode?, _ event: SourceEvent, to tape: inout EventTape) {
        tape.key("context")
        tape.openObject()
        if let own { copyMembers(of: own, to: &tape) }
        if let shared = event.batchContext {
            var cursor = tape.firstMember(shared)
            while let member = cursor {
                if !holds(own, tape.key(member), on: tape) {
                    tape.key(of: member)
                    tape.copy(member.value)
                }
                cursor = tape.nextMember(after: member, in: shared)
            }
        }
        func lacks(_ name: StaticString) -> Bool {
            own.flatMap { tape.value($0, name) } == nil && event.batchContext.flatMap { tape.value($0, name) } == nil
        }
        let isDirect = event.call.isBrowserCall
        if isDirect, !event.call.address.isEmpty, lacks("ip") {
            tape.key("ip")
            tape.string(event.call.address)
        }
        if isDirect, !event.call.userAgent.isEmpty, lacks("userAgent") {
            tape.key("userAgent")
            tape.string(event.call.userAgent)
        }
        tape.close()
    }

    private static func holds(_ object: TapeNode?, _ key: TextRef, on tape: borrowing EventTape) -> Bool {
        guard let object else { return false }
        var cursor = tape.firstMember(object)
        while let member = cursor {
            if tape[tape.key(member)] == tape[key] { return tape.kind(member.value) != .null }
            cursor = tape.nextMember(after: member, in: object)
        }
        return false
    }

    private static func copyMembers(of object: TapeNode, to tape: inout EventTape) {
        var cursor = tape.firstMember(object)
        while let member = cursor {
            tape.key(of: member)
            tape.copy(member.value)
            cursor = tape.nextMember(after: member, in: object)
        }
    }

    // MARK: GA4

    /// Event data as a server container gets it: a browser hit's address and user agent are part of it.
    private static func ga4(_ event: SourceEvent, on tape: inout EventTape) -> TapeNode {
        let call = event.call
        let addsAddress =
            call.isBrowserCall && !call.address.isEmpty && tape.value(event.root, "ip_override") == nil
        let addsAgent = call.isBrowserCall && !call.userAgent.isEmpty && tape.value(event.root, "user_agent") == nil
        guard addsAddress || addsAgent else { return event.root }
        let object = tape.openObject()
        copyMembers(of: event.root, to: &tape)
        if addsAddress {
            tape.key("ip_override")
            tape.string(call.address)
        }
        if addsAgent {
            tape.key("user_agent")
            tape.string(call.userAgent)
        }
        tape.close()
        return object
    }
}

/// The four times of a Segment call, as Segment hands them on.
private struct SegmentTimes {
    private let timestamp: TextRef
    private let original: TextRef
    private let sentAt: TextRef
    private let receivedAt: TextRef

    init(_ event: SourceEvent, on tape: inout EventTape) {
        let given = tape.member(event.root, "timestamp").map { tape.trimmed(tape.scalarText($0)) } ?? .none
        let earlier = tape.member(event.root, "originalTimestamp").map { tape.trimmed(tape.scalarText($0)) } ?? .none
        sentAt = event.sentAt
        receivedAt = tape.append(EventTimes.iso8601(event.call.receivedAtMicros))
        original = earlier.isEmpty ? given : earlier
        let corrected = EventTimes.corrected(
            timestamp: Self.micros(given, tape), original: Self.micros(earlier, tape),
            sentAt: Self.micros(tape.trimmed(sentAt), tape), receivedAt: event.call.receivedAtMicros)
        if let corrected {
            timestamp = tape.append(EventTimes.iso8601(corrected))
        } else {
            let said = given.isEmpty ? earlier : given
            timestamp = said.isEmpty ? receivedAt : said
        }
    }

    private static func micros(_ text: TextRef, _ tape: borrowing EventTape) -> Int64? {
        text.isEmpty ? nil : EventTimes.micros(tape.text.span.extracting(text.range))
    }

    func write(to tape: inout EventTape) {
        Self.write("timestamp", timestamp, to: &tape)
        Self.write("originalTimestamp", original, to: &tape)
        Self.write("sentAt", sentAt, to: &tape)
        Self.write("receivedAt", receivedAt, to: &tape)
    }

    private static func write(_ name: StaticString, _ text: TextRef, to tape: inout EventTape) {
        guard !text.isEmpty else { return }
        tape.key(name)
        tape.string(text)
    }
}

extension SourceKind {
    /// The word for a Segment call; empty for every other kind.
    fileprivate var segmentType: StaticString {
        switch self {
        case .segmentTrack: "track"
        case .segmentPage: "page"
        case .segmentScreen: "screen"
        case .segmentIdentify: "identify"
        case .segmentGroup: "group"
        case .segmentAlias: "alias"
        case .ga4Hit, .measurementProtocol, .pinterestEvent: ""
        }
    }

    /// The word that a trigger's `type` is compared with; nil for what has none.
    var typeWord: String? { isSegment ? segmentType.description : nil }
}
