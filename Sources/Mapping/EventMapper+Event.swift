import RelayModel

// The event's own fields: URL, source of the action, language, opt-out.
extension EventMapper {
    mutating func mapEventFields() {
        mapped.actionSource = resolveActionSource()
        pageURL = firstText(.sourceURL)
        mapped.sourceURL = PersonalText(pageURL)
        mapped.language = first(.language, readLanguage) ?? .none
        isTrackingOff = firstFlag(.adTracking) == false
        mapped.optOut = firstFlag(.optOut) ?? isTrackingOff
        mapped.custom.optOutType = first(.optOutType, readLimitedDataProcessing) ?? .none
        if !settings.partnerName.isEmpty {
            mapped.partnerName = tape.append(settings.partnerName.utf8)
            record(.partnerName, rule: "configuration")
        }
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
