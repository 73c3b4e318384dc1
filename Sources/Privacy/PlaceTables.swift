/// What is known of countries, states and currencies: the ISO tables (`mapping.md` 6 and 9.10), in `Tables/`.
///
/// Texts come trimmed, NFC and in lower case. Codes are found without an allocation.
public struct PlaceTables: Sendable {
    private let countries = Codes.countries
    private let alpha3 = Codes.alpha3
    private let numeric = Codes.numeric
    private let countryNames = NameTable(CountryNames.records)
    private let states = Codes.states
    private let stateNames = NameTable(StateNames.records)
    private let currencies = Codes.currencies

    /// One copy for all stages.
    private enum Codes {
        static let countries = CodeTable(ISOCodes.countries, width: 2, keyWidth: 2)
        static let alpha3 = CodeTable(ISOCodes.alpha3, width: 5, keyWidth: 3)
        static let numeric = CodeTable(ISOCodes.numeric, width: 5, keyWidth: 3)
        static let states = CodeTable(ISOCodes.states, width: 5, keyWidth: 5)
        static let currencies = CodeTable(ISOCodes.currencies, width: 3, keyWidth: 3)
    }

    public init() {}

    /// A country by its code, as an operator may write it.
    public func country(coded text: String) -> CountryCode? {
        let bytes = text.utf8.map(ASCII.lower)
        return countryCode(bytes.span)
    }

    /// Whether a US state has this code, as an operator may write it.
    public func isUSState(coded text: String) -> Bool {
        let bytes = text.utf8.map(ASCII.lower)
        return stateCode(bytes.span, in: .us) != nil
    }

    /// ISO 3166-1 alpha-2, alpha-3 or numeric, or an English name; `uk` is `gb`.
    func country(_ text: Span<UInt8>) -> CountryCode? {
        if let code = countryCode(text) { return code }
        let name = FoldedName(text).bytes
        // `U.S.A.` and `U.K.` are codes, and names start with `The` or do not.
        return countryCode(name.span) ?? countryNames.code(of: name.span).flatMap(CountryCode.init)
            ?? (name.starts(with: "the".utf8)
                ? countryNames.code(of: name.span.extracting(3..<name.count)).flatMap(CountryCode.init) : nil)
    }

    private func countryCode(_ text: Span<UInt8>) -> CountryCode? {
        let key = text.count <= 3 ? CodeTable.key(of: text) : 0
        switch text.count {
        case 2:
            guard let code = CountryCode(text) else { return nil }
            return code == .uk ? .gb : countries.contains(key) ? code : nil
        case 3: return (alpha3.value(of: key) ?? numeric.value(of: key)).flatMap(CountryCode.init)
        default: return nil
        }
    }

    /// ISO 3166-2 code, with or without its country, or a name. A country in the code must be the event's. Without one,
    /// two letters are taken as they are, and names are those of the US.
    func state(_ text: Span<UInt8>, in country: CountryCode?) -> StateCode? {
        if let code = prefixedState(text, in: country) ?? stateCode(text, in: country) { return code }
        guard text.count > 1 else { return nil }
        let name = FoldedName(text, in: country ?? .us).bytes
        // `N.Y.` is a code.
        return stateNames.code(of: name.span).map(StateCode.init)
            ?? stateCode(name.span.extracting(2..<name.count), in: country ?? .us)
    }

    /// `us-ca`.
    private func prefixedState(_ text: Span<UInt8>, in country: CountryCode?) -> StateCode? {
        guard (4...6).contains(text.count), text[2] == UInt8(ascii: "-"),
            let prefix = countryCode(text.extracting(0..<2)), country == nil || country == prefix
        else { return nil }
        return stateCode(text.extracting(3..<text.count), in: prefix)
    }

    private func stateCode(_ text: Span<UInt8>, in country: CountryCode?) -> StateCode? {
        guard let code = StateCode(text) else { return nil }
        guard let country else { return text.count == 2 && code.letters.isAlphabetic ? code : nil }
        return states.contains(country.letters.word << 24 | code.letters.padded(to: 3)) ? code : nil
    }

    /// A code of ISO 4217, in any case.
    func isCurrency(_ text: Span<UInt8>) -> Bool {
        guard text.count == 3, let code = PackedLetters(text) else { return false }
        return currencies.contains(code.word)
    }
}

extension PackedLetters {
    /// The letters as the number that ``CodeTable`` compares, with spaces behind them up to `width`.
    fileprivate func padded(to width: Int) -> UInt64 {
        var key = word
        for _ in count..<max(width, count) { key = key << 8 | 0x20 }
        return key
    }
}
