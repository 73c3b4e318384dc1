/// What the spellings of a name have in common: lower case, without spaces, punctuation and marks on letters.
///
/// The tables hold names in this form, made by `fold` in `deploy/tables/tables.py`: both follow the same rule.
struct FoldedName {
    private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - name: NFC and in lower case.
    ///   - country: stands in front of the name in the table of states.
    init(_ name: Span<UInt8>, in country: CountryCode? = nil) {
        bytes.reserveCapacity(name.count + 2)
        country?.letters.forEachByte { bytes.append($0) }
        if name.indices.contains(where: { name[$0] >= 0x80 }) {
            appendUnicode(name)
        } else {
            for index in name.indices { append(name[index]) }
        }
    }

    private mutating func append(_ byte: UInt8) {
        if ASCII.isLetterOrDigit(byte) {
            bytes.append(byte)
        } else if byte == UInt8(ascii: "&") {
            bytes += "and".utf8
        }
    }

    private mutating func appendUnicode(_ name: Span<UInt8>) {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(name.count)
        for index in name.indices { encoded.append(name[index]) }
        for scalar in canonicallyDecomposed(String(decoding: encoded, as: UTF8.self)) {
            if scalar.isASCII {
                append(UInt8(scalar.value))
            } else if let letters = Self.plainLetters(for: scalar) {
                bytes += letters.utf8
            } else if scalar.standsInNames {
                bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
    }

    /// Letters that have no decomposition and are also written otherwise.
    private static func plainLetters(for scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "ß": "ss"
        case "æ": "ae"
        case "œ": "oe"
        case "ø": "o"
        case "ł": "l"
        case "đ", "ð": "d"
        case "þ": "th"
        case "ı": "i"
        case "ħ": "h"
        case "ŋ": "n"
        case "ς": "σ"
        default: nil
        }
    }
}

extension Unicode.Scalar {
    /// Letters, numbers and spacing vowel signs; no apostrophe that counts as a letter.
    fileprivate var standsInNames: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .spacingMark:
            !(0x2B0...0x2FF).contains(value)
        default: false
        }
    }
}
