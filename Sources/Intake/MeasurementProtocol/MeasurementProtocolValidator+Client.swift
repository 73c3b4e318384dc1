import RelayModel

// Who sends, and what is said of the person and the time.
extension MeasurementProtocolValidator {
    mutating func checkClient(_ root: TapeNode, isApp: Bool, _ tape: borrowing EventTape) {
        if isApp {
            checkAppInstance(tape.value(root, "app_instance_id"), tape)
        } else if tape.value(root, "client_id").map({ tape.string($0).isEmpty }) ?? true {
            report(.valueRequired, "client_id", "Measurement requires a client_id.")
        }
        guard let user = tape.value(root, "user_id") else { return }
        guard tape.kind(user) == .string else { return report(.valueInvalid, "user_id", "It must be a string.") }
        if tape.characterCount(tape.string(user)) > MeasurementProtocolRules.userIDLength {
            report(.valueOutOfBounds, "user_id", "It must be at most 256 characters long.")
        }
    }

    private mutating func checkAppInstance(_ node: TapeNode?, _ tape: borrowing EventTape) {
        guard let node, !tape.string(node).isEmpty else {
            return report(.valueRequired, "app_instance_id", "Measurement requires an app_instance_id.")
        }
        if !tape.isHex(tape.string(node), count: 32) {
            report(
                .valueInvalid, "app_instance_id", "It is expected to be a 32 digit hexadecimal number.")
        }
    }

    /// A number, or the text of one, within 72 hours.
    mutating func checkTime(_ node: TapeNode?, _ path: String, _ tape: borrowing EventTape) {
        guard let node else { return }
        let said = tape.integer(node) ?? Int64(tape.copyString(tape.string(node)))
        guard let micros = said, micros > 0 else {
            return report(.valueInvalid, path, "It must be a number of microseconds since 1970.")
        }
        if micros < receivedAtMicros - MeasurementProtocolRules.backdatingMicros {
            report(.valueOutOfBounds, path, "It must be within the last 72 hours.")
        } else if micros > receivedAtMicros + MeasurementProtocolRules.aheadMicros {
            report(.valueOutOfBounds, path, "It must not be in the future.")
        }
    }

    mutating func checkUserProperties(_ node: TapeNode?, _ tape: borrowing EventTape) {
        guard let node else { return }
        let path = "user_properties"
        guard tape.kind(node) == .object else { return report(.valueInvalid, path, "It must be an object.") }
        if tape.memberCount(node) > MeasurementProtocolRules.userPropertyCount {
            report(.exceededMaxEntities, path, "There must be at most 25 user properties.")
        }
        checkRepeats(in: node, path, tape)
        var cursor = tape.firstMember(node)
        while let member = cursor {
            checkUserProperty(member, path, tape)
            cursor = tape.nextMember(after: member, in: node)
        }
    }

    private mutating func checkUserProperty(_ member: TapeMember, _ parent: String, _ tape: borrowing EventTape) {
        let rules = MeasurementProtocolRules.self
        let name = tape.key(member)
        let path = join(parent, shown(name, tape))
        checkName(name, "User property", path, limit: rules.userPropertyNameLength, tape)
        if rules.reservedUserProperties.contains(where: { tape.matches(name, $0) }) {
            report(.nameReserved, path, "The user property name is reserved.")
        }
        guard let value = tape.value(member.value, "value") else {
            return report(.valueRequired, path, "A user property is an object with a value.")
        }
        if tape.kind(value) == .object || tape.kind(value) == .array {
            report(.valueInvalid, path + ".value", "It must be a string, number or boolean.")
        } else if tape.characterCount(tape.string(value)) > rules.userPropertyValueLength {
            report(.valueOutOfBounds, path + ".value", "It must be at most 36 characters long.")
        }
        checkTime(tape.value(member.value, "timestamp_micros"), path + ".timestamp_micros", tape)
    }

    mutating func checkConsent(_ node: TapeNode?, _ tape: borrowing EventTape) {
        guard let node else { return }
        guard tape.kind(node) == .object else { return report(.valueInvalid, "consent", "It must be an object.") }
        checkMembers(of: node, known: MeasurementProtocolRules.consentMembers, "consent", tape)
        for name in MeasurementProtocolRules.consentMembers {
            guard let said = tape.value(node, name) else { continue }
            let word = tape.string(said)
            if !tape.matches(word, "GRANTED"), !tape.matches(word, "DENIED") {
                report(.valueInvalid, "consent.\(name)", "It is GRANTED or DENIED.")
            }
        }
    }

    mutating func checkUserData(_ node: TapeNode?, _ tape: borrowing EventTape) {
        guard let node else { return }
        guard tape.kind(node) == .object else { return report(.valueInvalid, "user_data", "It must be an object.") }
        for name in MeasurementProtocolRules.hashedUserData {
            if let value = tape.value(node, name) { checkHashes(value, "user_data.\(name)", tape) }
        }
        guard let address = tape.value(node, "address") else { return }
        if tape.kind(address) == .object { checkPostalAddress(address, tape) }
        var cursor = tape.firstElement(address)
        while let element = cursor {
            checkPostalAddress(element, tape)
            cursor = tape.nextElement(after: element, in: address)
        }
    }

    private mutating func checkPostalAddress(_ address: TapeNode, _ tape: borrowing EventTape) {
        for name in MeasurementProtocolRules.hashedAddress {
            if let value = tape.value(address, name) { checkHashes(value, "user_data.address.\(name)", tape) }
        }
    }

    /// One hash or a list of them.
    private mutating func checkHashes(_ node: TapeNode, _ path: String, _ tape: borrowing EventTape) {
        var isFit = tape.kind(node) == .array || tape.isHex(tape.string(node), count: 64)
        var cursor = tape.firstElement(node)
        while let element = cursor {
            isFit = isFit && tape.isHex(tape.string(element), count: 64)
            cursor = tape.nextElement(after: element, in: node)
        }
        if !isFit { report(.valueInvalid, path, "It must be a SHA-256 hash as 64 hexadecimal digits.") }
    }

    mutating func checkAddress(_ node: TapeNode?, _ path: String, _ tape: borrowing EventTape) {
        guard let node else { return }
        let text = tape[tape.string(node)]
        let isMark: (UInt8) -> Bool = { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
        if !text.contains(where: isMark) || text.count > 45 || !text.allSatisfy({ isMark($0) || isHexDigit($0) }) {
            report(.valueInvalid, path, "It must be an IP address.")
        }
    }
}

extension EventTape {
    /// Unicode scalars of a text.
    func characterCount(_ ref: TextRef) -> Int { self[ref].count(where: { $0 & 0xC0 != 0x80 }) }

    fileprivate func isHex(_ ref: TextRef, count: Int) -> Bool {
        Int(ref.count) == count && self[ref].allSatisfy(isHexDigit)
    }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
}
