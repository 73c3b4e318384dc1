import RelayModel

// `user_data`: the person as the sender describes one (`mapping.md` 3, 9.15, 9.17). Values may be texts, numbers or
// lists of them, also a list written as JSON text; each element stands for itself.
extension EventMapper {
    mutating func mapPerson() {
        mapped.person.em = values(.em, .email)
        mapped.person.ph = values(.ph, .none)
        mapped.person.ge = values(.ge, .none)
        mapped.person.db = values(.db, .none)
        mapNamesAndPlaces()
        mapped.person.externalID = values(.externalID, .identity)
        mapAdvertisingIDs()
        mapUsers()
        addSecondExternalID()
        // Google hashes a phone number with its `+`: such a hash can never match.
        if hasValue(.foreignPhoneHash) { warn(.foreignPhoneHash, .foreignPhoneHash) }
    }

    /// The values of the first source of a field that has a usable one.
    @inline(__always)
    mutating func values(_ field: MappedField, _ check: PersonalCheck) -> PersonalValues {
        present.contains(field) ? presentValues(field, check) : PersonalValues()
    }

    private mutating func presentValues(_ field: MappedField, _ check: PersonalCheck) -> PersonalValues {
        for position in paths.positions(of: field) {
            let slot = paths.slot(at: position)
            guard let node = found[slot] else { continue }
            var values = PersonalValues()
            reading(field, slot)
            collect(node, field, check, into: &values)
            if !values.isEmpty {
                record(field, slot)
                return values
            }
        }
        return PersonalValues()
    }

    private mutating func addSecondExternalID() {
        let isWanted =
            event.kind.isSegment ? settings.anonymousIDAsExternalID : settings.clientIDAsExternalID
        guard isWanted else { return }
        for position in paths.positions(of: .secondExternalID) {
            let slot = paths.slot(at: position)
            guard let node = found[slot] else { continue }
            var ids = mapped.person.externalID
            reading(.secondExternalID, slot)
            collect(node, .secondExternalID, .identity, into: &ids)
            mapped.person.externalID = ids
            record(.secondExternalID, slot)
        }
    }

    /// Where the device's owner has switched ad tracking off, the advertising id is not sent (`mapping.md` 9.3).
    private mutating func mapAdvertisingIDs() {
        if isTrackingOff { return }
        mapped.person.maids = values(.maids, .advertisingID)
    }

    /// Adds the usable values of a text, a number or a list of them.
    mutating func collect(
        _ node: TapeNode, _ field: MappedField, _ check: PersonalCheck, into values: inout PersonalValues
    ) {
        switch tape.kind(node) {
        case .string, .number: add(node, field, check, into: &values)
        case .array: collectElements(of: node, field, check, into: &values)
        case .bool, .object: if !isBlank(node) { warn(field, .unusable) }
        case .null: break
        }
    }

    private mutating func add(
        _ node: TapeNode, _ field: MappedField, _ check: PersonalCheck, into values: inout PersonalValues
    ) {
        let text = tape.trimmed(tape.scalarText(node))
        guard !text.isEmpty else { return }
        if tape.text[text.range.lowerBound] == UInt8(ascii: "["), let list = tape.unwrapped(node) {
            return collectElements(of: list, field, check, into: &values)
        }
        if let fault = check.fault(in: tape.text.span.extracting(text.range)) { return warn(field, fault) }
        values.add(text)
    }

    private mutating func collectElements(
        of list: TapeNode, _ field: MappedField, _ check: PersonalCheck, into values: inout PersonalValues
    ) {
        var cursor = tape.firstElement(list)
        while let element = cursor {
            switch tape.kind(element) {
            case .string, .number: add(element, field, check, into: &values)
            case .null: break
            case .array, .bool, .object: warn(field, .unusable)
            }
            cursor = tape.nextElement(after: element, in: list)
        }
    }
}
