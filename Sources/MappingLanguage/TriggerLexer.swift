/// Cuts a trigger's text into tokens (`mapping-language.md` 2.1). Where Segment's lexer wants a blank and the meaning is
/// plain without one (`total>40`), none is needed here.
struct TriggerLexer {
    private let source: TriggerSource
    private var at = 0

    init(_ source: TriggerSource) { self.source = source }

    /// - Returns: all tokens, the end included.
    static func tokens(of source: TriggerSource) throws(MappingFault) -> [TriggerToken] {
        var lexer = TriggerLexer(source)
        var tokens: [TriggerToken] = []
        repeat { tokens.append(try lexer.next()) } while !(tokens.last?.isEnd ?? true)
        return tokens
    }

    private mutating func next() throws(MappingFault) -> TriggerToken {
        skipBlanks()
        let start = at
        guard let byte = source[at] else { return TriggerToken(kind: .end, range: start..<start) }
        let kind: TriggerToken.Kind
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): kind = try text(quote: byte)
        case UInt8(ascii: "+"), UInt8(ascii: "0")...UInt8(ascii: "9"): kind = try number()
        case UInt8(ascii: "-"): kind = try number()
        case _ where byte == UInt8(ascii: "\\") || byte.isTriggerNameByte: kind = .word(try word())
        default: kind = .symbol(try symbol())
        }
        return TriggerToken(kind: kind, range: start..<at)
    }

    private mutating func skipBlanks() {
        while let byte = source[at], byte.isTriggerBlank { at += 1 }
    }

    // MARK: Texts and numbers

    private mutating func text(quote: UInt8) throws(MappingFault) -> TriggerToken.Kind {
        let start = at + 1
        guard let end = source.bytes[start...].firstIndex(of: quote) else {
            throw source.fault(at: at, "a text begins here, expected its closing \(Character(Unicode.Scalar(quote)))")
        }
        at = end + 1
        if let next = source[at], next.isTriggerNameByte || "\"'\\.".utf8.contains(next) {
            throw source.fault(
                source.character(at: at),
                expected: "a blank or a sign behind the text (quotes are not escaped: a text with one kind of quote "
                    + "in it stands between the other kind)")
        }
        return .text(Array(source.bytes[start..<end]), quote: quote)
    }

    private mutating func number() throws(MappingFault) -> TriggerToken.Kind {
        let start = at
        if let sign = source[at], !sign.isTriggerDigit { at += 1 }
        let hasDigits = skipDigits()
        if source[at] == UInt8(ascii: "."), source[at + 1]?.isTriggerDigit == true {
            at += 1
            skipDigits()
        }
        let isWhole = source[at].map { !$0.isTriggerNameByte && $0 != UInt8(ascii: ".") } ?? true
        guard hasDigits, isWhole else {
            while let byte = source[at], byte.isTriggerNameByte || byte == UInt8(ascii: ".") { at += 1 }
            throw source.fault(
                start..<Swift.max(at, start + 1), expected: "a number such as 42 or -0.5, without exponent")
        }
        let digits = String(decoding: source.bytes[start..<at], as: UTF8.self)
        guard let value = Double(digits), value.isFinite else {
            throw source.fault(start..<at, expected: "a smaller number")
        }
        return .number(value)
    }

    @discardableResult
    private mutating func skipDigits() -> Bool {
        let start = at
        while let byte = source[at], byte.isTriggerDigit { at += 1 }
        return at > start
    }

    // MARK: Words

    private mutating func word() throws(MappingFault) -> TriggerWord {
        var word = TriggerWord()
        while true {
            try step(into: &word)
            // Blanks round a dot belong to the path; without a dot they end it.
            let end = at
            skipBlanks()
            guard source[at] == UInt8(ascii: ".") else {
                at = end
                return word
            }
            at += 1
            skipBlanks()
        }
    }

    /// Reads one name of a path.
    private mutating func step(into word: inout TriggerWord) throws(MappingFault) {
        var name: [UInt8] = []
        var hasEscape = false
        while let byte = source[at] {
            if byte == UInt8(ascii: "\\") {
                hasEscape = true
                guard let escaped = source[at + 1] else {
                    throw source.fault(at..<at + 1, expected: "a character behind the backslash")
                }
                if ".[]".utf8.contains(escaped) { word.escapesSeparator = true }
                let range = source.character(at: at + 1)
                name += source.bytes[range]
                at = range.upperBound
            } else if byte.isTriggerNameByte {
                name.append(byte)
                at += 1
            } else {
                break
            }
        }
        guard !name.isEmpty else {
            throw source.fault(
                source[at] == nil ? at..<at : source.character(at: at), expected: "a field's name behind the dot")
        }
        try checkBehindName()
        let only = TriggerWord(steps: [name], isPlain: !hasEscape)
        if !word.steps.isEmpty, !hasEscape, name[0].isTriggerDigit || only.keyword != nil {
            word.hasMisleadingStep = true
        }
        word.isPlain = word.isPlain && !hasEscape
        word.steps.append(name)
    }

    private func checkBehindName() throws(MappingFault) {
        guard let byte = source[at], byte >= 0x80 || "$@#*/%&;:~?{}[|+^`".utf8.contains(byte) else { return }
        let hint = byte == UInt8(ascii: "[") ? "a list's element is written `.0`" : "in a field's name it is escaped: "
        let escaped = byte == UInt8(ascii: "[") ? "" : "`\\" + source.quoted(source.character(at: at)).dropFirst()
        throw source.fault(source.character(at: at), expected: "a blank, a dot or a sign (\(hint)\(escaped))")
    }

    // MARK: Signs

    private mutating func symbol() throws(MappingFault) -> TriggerSymbol {
        for length in [2, 1] where at + length <= source.bytes.count {
            let text = String(decoding: source.bytes[at..<at + length], as: UTF8.self)
            if let symbol = TriggerSymbol(rawValue: text) {
                at += length
                return symbol
            }
        }
        throw source.fault(source.character(at: at), expected: "a field, a value, a sign such as = or a parenthesis")
    }
}
