// The slow path: text beyond ASCII, by Unicode's locale-independent rules.
extension ScratchText {
    /// Takes over a value with bytes beyond ASCII: trimmed, NFC, lower case unless its case is to be kept.
    mutating func takeUnicode(_ value: Span<UInt8>, keepsCase: Bool) -> Outcome {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        for index in value.indices { bytes.append(value[index]) }
        guard let text = String(validating: bytes, as: UTF8.self) else { return .notUTF8 }
        let composed = canonicallyComposed(text.trimmingWhiteSpace)
        let result = keepsCase ? composed : lowerCased(composed)
        guard replace(with: result.utf8) else { return .tooLong }
        return count == 0 ? .blank : .text
    }

    /// A phone number's signs in ASCII: digits of every script, spaces, dashes, the wide plus. Invisible marks go.
    mutating func useASCIIPhoneSigns() {
        guard !isASCII else { return }
        keepScalars { scalar in
            if let digit = scalar.decimalDigit { return digit }
            switch scalar.properties.generalCategory {
            case .spaceSeparator: return " "
            case .dashPunctuation: return "-"
            case .format: return nil
            default: return scalar == "\u{FF0B}" ? "+" : scalar
            }
        }
    }

    /// Puts what `map` makes of each scalar in place of the present text.
    mutating func keepScalars(_ map: (Unicode.Scalar) -> Unicode.Scalar?) {
        var kept = String.UnicodeScalarView()
        for scalar in String(decoding: storage[..<count], as: UTF8.self).unicodeScalars {
            if let mapped = map(scalar) { kept.append(mapped) }
        }
        // Every scalar maps to one that is no longer in UTF-8, so the text fits where it stood.
        _ = replace(with: String(kept).utf8)
    }
}

extension String {
    /// Without outer white space, by Unicode's `White_Space`.
    fileprivate var trimmingWhiteSpace: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

/// Lower case by Unicode's full mapping, with its one context rule that holds in every language: a capital sigma at
/// the end of a word becomes `ς`. Browsers do the same, and both sides must hash alike.
func lowerCased(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
        if scalar == "\u{3A3}" {
            result += isFinalSigma(at: index, in: scalars) ? "\u{3C2}" : "\u{3C3}"
        } else {
            result += scalar.properties.lowercaseMapping
        }
    }
    return result
}

/// A cased letter stands before and none after, case-ignorable scalars not counted (SpecialCasing's `Final_Sigma`).
private func isFinalSigma(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
}

extension Unicode.Scalar {
    /// The ASCII digit of the same value, for decimal digits of every script.
    var decimalDigit: Unicode.Scalar? {
        guard properties.numericType == .decimal, let value = properties.numericValue, (0...9).contains(value) else {
            return nil
        }
        return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
    }

    /// Punctuation, symbol, separator, white space or control character.
    var isNoWordCharacter: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
            .spaceSeparator, .lineSeparator, .paragraphSeparator, .control:
            true
        default: false
        }
    }
}
