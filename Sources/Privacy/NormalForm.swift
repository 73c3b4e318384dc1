import RelayModel

/// What normalising made of one value. The text itself stands in the ``ScratchText``.
enum NormalForm: Hashable {
    /// Hash it.
    case text
    /// Hash it, and warn.
    case doubtful(WarningKind)
    /// Hash it, and its first bytes as a second value.
    case textAndPrefix(Int)
    /// Hash it, and the same letters in upper case as a second value.
    case textAndUpperCase
    /// Leave it out and warn.
    case leftOut(WarningKind)
}

/// The rules that need nothing but the value itself (`mapping.md` 6). The value is trimmed, NFC and, unless its case
/// is kept, lower case; it is not blank, no hash and no placeholder.
extension ScratchText {
    /// One `@` with text on both sides.
    func checkEmail() -> NormalForm {
        var at: Int?
        for index in 0..<count where storage[index] == UInt8(ascii: "@") {
            guard at == nil else { return .leftOut(.notAnEmail) }
            at = index
        }
        guard let at, at > 0, at < count - 1 else { return .leftOut(.notAnEmail) }
        return .text
    }

    /// No spaces, punctuation or symbols; letters of every script stay, accents stay.
    mutating func normaliseCity() -> NormalForm {
        keep(ascii: ASCII.isLetterOrDigit, others: { $0.isNoWordCharacter ? nil : $0 })
        return count == 0 ? .leftOut(.unusable) : .text
    }

    /// `f`, `m` or `n`.
    mutating func normaliseGender() -> NormalForm {
        keep(ascii: ASCII.isLetter, others: { _ in nil })
        guard let letter = GenderWords.letter(of: self) else { return .leftOut(.unusable) }
        replace(with: letter)
        return .text
    }

    /// `YYYYMMDD`.
    mutating func normaliseBirthDate(order: PrivacyRules.DayMonthOrder?) -> NormalForm {
        guard isASCII, let date = BirthDate(storage.span.extracting(0..<count), order: order) else {
            return .leftOut(.impossibleDate)
        }
        replace(withEightDigits: date.number)
        return .text
    }

    /// Digits only; letters too where the country's codes have them. A US ZIP+4 gives its first five as well.
    mutating func normalisePostalCode(country: CountryCode?) -> NormalForm {
        if let country, PostalCodes.holdLetters(in: country) {
            keep(ascii: ASCII.isLetterOrDigit, others: { $0.decimalDigit ?? ($0.properties.isAlphabetic ? $0 : nil) })
            return count == 0 ? .leftOut(.unusable) : .text
        }
        let isZIPPlus4 = isFiveDashFour
        keepDigits()
        guard count > 0 else { return .leftOut(.unusable) }
        let isExtended = count == 9 && (country == .us || (country == nil && isZIPPlus4))
        return isExtended ? .textAndPrefix(5) : .text
    }

    /// `94107-1234`: a form that only the US gives without naming a country.
    private var isFiveDashFour: Bool { count == 10 && storage[5] == UInt8(ascii: "-") }

    /// Anything but zeros and hyphens.
    func checkAdvertisingID() -> NormalForm {
        for index in 0..<count where storage[index] != UInt8(ascii: "0") && storage[index] != UInt8(ascii: "-") {
            return .text
        }
        return .leftOut(.placeholder)
    }
}

enum GenderWords {
    private static let female = WordSet(["f", "female", "woman"])
    private static let male = WordSet(["m", "male", "man"])
    /// Hyphens and spaces are gone when a word is looked up.
    private static let nonBinary = WordSet(["n", "x", "nonbinary", "other"])

    static func letter(of word: ScratchText) -> PackedLetters? {
        if word.isIn(female) { return PackedLetters(known: "f") }
        if word.isIn(male) { return PackedLetters(known: "m") }
        return word.isIn(nonBinary) ? PackedLetters(known: "n") : nil
    }
}

enum PostalCodes {
    /// Countries whose postcodes hold letters (`mapping.md` 9.10).
    private static let withLetters = Set(
        [
            "ad", "ai", "ar", "az", "bb", "bm", "bn", "ca", "fk", "gb", "gg", "gi", "gs", "ie", "im", "io", "je", "jm",
            "ky", "lc", "md", "ms", "mt", "nl", "pn", "sh", "so", "sz", "tc", "vc", "vg",
        ].compactMap { CountryCode($0) })

    static func holdLetters(in country: CountryCode) -> Bool { withLetters.contains(country) }
}

/// Words that stand for "nobody" or "nothing" in identity and place fields (`mapping.md` 9.15), lower case.
enum Placeholders {
    static let words = WordSet([
        "0", "null", "undefined", "anonymous", "guest", "unknown", "n/a", "(not set)", "not set", "(null)", "none",
        "(none)", "[object object]",
    ])

    /// Pinterest's own example of a user agent that says nothing.
    static let userAgents = WordSet(["other"])
    /// Longer user agents are no placeholders.
    static let longestUserAgent = 16
}
