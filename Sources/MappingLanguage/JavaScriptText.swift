/// What JavaScript does with texts, over UTF-8: lengths and positions in UTF-16 units, trimming, letter case.
enum JavaScriptText {
    /// How many UTF-16 units a text has.
    static func length(_ text: Span<UInt8>) -> Int {
        var count = 0
        for index in text.indices where text[index] & 0xC0 != 0x80 { count += text[index] >= 0xF0 ? 2 : 1 }
        return count
    }

    enum Unit {
        case scalar(Range<Int>)
        /// Half of a surrogate pair, which UTF-8 cannot hold.
        case half
    }

    /// The UTF-16 unit at a position; nil beyond the text's end.
    static func unit(at position: Int, of text: Span<UInt8>) -> Unit? {
        var passed = 0
        var index = 0
        while index < text.count {
            let behind = end(ofScalarAt: index, of: text)
            let units = text[index] >= 0xF0 ? 2 : 1
            if position < passed + units { return units == 1 ? .scalar(index..<behind) : .half }
            passed += units
            index = behind
        }
        return nil
    }

    /// The index behind the scalar that starts at `index`.
    static func end(ofScalarAt index: Int, of text: Span<UInt8>) -> Int {
        var behind = index + 1
        while behind < text.count, text[behind] & 0xC0 == 0x80 { behind += 1 }
        return behind
    }

    /// The text without white space and line ends at either end, as `trim()` has it.
    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = text.first, let last = text.last, isEdge(first) || isEdge(last) else { return text }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        let front = scalars.prefix(while: isSpace).reduce(0) { $0 + UTF8.width($1) }
        guard front < text.count else { return [] }
        let back = scalars.reversed().prefix(while: isSpace).reduce(0) { $0 + UTF8.width($1) }
        return text.dropFirst(front).dropLast(back)
    }

    /// True for bytes that white space can begin or end with.
    private static func isEdge(_ byte: UInt8) -> Bool { byte <= 0x20 || byte >= 0x80 }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0xA0, 0x2028, 0x2029, 0xFEFF: true
        default: scalar.properties.generalCategory == .spaceSeparator
        }
    }

    // MARK: Letter case

    /// The text in another case by Unicode's full mappings, whatever the locale.
    static func text(_ text: String, in letterCase: LetterCase) -> String {
        switch letterCase {
        case .upper: text.uppercased()
        case .lower: text.unicodeScalars.contains(capitalSigma) ? lowercasedWithSigmas(text) : text.lowercased()
        }
    }

    private static let capitalSigma: Unicode.Scalar = "\u{3A3}"

    /// Unicode's `Final_Sigma`, which the standard library leaves out: at the end of a word it is another letter.
    private static func lowercasedWithSigmas(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        var followsLetter = false
        for (index, scalar) in scalars.enumerated() {
            if scalar == capitalSigma {
                let next = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
                let isFinal = followsLetter && next?.properties.isCased != true
                result.unicodeScalars.append(isFinal ? "\u{3C2}" : "\u{3C3}")
            } else {
                result += scalar.properties.lowercaseMapping
            }
            if !scalar.properties.isCaseIgnorable { followsLetter = scalar.properties.isCased }
        }
        return result
    }

    /// What a UTF-16 unit is compared as where case does not matter: the folding of regular expressions without the
    /// `u` flag.
    static func folded(_ unit: UInt16) -> UInt16 {
        if unit < 0x80 { return UInt16(UInt8(ascii: "a"))...UInt16(UInt8(ascii: "z")) ~= unit ? unit - 32 : unit }
        guard let scalar = Unicode.Scalar(UInt32(unit)) else { return unit }
        let upper = scalar.properties.uppercaseMapping.utf16
        guard upper.count == 1, let folded = upper.first, folded >= 0x80 else { return unit }
        return folded
    }
}
