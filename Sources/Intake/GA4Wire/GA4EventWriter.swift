import RelayModel

/// Writes the parameters of one hit as sGTM common event data. Order of the members: the fixed names, the numbers
/// among `epn.`, `ep.`, the rest of `epn.`, the other keys, then the nested parts. A name is written once: the first of
/// that order wins, so a parameter of the page never stands for what the tag itself sent. Language and currency alone are
/// the page's to say: its word comes first (`mapping.md` 3), and the tag's stays behind it under its key of the wire.
struct GA4EventWriter: Sendable {
    private var written: [UInt64] = []

    mutating func write(
        _ parameters: [GA4Parameter], onto tape: inout EventTape, limits: GA4WireLimits
    ) -> TapeNode {
        written.removeAll(keepingCapacity: true)
        let root = tape.openObject()
        writeFixed(parameters, &tape)
        let userData = GA4UserData(parameters, on: &tape, limits: limits)
        let hasItems = parameters.contains { if case .item = $0.place { !$0.value.isEmpty } else { false } }
        if hasItems { reserve("items") }
        if !userData.isEmpty { reserve("user_data") }
        writeEventParameters(parameters, &tape)
        writeOthers(parameters, &tape)
        if hasItems { writeItems(parameters, &tape) }
        userData.write(onto: &tape)
        writeClientHints(parameters, &tape)
        writeProperties(parameters, &tape)
        tape.close()
        return root
    }

    private mutating func writeFixed(_ parameters: [GA4Parameter], _ tape: inout EventTape) {
        for parameter in parameters where !parameter.value.isEmpty {
            switch parameter.place {
            case .text(let own):
                let name = pageSays(parameter, parameters, tape) ?? own
                reserve(name)
                tape.key(name)
                tape.string(parameter.value)
                if tape.matches(parameter.key, "dl") { writeHost(parameter.value, &tape) }
            case .number(let name):
                reserve(name)
                tape.key(name)
                tape.numberOrString(parameter.value)
            default: break
            }
        }
    }

    /// - Returns: the wire's key of a language or currency that the page says too, in an `ep.` parameter.
    private func pageSays(
        _ parameter: GA4Parameter, _ all: [GA4Parameter], _ tape: borrowing EventTape
    ) -> StaticString? {
        let title: StaticString
        let key: StaticString
        if tape.matches(parameter.key, "ul") {
            (title, key) = ("language", "ul")
        } else if tape.matches(parameter.key, "cu") {
            (title, key) = ("currency", "cu")
        } else {
            return nil
        }
        for other in all where !other.value.isEmpty {
            if case .eventText(let name) = other.place, tape.matches(name, title) { return key }
        }
        return nil
    }

    private mutating func writeHost(_ url: TextRef, _ tape: inout EventTape) {
        let host = hostRange(tape.text.span.extracting(url.range))
        guard !host.isEmpty else { return }
        reserve("page_hostname")
        tape.key("page_hostname")
        tape.string(url.part(host))
    }

    private mutating func writeEventParameters(_ parameters: [GA4Parameter], _ tape: inout EventTape) {
        writeEventNumbers(parameters, thatAreNumbers: true, &tape)
        for parameter in parameters where !parameter.value.isEmpty {
            guard case .eventText(let name) = parameter.place, reserve(name, tape) else { continue }
            tape.key(name)
            tape.string(parameter.value)
        }
        writeEventNumbers(parameters, thatAreNumbers: false, &tape)
    }

    /// `epn.` stands before `ep.` where it keeps its promise of a number, and behind it where it does not.
    private mutating func writeEventNumbers(
        _ parameters: [GA4Parameter], thatAreNumbers: Bool, _ tape: inout EventTape
    ) {
        for parameter in parameters where !parameter.value.isEmpty {
            guard case .eventNumber(let name) = parameter.place else { continue }
            let isNumber = NumberShape(tape.text.span.extracting(parameter.value.range)) != .none
            guard isNumber == thatAreNumbers, reserve(name, tape) else { continue }
            tape.key(name)
            tape.numberOrString(parameter.value)
        }
    }

    private mutating func writeOthers(_ parameters: [GA4Parameter], _ tape: inout EventTape) {
        for parameter in parameters where !parameter.value.isEmpty {
            guard case .other = parameter.place else { continue }
            let name = tape.append { bytes in
                bytes.append(contentsOf: "x-ga-mp2-".utf8)
                for offset in parameter.key.range { bytes.append(bytes[offset]) }
            }
            guard reserve(name, tape) else { continue }
            tape.key(name)
            tape.string(parameter.value)
        }
    }

    private func writeItems(_ parameters: [GA4Parameter], _ tape: inout EventTape) {
        var entries: [(number: Int, value: TextRef)] = []
        for parameter in parameters where !parameter.value.isEmpty {
            if case .item(let number) = parameter.place { entries.append((number, parameter.value)) }
        }
        entries.sort { $0.number < $1.number }
        tape.key("items")
        tape.openArray()
        for entry in entries { GA4Item(entry.value).write(onto: &tape) }
        tape.close()
    }

    private func writeProperties(_ parameters: [GA4Parameter], _ tape: inout EventTape) {
        for group in GA4PropertyGroup.allCases {
            let members = parameters.lazy.filter { !$0.value.isEmpty && group.holds($0.place) }
            guard !members.isEmpty else { continue }
            tape.key(group.title)
            tape.openObject()
            for parameter in members { writeProperty(parameter, &tape) }
            tape.close()
        }
    }

    private func writeProperty(_ parameter: GA4Parameter, _ tape: inout EventTape) {
        switch parameter.place {
        case .userNumber(let name):
            tape.key(name)
            tape.numberOrString(parameter.value)
        case .userText(let name), .sstProperty(let name):
            tape.key(name)
            tape.string(parameter.value)
        case .systemProperty(let name):
            tape.key(name)
            tape.string(parameter.value)
        default: break
        }
    }

    private mutating func reserve(_ name: StaticString) {
        written.append(name.withBytes(fingerprint))
    }

    /// - Returns: false when the name is empty or taken.
    private mutating func reserve(_ name: TextRef, _ tape: borrowing EventTape) -> Bool {
        let hash = fingerprint(tape.text.span.extracting(name.range))
        guard !name.isEmpty, !written.contains(hash) else { return false }
        written.append(hash)
        return true
    }
}

/// The three objects of event data that hold other properties than the event's own.
private enum GA4PropertyGroup: CaseIterable {
    case user, system, serverSideTagging

    var title: StaticString {
        switch self {
        case .user: "x-ga-mp2-user_properties"
        case .system: "x-ga-system_properties"
        case .serverSideTagging: "x-sst-system_properties"
        }
    }

    func holds(_ place: GA4Place) -> Bool {
        switch place {
        case .userText, .userNumber: self == .user
        case .systemProperty: self == .system
        case .sstProperty: self == .serverSideTagging
        default: false
        }
    }
}
