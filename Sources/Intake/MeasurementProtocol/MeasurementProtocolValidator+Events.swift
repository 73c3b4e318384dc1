import RelayModel

// The events: their names, parameters and items.
extension MeasurementProtocolValidator {
    mutating func checkEvents(_ node: TapeNode?, _ tape: borrowing EventTape) {
        guard let node else { return report(.valueRequired, "events", "At least one event is required.") }
        guard tape.kind(node) == .array else { return report(.valueInvalid, "events", "It must be an array.") }
        let count = tape.elementCount(node)
        if count == 0 { report(.valueRequired, "events", "At least one event is required.") }
        if count > MeasurementProtocolRules.eventCount {
            report(
                .exceededMaxEntities, "events", "There must be at most 25 events in a request, but there are \(count).")
        }
        var (index, cursor) = (0, tape.firstElement(node))
        while let event = cursor {
            checkEvent(event, index, tape)
            index += 1
            cursor = tape.nextElement(after: event, in: node)
        }
    }

    private mutating func checkEvent(_ event: TapeNode, _ index: Int, _ tape: borrowing EventTape) {
        guard tape.kind(event) == .object else {
            return report(.valueInvalid, "events", "Event at index: [\(index)] is not an object.")
        }
        checkMembers(of: event, known: MeasurementProtocolRules.eventMembers, "events", tape)
        let name = tape.value(event, "name").map { tape.string($0) } ?? .none
        if name.isEmpty {
            report(.valueRequired, "events", "Event at index: [\(index)] has no name.")
        } else {
            checkName(name, "Event at index: [\(index)]", "events", limit: MeasurementProtocolRules.nameLength, tape)
            if MeasurementProtocolRules.reservedEvents.contains(where: { tape.matches(name, $0) }) {
                report(
                    .nameReserved, "events",
                    "Event at index: [\(index)] has name [\(shown(name, tape))] which is reserved.")
            }
        }
        checkTime(tape.value(event, "timestamp_micros"), "events.timestamp_micros", tape)
        checkParameters(tape.value(event, "params"), index, name, tape)
    }

    /// Letters, digits and underscores behind a letter; no reserved prefix.
    mutating func checkName(
        _ name: TextRef, _ what: String, _ path: String, limit: Int, _ tape: borrowing EventTape
    ) {
        let bytes = tape[name]
        let text = shown(name, tape)
        if bytes.first.map({ !isLetter($0) }) ?? true {
            report(
                .nameInvalid, path, "\(what) has invalid name [\(text)]. Names must start with an alphabetic character."
            )
        } else if tape.startsWithReservedPrefix(name) {
            report(.nameReserved, path, "\(what) has name [\(text)] which begins with a reserved prefix.")
        } else if !bytes.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }) {
            report(
                .nameInvalid, path,
                "\(what) has invalid name [\(text)]. Names hold alphanumeric characters and underscores only.")
        }
        if tape.characterCount(name) > limit {
            report(.nameInvalid, path, "\(what) has a name longer than \(limit) characters.")
        }
    }

    private mutating func checkParameters(
        _ node: TapeNode?, _ index: Int, _ event: TextRef, _ tape: borrowing EventTape
    ) {
        guard let node else { return }
        let path = "events.params"
        guard tape.kind(node) == .object else { return report(.valueInvalid, path, "It must be an object.") }
        if tape.memberCount(node) > MeasurementProtocolRules.parameterCount {
            report(.exceededMaxEntities, path, "Event at index: [\(index)] has more than 25 parameters.")
        }
        checkRepeats(in: node, path, tape)
        var cursor = tape.firstMember(node)
        while let member = cursor {
            checkParameter(member, path, tape)
            cursor = tape.nextMember(after: member, in: node)
        }
        if enforcesRecommendations { checkRecommendations(node, path, event, tape) }
    }

    private mutating func checkParameter(_ member: TapeMember, _ parent: String, _ tape: borrowing EventTape) {
        let name = tape.key(member)
        let path = join(parent, shown(name, tape))
        checkName(name, "Parameter", path, limit: MeasurementProtocolRules.nameLength, tape)
        if tape.matches(name, "items") { return checkItems(member.value, path, tape) }
        if tape.matches(name, "ip_override") { return checkAddress(member.value, path, tape) }
        checkValue(member.value, name, path, tape)
    }

    private mutating func checkValue(
        _ value: TapeNode, _ name: TextRef, _ path: String, _ tape: borrowing EventTape
    ) {
        let limit =
            MeasurementProtocolRules.longValues.first { tape.matches(name, $0.name) }?.length
            ?? MeasurementProtocolRules.valueLength
        if tape.characterCount(tape.string(value)) > limit {
            report(.valueOutOfBounds, path, "It must be at most \(limit) characters long.")
        }
        let isContainer = tape.kind(value) == .object || tape.kind(value) == .array
        if enforcesRecommendations, isContainer {
            report(.valueInvalid, path, "It must be a string, number or boolean.")
        }
    }

    private mutating func checkItems(_ items: TapeNode, _ path: String, _ tape: borrowing EventTape) {
        guard tape.kind(items) == .array else { return report(.valueInvalid, path, "It must be an array.") }
        if tape.elementCount(items) > MeasurementProtocolRules.itemCount {
            report(.exceededMaxEntities, path, "There must be at most 200 items.")
        }
        var cursor = tape.firstElement(items)
        while let item = cursor {
            checkItem(item, path, tape)
            cursor = tape.nextElement(after: item, in: items)
        }
    }

    private mutating func checkItem(_ item: TapeNode, _ path: String, _ tape: borrowing EventTape) {
        guard tape.kind(item) == .object else { return report(.valueInvalid, path, "An item must be an object.") }
        checkRepeats(in: item, path, tape)
        var ownCount = 0
        var cursor = tape.firstMember(item)
        while let member = cursor {
            let name = tape.key(member)
            let memberPath = join(path, shown(name, tape))
            if !MeasurementProtocolRules.itemMembers.contains(where: { tape.matches(name, $0) }) {
                ownCount += 1
                checkName(name, "Item parameter", memberPath, limit: MeasurementProtocolRules.nameLength, tape)
            }
            checkValue(member.value, name, memberPath, tape)
            cursor = tape.nextMember(after: member, in: item)
        }
        if ownCount > MeasurementProtocolRules.itemParameterCount {
            report(.exceededMaxEntities, path, "An item must have at most 27 parameters of its own.")
        }
        let isNamed = tape.value(item, "item_id") != nil || tape.value(item, "item_name") != nil
        if enforcesRecommendations, !isNamed {
            report(.valueRequired, path, "One of item_id and item_name is required.")
        }
    }

    /// What Google recommends for revenue: a number, with its currency, and a purchase with its id.
    private mutating func checkRecommendations(
        _ params: TapeNode, _ path: String, _ event: TextRef, _ tape: borrowing EventTape
    ) {
        if let value = tape.value(params, "value") {
            if tape.kind(value) != .number { report(.valueInvalid, path + ".value", "It must be a number.") }
            if tape.value(params, "currency") == nil {
                report(.valueRequired, path + ".currency", "A value requires a currency.")
            }
        }
        if let currency = tape.value(params, "currency") {
            let code = tape[tape.string(currency)]
            if code.count != 3 || !code.allSatisfy(isLetter) {
                report(.valueInvalid, path + ".currency", "It must be a three-letter ISO 4217 code.")
            }
        }
        if tape.matches(event, "purchase"), tape.value(params, "transaction_id") == nil {
            report(.valueRequired, path + ".transaction_id", "A purchase requires a transaction_id.")
        }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}

extension EventTape {
    fileprivate func startsWithReservedPrefix(_ name: TextRef) -> Bool {
        MeasurementProtocolRules.reservedPrefixes.contains { prefix in
            let length = prefix.utf8CodeUnitCount
            return Int(name.count) >= length && matches(name.part(0..<length), prefix)
        }
    }
}
