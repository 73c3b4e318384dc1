// What Segment's lexer makes of single tokens.
extension TriggerLenientReader {
    mutating func readSigns() {
        for (index, token) in tokens.enumerated() {
            let gapStart = index == 0 ? 0 : tokens[index - 1].range.upperBound
            if source.bytes[gapStart..<token.range.lowerBound].contains(UInt8(ascii: "\r")) {
                warn(at: token, "Segment's own reader cannot read the carriage return before this: it takes no event")
            }
            switch token.kind {
            case .text(_, quote: UInt8(ascii: "'")):
                warn(
                    at: token, "Segment's own reader keeps single quotes as part of the text, which then equals nothing"
                )
            case .word(let word): readWord(word, token)
            case .symbol(let symbol): readSymbol(symbol, token, behindWord: index > 0 && tokens[index - 1].word != nil)
            default: break
            }
        }
    }

    private mutating func readWord(_ word: TriggerWord, _ token: TriggerToken) {
        switch word.keyword {
        case .true, .false, .null:
            guard let keyword = word.keyword, self.word(token) != keyword.rawValue else { break }
            warn(at: token, "Segment's own reader takes \(spelling(token)) for a text; only `\(keyword)` is the value")
        default: break
        }
        if word.escapesSeparator {
            warn(at: token, "Segment's own reader splits \(spelling(token)) at the escaped character too")
        }
        if word.hasMisleadingStep {
            warn(
                at: token,
                "Segment's own reader misreads a step of \(spelling(token)) that is a keyword or begins with a digit; "
                    + "a backslash before the step helps")
        }
    }

    private mutating func readSymbol(_ symbol: TriggerSymbol, _ token: TriggerToken, behindWord: Bool) {
        let next = source[token.range.upperBound]
        let isFollowed = next.map { $0.isTriggerBlank || ",])".utf8.contains($0) } ?? true
        switch symbol {
        case .unequal, .lessOrEqual, .greaterOrEqual:
            guard !isFollowed else { break }
            warn(at: token, "Segment's own reader cannot read \(spelling(token)) without a blank behind it")
        default: break
        }
        switch symbol {
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let before = source[token.range.lowerBound - 1]
            guard behindWord, before.map({ !$0.isTriggerBlank }) ?? false else { break }
            warn(at: token, "Segment's own reader cannot read \(spelling(token)) without a blank before it")
        default: break
        }
    }
}
