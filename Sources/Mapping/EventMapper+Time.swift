import RelayModel

// `event_time` (`mapping.md` 4.2, 9.14). "Now" is the time of receipt.
extension EventMapper {
    /// - Returns: why the event's time keeps it from being sent; nil otherwise.
    mutating func mapTime() -> NotSentReason? {
        let now = event.call.receivedAtMicros
        var micros = resolveTime(now: now)
        if micros - now > EventTimes.maximumAhead { return .future }
        if now - micros > EventTimes.maximumAge { return .tooOld }
        if micros > now {
            micros = now
            warn(.eventTime, .timeAdjusted)
        }
        mapped.eventTime = Self.seconds(micros)
        return nil
    }

    private mutating func resolveTime(now: Int64) -> Int64 {
        if let time = first(.eventTime, readTime) ?? sentTime(now: now) ?? first(.receivedAt, readTime) {
            if senderTimeMicros == 0 { senderTimeMicros = time }
            return time
        }
        record(.eventTime, rule: "time of receipt")
        senderTimeMicros = now
        return now
    }

    /// The sender's clock is corrected by what it said when it sent.
    private mutating func sentTime(now: Int64) -> Int64? {
        let timestamp = first(.timestamp, readTime)
        let original = first(.originalTimestamp, readTime)
        guard let base = timestamp ?? original else { return nil }
        senderTimeMicros = original ?? base
        let corrected = EventTimes.corrected(
            timestamp: timestamp, original: original, sentAt: readSentAt(), receivedAt: now)
        guard let corrected else { return base }
        record(.eventTime, rule: "corrected by the sender's clock: receipt - (sentAt - original)")
        return corrected
    }

    private mutating func readSentAt() -> Int64? {
        if !event.sentAt.isEmpty {
            return EventTimes.micros(tape.text.span.extracting(tape.trimmed(event.sentAt).range))
        }
        return first(.sentAt, readTime)
    }

    /// Whole seconds, rounded down.
    private static func seconds(_ micros: Int64) -> Int64 {
        let (quotient, remainder) = micros.quotientAndRemainder(dividingBy: EventTimes.microsPerSecond)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

private func readTime(_ tape: inout EventTape, _ node: TapeNode) -> Int64? {
    readText(&tape, node).flatMap { EventTimes.micros(tape.text.span.extracting($0.range)) }
}
