import RelayModel

// The event's own fields: URL, source of the action, language, opt-out.
extension EventMapper {
    mutating func mapEventFields() {
        mapped.actionSource = resolveActionSource()
        pageURL = first(.sourceURL, readURL) ?? .none
        mapped.sourceURL = PersonalText(pageURL)
        mapped.language = first(.language, readLanguage) ?? .none
        // Neither side can lift what the other says against tracking.
        isTrackingOff =
            firstOfPaths(.adTracking, readFlag) == false || overridden(.adTracking, readFlag) == false
        mapped.optOut = firstFlag(.optOut) ?? isTrackingOff
        mapped.custom.optOutType = first(.optOutType, readLimitedDataProcessing) ?? .none
        if isSet(.partnerName) {
            mapped.partnerName = firstText(.partnerName)
        } else if !settings.partnerName.isEmpty {
            mapped.partnerName = tape.append(settings.partnerName.utf8)
            record(.partnerName, rule: "configuration")
        }
    }
}

/// A whole URL: a scheme, `://`, and something behind it. Paths and `javascript:` are none.
private func readURL(_ tape: inout EventTape, _ node: TapeNode) -> TextRef? {
    let text = tape.trimmed(tape.string(node))
    let bytes = tape.text.span.extracting(text.range)
    var index = 0
    while index < bytes.count, isSchemeByte(bytes[index]) { index += 1 }
    guard index > 0, index + 3 < bytes.count, bytes[index] == UInt8(ascii: ":"),
        bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/")
    else { return nil }
    return text
}

/// RFC 3986: letters, digits, `+`, `-`, `.`.
private func isSchemeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
    default: false
    }
}

/// The primary subtag of a language tag, lower-case, when it is an ISO 639-1 code (`mapping.md` 9.5).
private func readLanguage(_ tape: inout EventTape, _ node: TapeNode) -> TextRef? {
    let text = tape.trimmed(tape.string(node))
    guard let code = LanguageCodes.code(inTag: tape.text.span.extracting(text.range)) else { return nil }
    return code.isAsWritten ? text.part(0..<2) : tape.append([code.first, code.second])
}

/// `LDP` is the only value that is passed on; it may stand in a list (`mapping.md` 5).
private func readLimitedDataProcessing(_ tape: inout EventTape, _ node: TapeNode) -> TextRef? {
    let text = tape.string(node)
    var start = 0
    for index in 0...Int(text.count) {
        guard index == Int(text.count) || tape.text[text.range.lowerBound + index] == UInt8(ascii: ",") else {
            continue
        }
        let part = tape.trimmed(text.part(start..<index))
        if tape.text.span.extracting(part.range).equalsIgnoringCase("ldp") { return tape.append("LDP".utf8) }
        start = index + 1
    }
    return nil
}
