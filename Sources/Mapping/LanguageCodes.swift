/// ISO 639-1: the two-letter codes of `iso_639-2.json` in iso-codes 4.15.0 (Debian 12).
enum LanguageCodes {
    /// The primary subtag of a language tag (`en-GB`, `pt_BR`) as lower-case letters, when it is a code.
    static func code(inTag tag: Span<UInt8>) -> (first: UInt8, second: UInt8, isAsWritten: Bool)? {
        guard tag.count == 2 || tag.count > 2 && !isASCIILetter(tag[2]) && !isASCIIDigit(tag[2]) else { return nil }
        let (first, second) = (lowercaseASCII(tag[0]), lowercaseASCII(tag[1]))
        guard contains(first, second) else { return nil }
        return (first, second, first == tag[0] && second == tag[1])
    }

    /// True for two lower-case letters that are a code.
    static func contains(_ first: UInt8, _ second: UInt8) -> Bool {
        let row = Int(first) - Int(UInt8(ascii: "a"))
        guard rows.indices.contains(row), isASCIILetter(second) else { return false }
        return rows[row] & 1 << UInt32(second &- UInt8(ascii: "a")) != 0
    }

    /// One row for each first letter, one bit for each second.
    private static let rows: [UInt32] = secondLetters.map { letters in
        letters.utf8.reduce(0) { $0 | 1 << UInt32($1 - UInt8(ascii: "a")) }
    }

    private static let secondLetters = [
        "abefkmnrsvyz",  // a
        "aeghimnors",  // b
        "aehorsuvy",  // c
        "aevz",  // d
        "elnostu",  // e
        "afijory",  // f
        "adlnuv",  // g
        "aeiortuyz",  // h
        "adegikostu",  // i
        "av",  // j
        "agijklmnorsuvwy",  // k
        "abginotuv",  // l
        "ghiklnrsty",  // m
        "abdeglnorvy",  // n
        "cjmrs",  // o
        "ailst",  // p
        "u",  // q
        "mnouw",  // r
        "acdegiklmnoqrstuvw",  // s
        "aeghiklnorstwy",  // t
        "gkrz",  // u
        "eio",  // v
        "ao",  // w
        "h",  // x
        "io",  // y
        "ahu",  // z
    ]
}
