import RelayModel

// `action_source` (`mapping.md` 4.3, 9.3, 9.6).
extension EventMapper {
    mutating func resolveActionSource() -> ActionSource {
        if let said = first(.actionSource, readActionSource) { return said }
        if event.kind.isSegment, let shown = shownByDevice() { return shown }
        if event.kind == .measurementProtocol, hasValue(.appInstance) {
            // An app body: a system that says nothing leaves Android, the only other one that sends such bodies.
            return firstMobileSystem() ?? settings.defaultActionSource ?? .appAndroid
        }
        record(.actionSource, rule: settings.defaultActionSource == nil ? "default" : "configuration")
        return settings.defaultActionSource ?? .web
    }

    /// The library that sent it, else the system it ran on. A browser's library tells that its system does not count.
    private mutating func shownByDevice() -> ActionSource? {
        var library = LibraryKind.unknown
        for position in paths.positions(of: .senderLibrary) {
            guard let node = found[paths.slot(at: position)] else { continue }
            library = LibraryKind(tape.text.span.extracting(tape.string(node).range))
        }
        switch library {
        case .iOS, .android:
            record(.actionSource, rule: "the sender's mobile library")
            return library == .iOS ? .appIOS : .appAndroid
        case .browser: return nil
        case .unknown: return firstMobileSystem()
        }
    }

    /// A desktop system is no fault: it is passed over without a warning.
    private mutating func firstMobileSystem() -> ActionSource? {
        for position in paths.positions(of: .operatingSystem) {
            let slot = paths.slot(at: position)
            guard let node = found[slot], let system = readSystem(&tape, node) else { continue }
            record(.actionSource, slot)
            return system
        }
        return nil
    }
}

/// What the name of a sender's library tells: its words are looked at (`analytics-ios`, `rudder-android-library`).
private enum LibraryKind {
    case iOS, android, browser, unknown

    init(_ name: Span<UInt8>) {
        self = .unknown
        var start = 0
        for index in 0...name.count where index == name.count || !isASCIILetter(name[index]) {
            let word = name.extracting(start..<index)
            start = index + 1
            if word.equalsIgnoringCase("ios") || word.equalsIgnoringCase("swift") { self = .iOS }
            if word.equalsIgnoringCase("android") || word.equalsIgnoringCase("kotlin") { self = .android }
            if word.equalsIgnoringCase("js") || word.equalsIgnoringCase("javascript") { self = .browser }
        }
    }
}

private func readActionSource(_ tape: inout EventTape, _ node: TapeNode) -> ActionSource? {
    let text = tape.trimmed(tape.string(node))
    return ActionSource.allCases.first {
        tape.text.span.extracting(text.range).equalsIgnoringCase($0.apiName)
    }
}

/// Apple's mobile systems and Android, as devices name them.
private func readSystem(_ tape: inout EventTape, _ node: TapeNode) -> ActionSource? {
    let text = tape.trimmed(tape.string(node))
    let name = tape.text.span.extracting(text.range)
    if name.equalsIgnoringCase("android") { return .appAndroid }
    let isApple =
        name.equalsIgnoringCase("ios") || name.equalsIgnoringCase("ipados") || name.equalsIgnoringCase("iphone os")
    return isApple ? .appIOS : nil
}
