@_spi(OpenPersonalText) import RelayModel

// The page's URL, the client's address and its user agent: wanted in clear, and therefore checked.
extension PrivacyStage {
    /// The user agent is a known crawler's. It is looked at within the same bound that it would be sent in.
    func isCrawler(_ userAgent: PersonalText, on tape: borrowing EventTape) -> Bool {
        let text = tape.text.span.extracting(userAgent.ref.range)
        return CrawlerMarks.hold(text.extracting(first: rules.limits.userAgentByteCount))
    }

    /// Copies the URL without its personal parts.
    mutating func copyURL(_ url: PersonalText, on tape: borrowing EventTape, into cleared: inout ConversionEvent) {
        guard !url.isEmpty else { return }
        scrubbedURL.removeAll(keepingCapacity: true)
        if scrubber.scrub(tape.text.span.extracting(url.ref.range), into: &scrubbedURL) {
            warn("event_source_url", .urlScrubbed)
            cleared.sourceURL = cleared.intern(copying: scrubbedURL.span)
        } else {
            cleared.sourceURL = cleared.intern(url.ref, of: tape)
        }
    }

    /// Copies address and user agent, each if it is usable.
    mutating func copyCaller(
        _ person: borrowing PersonalData, on tape: borrowing EventTape, into cleared: inout ConversionEvent
    ) {
        if !person.address.isEmpty {
            copyAddress(tape.text.span.extracting(person.address.ref.range), into: &cleared)
        }
        if !person.userAgent.isEmpty {
            copyUserAgent(tape.text.span.extracting(person.userAgent.ref.range), into: &cleared)
        }
    }

    /// A public address as it was given; one that was mapped into IPv6 as IPv4.
    private mutating func copyAddress(_ given: Span<UInt8>, into cleared: inout ConversionEvent) {
        let text = given.extracting(ASCII.trimmed(given))
        guard let address = IPAddress(text) else { return warn("user_data.client_ip_address", .unusable) }
        guard address.isPublic else { return warn("user_data.client_ip_address", .addressNotPublic) }
        // Only an address mapped into IPv6 has both.
        if text.first(UInt8(ascii: ":"), in: 0..<text.count) != nil, let dotted = address.dottedText {
            cleared.user.address = ClientAddress(cleared.intern(dotted))
        } else {
            cleared.user.address = ClientAddress(cleared.intern(copying: text))
        }
    }

    /// As it was given, unless it is a placeholder or over the limit.
    private mutating func copyUserAgent(_ given: Span<UInt8>, into cleared: inout ConversionEvent) {
        let text = given.extracting(ASCII.trimmed(given))
        guard text.count <= rules.limits.userAgentByteCount else {
            return warn("user_data.client_user_agent", .tooLong)
        }
        guard !isPlaceholder(text) else { return warn("user_data.client_user_agent", .placeholder) }
        cleared.user.userAgent = ClientUserAgent(cleared.intern(copying: text))
    }

    /// A word for nothing, or Pinterest's example of a useless user agent.
    private mutating func isPlaceholder(_ userAgent: Span<UInt8>) -> Bool {
        guard userAgent.count <= Placeholders.longestUserAgent else { return false }
        switch scratch.take(userAgent) {
        case .blank: return true
        case .text: return scratch.isIn(Placeholders.words) || scratch.isIn(Placeholders.userAgents)
        case .tooLong, .notUTF8: return false
        }
    }
}
