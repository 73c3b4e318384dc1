import RelayModel

// Names and places. They stand by themselves or in addresses; with several addresses all values of each field count, in
// order (`mapping.md` 9.10).
extension EventMapper {
    mutating func mapNamesAndPlaces() {
        mapped.person.fn = values(.fn, .identity)
        mapped.person.ln = values(.ln, .identity)
        mapped.person.ct = values(.ct, .identity)
        mapped.person.st = values(.st, .identity)
        mapped.person.zp = values(.zp, .identity)
        mapped.person.country = values(.country, .identity)
        addAddresses()
        if mapped.person.fn.isEmpty { mapped.person.fn = values(.fnBesideAddress, .identity) }
        if mapped.person.ln.isEmpty { mapped.person.ln = values(.lnBesideAddress, .identity) }
        if mapped.person.ct.isEmpty { mapped.person.ct = values(.ctBesideAddress, .identity) }
        if mapped.person.st.isEmpty { mapped.person.st = values(.stBesideAddress, .identity) }
        if mapped.person.zp.isEmpty { mapped.person.zp = values(.zpBesideAddress, .identity) }
        if mapped.person.country.isEmpty { mapped.person.country = values(.countryBesideAddress, .identity) }
        splitFullName()
    }

    /// Fills what is still empty, source by source.
    private mutating func addAddresses() {
        guard present.contains(.addresses) else { return }
        for position in paths.positions(of: .addresses) {
            let slot = paths.slot(at: position)
            guard let node = found[slot] else { continue }
            enter(slot, node)
            readAddresses(in: node).fillGaps(of: &mapped.person)
            leave()
        }
    }

    /// What an address or a list of addresses holds.
    mutating func readAddresses(in node: TapeNode) -> AddressValues {
        var all = AddressValues()
        guard let value = tape.unwrapped(node) else { return all }
        if tape.kind(value) == .object { add(address: value, to: &all) }
        var cursor = tape.firstElement(value)
        while let element = cursor {
            add(address: element, to: &all)
            cursor = tape.nextElement(after: element, in: value)
        }
        return all
    }

    private mutating func add(address: TapeNode, to all: inout AddressValues) {
        nextElement()
        findMembers(ofElement: address, in: paths.addressScope)
        all.fn.append(contentsOf: values(.addressFN, .identity))
        all.ln.append(contentsOf: values(.addressLN, .identity))
        all.ct.append(contentsOf: values(.addressCT, .identity))
        all.st.append(contentsOf: values(.addressST, .identity))
        all.zp.append(contentsOf: values(.addressZP, .identity))
        all.country.append(contentsOf: values(.addressCountry, .identity))
    }

    /// A full name is taken apart only when it has exactly two words.
    private mutating func splitFullName() {
        guard present.contains(.fullName), mapped.person.fn.isEmpty || mapped.person.ln.isEmpty else { return }
        for position in paths.positions(of: .fullName) {
            let slot = paths.slot(at: position)
            guard let node = found[slot], let words = twoWords(tape.trimmed(tape.string(node))) else { continue }
            reading(.fullName, slot)
            if mapped.person.fn.isEmpty { mapped.person.fn = word(words.first, of: .fn, from: slot) }
            if mapped.person.ln.isEmpty { mapped.person.ln = word(words.second, of: .ln, from: slot) }
            return
        }
    }

    private mutating func word(_ text: TextRef, of field: MappedField, from slot: Int) -> PersonalValues {
        var values = PersonalValues()
        if let fault = PersonalCheck.identity.fault(in: tape.text.span.extracting(text.range)) {
            warn(field, fault)
        } else {
            values.add(text)
            record(field, slot)
        }
        return values
    }

    private mutating func twoWords(_ name: TextRef) -> (first: TextRef, second: TextRef)? {
        if let fault = PersonalCheck.identity.fault(in: tape.text.span.extracting(name.range)) {
            warn(.fullName, fault)
            return nil
        }
        let bytes = tape.text.span.extracting(name.range)
        var (firstEnd, secondStart) = (0, 0)
        while firstEnd < bytes.count, !isASCIISpace(bytes[firstEnd]) { firstEnd += 1 }
        secondStart = firstEnd
        while secondStart < bytes.count, isASCIISpace(bytes[secondStart]) { secondStart += 1 }
        guard secondStart < bytes.count else { return nil }
        for index in secondStart..<bytes.count where isASCIISpace(bytes[index]) { return nil }
        return (name.part(0..<firstEnd), name.part(secondStart..<bytes.count))
    }
}

/// What one source's addresses hold.
struct AddressValues {
    var fn = PersonalValues()
    var ln = PersonalValues()
    var ct = PersonalValues()
    var st = PersonalValues()
    var zp = PersonalValues()
    var country = PersonalValues()

    func append(to person: inout PersonalData) {
        person.fn.append(contentsOf: fn)
        person.ln.append(contentsOf: ln)
        person.ct.append(contentsOf: ct)
        person.st.append(contentsOf: st)
        person.zp.append(contentsOf: zp)
        person.country.append(contentsOf: country)
    }

    func fillGaps(of person: inout PersonalData) {
        if person.fn.isEmpty { person.fn = fn }
        if person.ln.isEmpty { person.ln = ln }
        if person.ct.isEmpty { person.ct = ct }
        if person.st.isEmpty { person.st = st }
        if person.zp.isEmpty { person.zp = zp }
        if person.country.isEmpty { person.country = country }
    }
}
