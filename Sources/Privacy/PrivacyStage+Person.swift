@_spi(OpenPersonalText) import RelayModel

// The person's fields: each value is normalised by `mapping.md` 6 and hashed, or taken over as the hash it is.
extension PrivacyStage {
    mutating func hashPerson(
        _ person: borrowing PersonalData, on tape: borrowing EventTape, usesLDP: Bool, into user: inout ConversionUser,
        _ hasher: inout some TextHashing, _ phones: some PhoneParsing
    ) {
        let country = firstCountry(person.country, on: tape)
        trace?.region = (country ?? rules.defaultRegion)?.text
        hash(person.em, .em, on: tape, into: &user.em, &hasher) { $0.scratch.checkEmail() }
        hash(person.ph, .ph, on: tape, into: &user.ph, &hasher) { stage in
            stage.normalisePhone(region: country ?? stage.rules.defaultRegion, phones)
        }
        hash(person.fn, .fn, on: tape, into: &user.fn, &hasher) { _ in .text }
        hash(person.ln, .ln, on: tape, into: &user.ln, &hasher) { _ in .text }
        hash(person.ge, .ge, on: tape, into: &user.ge, &hasher) { $0.scratch.normaliseGender() }
        hash(person.db, .db, on: tape, into: &user.db, &hasher) { stage in
            stage.scratch.normaliseBirthDate(order: stage.rules.dayMonthOrder)
        }
        hash(person.ct, .ct, on: tape, into: &user.ct, &hasher) { $0.scratch.normaliseCity() }
        hash(person.zp, .zp, on: tape, into: &user.zp, &hasher) { stage in
            stage.scratch.normalisePostalCode(country: country)
        }
        hash(person.st, .st, on: tape, into: &user.st, &hasher) { stage in
            stage.normaliseState(country: country, usesLDP: usesLDP)
        }
        hash(person.country, .country, on: tape, into: &user.country, &hasher) { stage in
            stage.normaliseCountry(usesLDP: usesLDP)
        }
        hash(person.externalID, .externalID, on: tape, into: &user.externalID, &hasher) { _ in .text }
        hash(person.maids, .maids, on: tape, into: &user.hashedMaids, &hasher) { $0.scratch.checkAdvertisingID() }
    }

    /// Hashes the values of one field in order, up to the limit.
    @inline(__always)
    private mutating func hash(
        _ values: PersonalValues, _ field: PersonField, on tape: borrowing EventTape,
        into hashes: inout HashedValues, _ hasher: inout some TextHashing,
        by normalise: (inout PrivacyStage) -> NormalForm
    ) {
        guard !values.isEmpty else { return }
        hash(tape.text.span.extracting(values.first.ref.range), field, into: &hashes, &hasher, normalise)
        guard let more = values.rest else { return }
        for value in more.prefix(rules.limits.valuesPerField - 1) {
            hash(tape.text.span.extracting(value.ref.range), field, into: &hashes, &hasher, normalise)
        }
        if more.count >= rules.limits.valuesPerField { warn(field.path, .tooLong) }
    }

    private mutating func hash(
        _ value: Span<UInt8>, _ field: PersonField, into hashes: inout HashedValues,
        _ hasher: inout some TextHashing, _ normalise: (inout PrivacyStage) -> NormalForm
    ) {
        if trace != nil { trace?.begin(field.path, value) }
        guard takeClear(value, field, into: &hashes) else { return }
        switch normalise(&self) {
        case .text: addHash(to: &hashes, &hasher)
        case .doubtful(let kind):
            warn(field.path, kind)
            addHash(to: &hashes, &hasher)
        case .textAndPrefix(let length):
            addHash(to: &hashes, &hasher)
            scratch.truncate(to: length)
            addHash(to: &hashes, &hasher)
        case .textAndUpperCase:
            addHash(to: &hashes, &hasher)
            scratch.upperCase()
            addHash(to: &hashes, &hasher)
        case .leftOut(let kind): warn(field.path, kind)
        }
    }

    @inline(__always)
    private mutating func addHash(to hashes: inout HashedValues, _ hasher: inout some TextHashing) {
        let hash = scratch.hash(&hasher)
        if trace != nil { traceHash(hash) }
        hashes.add(hash)
    }

    private mutating func traceHash(_ hash: HashedValue) {
        var traced = trace
        traced?.hashed(scratch.storage.span.extracting(0..<scratch.count), hash)
        trace = traced
    }

    /// Takes a value into the scratch text, trimmed and folded.
    /// - Returns: false when nothing is left to do: the value is blank, unusable, or was hashed by the sender.
    private mutating func takeClear(_ value: Span<UInt8>, _ field: PersonField, into hashes: inout HashedValues) -> Bool
    {
        switch scratch.take(value) {
        case .blank: return false
        case .tooLong:
            warn(field.path, .tooLong)
            return false
        case .notUTF8:
            warn(field.path, .unusable)
            return false
        case .text: break
        }
        if let hashed = scratch.givenHash {
            trace?.takenOver(hashed)
            hashes.add(hashed)
            return false
        }
        if scratch.isWeakHash {
            warn(field.path, .weakHash)
            return false
        }
        if scratch.isIn(Placeholders.words) {
            warn(field.path, .placeholder)
            return false
        }
        if keepsCase(field) { _ = scratch.take(value, keepsCase: true) }
        return true
    }

    private func keepsCase(_ field: PersonField) -> Bool {
        switch field {
        case .externalID: rules.externalIDCase == .keep
        case .maids: rules.maidsCase == .keep
        default: false
        }
    }

    /// The whole international number, or where the parser cannot read one the digits as they stand, with a warning.
    private mutating func normalisePhone(region: CountryCode?, _ phones: some PhoneParsing) -> NormalForm {
        // The buffer is taken out of `self` and put back, so that it keeps its memory and is written in place.
        var digits: [UInt8] = []
        swap(&digits, &phoneDigits)
        defer { swap(&digits, &phoneDigits) }
        digits.removeAll(keepingCapacity: true)
        scratch.useASCIIPhoneSigns()
        let reading = phones.read(scratch.storage.span.extracting(0..<scratch.count), region: region, into: &digits)
        guard reading != .unread, !digits.isEmpty, scratch.replace(with: digits) else {
            scratch.keepDigits()
            scratch.dropLeadingZeros()
            return scratch.count == 0 ? .leftOut(.unusable) : .doubtful(.phoneNotParsed)
        }
        return reading == .international ? .text : .doubtful(.phoneNotParsed)
    }
}

extension ScratchText {
    func hash(_ hasher: inout some TextHashing) -> HashedValue {
        hasher.sha256(storage.span.extracting(0..<count))
    }

    /// The SHA-256 that the sender made: 64 hex digits.
    var givenHash: HashedValue? { count == 64 ? HashedValue(hex: storage[..<64]) : nil }

    /// As long as an MD5 or SHA-1 in hex, and nothing but hex digits.
    var isWeakHash: Bool { isHex(count: 32) || isHex(count: 40) }
}
