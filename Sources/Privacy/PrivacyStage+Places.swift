@_spi(OpenPersonalText) import RelayModel

// Country and state, and limited data processing, which hangs on them (`mapping.md` 5, 9.7, 9.10).
extension PrivacyStage {
    /// The first value that a table knows: it decides for state, postcode and phone.
    mutating func firstCountry(_ values: PersonalValues, on tape: borrowing EventTape) -> CountryCode? {
        guard !values.isEmpty else { return nil }
        if let code = country(tape.text.span.extracting(values.first.ref.range)) { return code }
        for value in values.more.prefix(rules.limits.valuesPerField - 1) {
            if let code = country(tape.text.span.extracting(value.ref.range)) { return code }
        }
        return nil
    }

    private mutating func country(_ value: Span<UInt8>) -> CountryCode? {
        scratch.take(value) == .text ? places.country(scratch.storage.span.extracting(0..<scratch.count)) : nil
    }

    mutating func normaliseCountry(usesLDP: Bool) -> NormalForm {
        guard let code = places.country(scratch.storage.span.extracting(0..<scratch.count)) else {
            return .leftOut(.unknownCode)
        }
        scratch.replace(with: code.letters)
        return usesLDP ? .textAndUpperCase : .text
    }

    mutating func normaliseState(country: CountryCode?, usesLDP: Bool) -> NormalForm {
        guard let code = places.state(scratch.storage.span.extracting(0..<scratch.count), in: country) else {
            return .leftOut(.unknownCode)
        }
        scratch.replace(with: code.letters)
        return usesLDP ? .textAndUpperCase : .text
    }

    /// Sets `opt_out_type` where the event asks for it, a US privacy signal opts out of sale, or the person lives in one
    /// of the configured states.
    mutating func flagLDP(
        _ event: borrowing MappedEvent, on tape: borrowing EventTape, into cleared: inout ConversionEvent
    ) -> Bool {
        let asked = event.custom.optOutType
        let isAsked = !asked.isEmpty && Self.namesLDP(tape.text.span.extracting(asked.range))
        if !asked.isEmpty, !isAsked { warn("custom_data.opt_out_type", .unusable) }
        guard isAsked || event.optsOutOfSale || livesInLDPState(event.person, on: tape) else { return false }
        cleared.custom.optOutType = cleared.intern("LDP".utf8)
        return true
    }

    /// `LDP`, in any case, is one of the comma-separated words.
    private static func namesLDP(_ text: Span<UInt8>) -> Bool {
        var isFound = false
        text.forEachPart(of: 0..<text.count, separator: UInt8(ascii: ",")) { part in
            let word = text.extracting(part)
            let trimmed = word.extracting(ASCII.trimmed(word))
            isFound = isFound || PackedLetters(trimmed) == PackedLetters(known: "ldp")
        }
        return isFound
    }

    /// A state without a country counts as one of the US: the flag protects, so it is set when in doubt.
    private mutating func livesInLDPState(_ person: borrowing PersonalData, on tape: borrowing EventTape) -> Bool {
        guard !rules.ldpStates.isEmpty, !person.st.isEmpty else { return false }
        let country = firstCountry(person.country, on: tape)
        guard country == nil || country == .us else { return false }
        if isLDPState(tape.text.span.extracting(person.st.first.ref.range)) { return true }
        for value in person.st.more.prefix(rules.limits.valuesPerField - 1)
        where isLDPState(tape.text.span.extracting(value.ref.range)) {
            return true
        }
        return false
    }

    private mutating func isLDPState(_ value: Span<UInt8>) -> Bool {
        guard scratch.take(value) == .text else { return false }
        let state = places.state(scratch.storage.span.extracting(0..<scratch.count), in: .us)
        return state.map(rules.ldpStates.contains) ?? false
    }
}
