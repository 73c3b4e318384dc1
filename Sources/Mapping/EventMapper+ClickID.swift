import RelayModel
import WireCodec

// `click_id` (`mapping.md` 4.4, 9.8, 9.17): opaque, never re-cased. An explicit property comes first, then the `epik`
// parameter of this event's own page, since the tag refreshes its cookie from there and the cookie may lag behind.
extension EventMapper {
    mutating func mapClickID() {
        mapped.clickID = resolveClickID()
    }

    private mutating func resolveClickID() -> TextRef {
        if let said = first(.clickID, readClickID) { return said }
        if isSet(.clickID) { return .none }
        if let fresh = clickID(inQueryOf: pageURL, rule: "epik of the page's URL") {
            mapped.landingHost = tape.hostPart(of: pageURL)
            return fresh
        }
        if event.call.isBrowserCall, let cookie = usable(tape.trimmed(event.call.epikCookie)) {
            record(.clickID, rule: "_epik cookie")
            return cookie
        }
        if let said = first(.epikProperty, readClickID) ?? first(.contextClickID, readClickID) { return said }
        return clickIDFromReferrer() ?? .none
    }

    /// A referrer counts only when it is a page of the same host; without a page URL none does.
    private mutating func clickIDFromReferrer() -> TextRef? {
        guard isSet(.referrer) || present.contains(.referrer) else { return nil }
        let host = tape.hostPart(of: pageURL)
        guard !host.isEmpty, let referrer = first(.referrer, readText),
            tape.equalIgnoringCase(tape.hostPart(of: referrer), host)
        else { return nil }
        return clickID(inQueryOf: referrer, rule: "epik of a referrer on the same host")
    }

    private mutating func clickID(inQueryOf url: TextRef, rule: StaticString) -> TextRef? {
        var scanner = QueryScanner(tape.queryPart(of: url))
        while let pair = scanner.next(on: tape) {
            guard tape.text.span.extracting(pair.key.range).equalsIgnoringCase("epik") else { continue }
            if let value = usable(tape.percentDecoded(pair.value, plusIsSpace: false)) {
                record(.clickID, rule: rule)
                return value
            }
        }
        return nil
    }

    /// The id itself when it is one; a warning when it is not empty and none.
    private mutating func usable(_ id: TextRef) -> TextRef? {
        if id.isEmpty { return nil }
        if tape.isClickID(id) { return id }
        warn(.clickID, .unusable)
        return nil
    }
}

private func readClickID(_ tape: inout EventTape, _ node: TapeNode) -> TextRef? {
    readText(&tape, node).flatMap { tape.isClickID($0) ? $0 : nil }
}

extension EventTape {
    /// 1 to 512 of `[A-Za-z0-9_.~%-]`.
    fileprivate func isClickID(_ ref: TextRef) -> Bool {
        (1...512).contains(ref.count) && ref.range.allSatisfy { isClickIDByte(text[$0]) }
    }

    private func isClickIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "-"): true
        default: isASCIILetter(byte) || isASCIIDigit(byte)
        }
    }
}
