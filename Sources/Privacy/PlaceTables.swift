/// What is known of countries, states and currencies. Texts come trimmed, NFC and in lower case.
///
/// Codes are taken in their own form; names, alpha-3 and numeric codes need the ISO tables and are unknown to this
/// type. Whether a code of the right form is assigned is not checked.
public struct PlaceTables: Sendable {
    public init() {}

    /// ISO 3166-1 alpha-2; `uk` is `gb`.
    func country(_ text: Span<UInt8>) -> CountryCode? {
        let code = CountryCode(text)
        return code == .uk ? .gb : code
    }

    /// Two letters as they are, or an ISO 3166-2 code with its country (`us-ca`), which must be the event's if it
    /// names one.
    func state(_ text: Span<UInt8>, in country: CountryCode?) -> StateCode? {
        if text.count == 2 {
            guard let code = StateCode(text), code.letters.isAlphabetic else { return nil }
            return code
        }
        guard text.count > 3, text[2] == UInt8(ascii: "-"), let prefix = self.country(text.extracting(0..<2)),
            country == nil || country == prefix
        else { return nil }
        return StateCode(text.extracting(3..<text.count))
    }

    /// Three letters, in any case, have the form of an ISO 4217 code.
    func isCurrency(_ text: Span<UInt8>) -> Bool {
        guard text.count == 3 else { return false }
        for index in text.indices where !ASCII.isLetter(text[index]) { return false }
        return true
    }
}
