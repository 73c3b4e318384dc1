import RelayModel

// `event_id` (`mapping.md` 4.1): never random, so that what is sent again keeps its id.
extension EventMapper {
    mutating func mapEventID(hashing: inout some TextHashing) {
        if let set = overridden(.eventID, readText) {
            mapped.eventID = set
        } else if !sharedEventID.isEmpty {
            mapped.eventID = sharedEventID
            record(.eventID, rule: "that of the event's other results")
        } else {
            mapped.eventID = givenEventID() ?? derivedEventID(hashing: &hashing)
        }
    }

    private mutating func givenEventID() -> TextRef? {
        if let given = firstOfPaths(.eventID, readText) { return given }
        if event.kind.isSegment, !event.messageID.isEmpty {
            record(.eventID, rule: "messageId")
            return event.messageID
        }
        return isBesideCheckout || mapped.name == .standard(.checkout) ? first(.transactionID, readText) : nil
    }

    /// The first 16 bytes, in hex, of a SHA-256 over: the source, and what identifies a browser hit (measurement id,
    /// `cid`, `_p`, `_s`, line index, event name), or else kind of input, anonymous or client id, event name, the time by
    /// the sender's clock and order id; for an item of a body behind the first its position too, since the items of a
    /// body often share their time. Between the parts stands a unit separator (0x1F).
    ///
    /// An event that brings neither an id nor a time of its own has the time of receipt for its time, so sent again in
    /// another second it is another event: nothing in it says that it is the same.
    private mutating func derivedEventID(hashing: inout some TextHashing) -> TextRef {
        var input = Array(settings.sourceName.utf8)
        input.append(0x1F)
        if !event.messageID.isEmpty {
            input += tape[event.messageID]
        } else {
            let person = first(.anonymousID, readText) ?? .none
            input.append(event.kind.rawValue)
            for part in [person, event.name, mapped.custom.orderID] {
                input.append(0x1F)
                input += tape[part]
            }
            input.append(0x1F)
            input += String(senderTimeMicros).utf8
            if event.position > 0 { input += "\u{1F}\(event.position)".utf8 }
        }
        var hex: [UInt8] = []
        hashing.sha256(input.span).appendHex(to: &hex)
        record(.eventID, rule: "derived: a hash of what identifies the event")
        return tape.append(hex.prefix(32))
    }
}
