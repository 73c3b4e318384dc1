// What Segment's reader makes of single conditions.
extension TriggerLenientReader {
    /// Reads one condition and stops at what follows it.
    mutating func readCondition(isNegated: Bool) {
        let start = token
        if let word = start.word, word.keyword == nil {
            if tokens[index + 1].symbol == .open {
                readFunction(start, isNegated: isNegated)
            } else {
                readField(word, start)
            }
        } else {
            warn(at: start, "Segment's own reader does not know a condition that begins with a value")
        }
        skipCondition()
    }

    private mutating func skipCondition() {
        var depth = 0
        while !token.isEnd {
            if depth == 0, token.keyword == .and || token.keyword == .or { return }
            switch token.symbol {
            case .comma where depth == 0, .close where depth == 0: return
            case .open, .openList: depth += 1
            case .close, .closeList: depth -= 1
            default: break
            }
            index += 1
        }
    }

    // MARK: Functions

    private mutating func readFunction(_ start: TriggerToken, isNegated: Bool) {
        let name = word(start)
        guard name == "contains" || name == "match" else {
            return warn(at: start, "Segment's own reader does not know \(spelling(start))")
        }
        let subject = tokens[index + 2]
        guard let field = subject.word?.steps.first, tokens[index + 3].symbol == .comma else {
            return warn(at: subject, "Segment's own reader knows only a field in \(name)")
        }
        if !TriggerFields.lenient.contains(field) || field == Array("type".utf8) {
            warn(
                at: subject,
                "Segment's own reader does not take \(spelling(subject)) in \(name): it drops the condition")
        }
        readShape(of: subject)
        if isNegated {
            warn(at: start, "Segment's own reader says no where \(spelling(subject)) is missing or no text")
        }
        if name == "match" { readPattern(tokens[index + 4]) }
        levels[levels.count - 1].isBehindFunction = true
        if tokens[index + 6].symbol?.comparison != nil {
            warn(at: tokens[index + 6], "Segment's own reader does not compare what \(name) gives")
        }
    }

    /// Only `text*` and `*text` mean there what they mean here.
    private mutating func readPattern(_ token: TriggerToken) {
        guard case .text(let pattern, _) = token.kind else { return }
        let star = UInt8(ascii: "*")
        var rest = pattern[...]
        if rest.last == star { rest = rest.dropLast() } else if rest.first == star { rest = rest.dropFirst() }
        guard rest.count == pattern.count || rest.contains(where: { "*?[\\".utf8.contains($0) }) else { return }
        let lenient = pattern.last == star ? "begins with" : "ends with"
        let part = pattern.last == star ? pattern.dropLast() : pattern.dropFirst()
        warn(
            at: token,
            "here the pattern describes the whole text; Segment's own reader asks whether it \(lenient) "
                + "`\(String(decoding: part, as: UTF8.self))`")
    }

    // MARK: Fields

    private mutating func readField(_ word: TriggerWord, _ start: TriggerToken) {
        guard TriggerFields.lenient.contains(word.steps[0]) else {
            return warn(at: start, "Segment's own reader does not know \(spelling(start)) and drops the condition")
        }
        readShape(of: start)
        let sign = tokens[index + 1]
        if sign.keyword == .in {
            warn(at: sign, "a condition with `in` is never true to Segment's own reader")
        } else if let comparison = sign.symbol?.comparison {
            if sign.symbol == .equalTwice { warn(at: sign, "Segment's own reader never finds anything equal by `==`") }
            readComparison(word.steps[0], comparison, tokens[index + 2])
        } else {
            warn(at: start, "Segment's own reader does not know a field without a comparison")
        }
    }

    private mutating func readShape(of token: TriggerToken) {
        guard let steps = token.word?.steps, TriggerFields.lenient.contains(steps[0]) else { return }
        let root = String(decoding: steps[0], as: UTF8.self)
        let holdsFields = ["properties", "traits", "context"].contains(root)
        if holdsFields, steps.count == 1 {
            warn(at: token, "Segment's own reader takes `\(root)` for `\(root).\(root)`")
        } else if !holdsFields, steps.count > 1 {
            warn(at: token, "Segment's own reader takes \(spelling(token)) for `\(root)`")
        }
    }

    private mutating func readComparison(_ root: [UInt8], _ comparison: TriggerComparison, _ value: TriggerToken) {
        let root = String(decoding: root, as: UTF8.self)
        let isText = ["type", "event", "name"].contains(root)
        let isOrder = comparison != .equal && comparison != .unequal
        switch value.kind {
        case .word(let word): readWordValue(word, root, comparison, value)
        case .number where !isOrder && (isText || root == "userId"):
            warn(at: value, "Segment's own reader compares `\(root)` with the text \(spelling(value))")
        case .number where comparison == .unequal:
            warn(at: value, "Segment's own reader says no where the field is missing or no number")
        case .text(let text, _) where isOrder && Self.isNumber(text):
            warn(at: value, "a text is in no order here; Segment's own reader compares it as a number")
        case .symbol(.openList): warn(at: value, "Segment's own reader does not know lists")
        default: break
        }
    }

    private mutating func readWordValue(
        _ word: TriggerWord, _ root: String, _ comparison: TriggerComparison, _ value: TriggerToken
    ) {
        switch word.keyword {
        case .null:
            if root == "event" || root == "type" {
                warn(at: value, "Segment's own reader compares `\(root)` with the text `null`")
            }
        case .true, .false:
            if comparison == .unequal {
                warn(at: value, "`!= \(self.word(value))` is true for nearly every event to Segment's own reader")
            } else if ["type", "event", "name"].contains(root) {
                warn(at: value, "Segment's own reader compares `\(root)` with the text \(spelling(value))")
            }
        default:
            if word.steps.count > 1 || TriggerFields.known.contains(word.steps[0]) {
                warn(at: value, "Segment's own reader compares with the text \(spelling(value)), not with that field")
            }
        }
    }

    /// Whether JavaScript's conversion makes a number of a text: decimal text, or nothing but blanks.
    private static func isNumber(_ text: [UInt8]) -> Bool {
        let trimmed = text.drop(while: \.isTriggerBlank).reversed().drop(while: \.isTriggerBlank).reversed()
        return trimmed.isEmpty || Double(String(decoding: Array(trimmed), as: UTF8.self)) != nil
    }
}
