import RelayModel

// The client's address and user agent (`mapping.md` 3, 9.6, 9.17). The connection's own belong to the person only in a
// browser call; what a browser hit says of itself counts only as an option.
extension EventMapper {
    mutating func mapClient() {
        mapped.person.address = PersonalText(resolveAddress())
        mapped.person.userAgent = PersonalText(resolveUserAgent())
    }

    private var trustsParameters: Bool { event.kind != .ga4Hit || settings.ipOverrideFromBrowser }

    private mutating func resolveAddress() -> TextRef {
        // Who says "no address" is heard, whatever else is known.
        if saysNoAddress() { return .none }
        if isSet(.clientAddress) { return firstText(.clientAddress) }
        if trustsParameters, let said = first(.clientAddress, readText) { return said }
        // A server that says `direct` speaks for the person's own device (`segment-api.md` 1).
        guard event.call.isBrowserCall || firstFlag(.directCall) == true else { return .none }
        if !event.call.address.isEmpty { record(.clientAddress, rule: "the connection's address") }
        return event.call.address
    }

    private mutating func saysNoAddress() -> Bool {
        for position in paths.positions(of: .clientAddress) {
            guard let node = found[paths.slot(at: position)] else { continue }
            if tape.isUnspecifiedAddress(tape.trimmed(tape.string(node))) {
                record(.clientAddress, rule: "the sender wants no address kept")
                return true
            }
        }
        return false
    }

    private mutating func resolveUserAgent() -> TextRef {
        if isSet(.clientUserAgent) { return firstText(.clientUserAgent) }
        if trustsParameters, let said = first(.clientUserAgent, readText) { return said }
        guard event.call.isBrowserCall else { return .none }
        let header = tape.trimmed(event.call.userAgent)
        if !header.isEmpty { record(.clientUserAgent, rule: "User-Agent header") }
        return header
    }
}

extension EventTape {
    /// `0.0.0.0` and `::` stand for "do not collect".
    fileprivate func isUnspecifiedAddress(_ address: TextRef) -> Bool {
        let bytes = text.span.extracting(address.range)
        return bytes.equalsIgnoringCase("0.0.0.0") || bytes.equalsIgnoringCase("::")
    }
}
