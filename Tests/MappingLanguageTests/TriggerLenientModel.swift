/// Segment's lenient reader as `mapping-language.md` 2.2 describes it, for tests: a walk over tokens that skips what it
/// does not know. It is the yardstick for the warnings of `Trigger`.
indirect enum LenientCondition {
    case test(field: String, sign: String, LenientValue)
    case group(isOr: Bool, [LenientCondition])
}

enum LenientValue: Equatable {
    case missing, null, list
    case bool(Bool)
    case number(Double)
    case text(String)
}

enum LenientToken: Equatable {
    case word(String)
    case text(String, quote: String)
    case number(String)
    case sign(String)

    /// As it is written in a trigger.
    var spelling: String {
        switch self {
        case .word(let word): word
        case .text(let text, let quote): quote + text + quote
        case .number(let digits): digits
        case .sign(let sign): sign
        }
    }

    /// The value that the reader takes from it.
    var value: LenientValue {
        switch self {
        case .word("true"): .bool(true)
        case .word("false"): .bool(false)
        case .word(let word): .text(word)
        case .text(let text, "\""): .text(text)
        case .text: .text(spelling)
        case .number(let digits): .number(Double(digits) ?? .nan)
        case .sign(let sign): .text(sign)
        }
    }
}

struct LenientReader {
    private var tokens: ArraySlice<LenientToken>

    /// - Returns: nil for what is an error there.
    static func read(_ tokens: some Sequence<LenientToken>) -> LenientCondition? {
        var reader = LenientReader(tokens: ArraySlice(tokens))
        return reader.level()
    }

    private init(tokens: ArraySlice<LenientToken>) { self.tokens = tokens }

    private mutating func level() -> LenientCondition? {
        var conditions: [LenientCondition] = []
        var isOr = false
        while let token = tokens.popFirst() {
            switch token {
            case .word("and"): isOr = false
            case .word("or"): isOr = true
            case .word("contains"), .word("match"):
                guard let test = function(token.spelling, isNegated: false) else { return nil }
                conditions += test
            case .word(let word):
                let root = word.prefix { $0 != "." }
                guard ["type", "event", "name", "userId", "properties", "traits", "context"].contains(root) else {
                    continue
                }
                guard let sign = tokens.popFirst() else { return nil }
                conditions.append(comparison(word, sign.spelling, tokens.popFirst() ?? .word("eos")))
            case .sign("!"):
                guard let next = tokens.first, [.word("contains"), .word("match")].contains(next) else { continue }
                tokens.removeFirst()
                guard let test = function(next.spelling, isNegated: true) else { return nil }
                conditions += test
            case .sign("("):
                guard let end = tokens.firstIndex(of: .sign(")")) else { return nil }
                guard let group = Self.read(tokens[..<end]) else { return nil }
                tokens = tokens[(end + 1)...]
                conditions.append(group)
            default: continue
            }
        }
        return conditions.isEmpty ? nil : .group(isOr: isOr, conditions)
    }

    /// - Returns: one condition, none where the field is not taken, nil for an error.
    private mutating func function(_ name: String, isNegated: Bool) -> [LenientCondition]? {
        tokens = tokens.dropFirst()
        guard let field = tokens.popFirst()?.spelling else { return nil }
        tokens = tokens.dropFirst()
        guard let token = tokens.popFirst() else { return nil }
        tokens = tokens.dropFirst()
        guard ["event", "name", "userId", "properties", "traits", "context"].contains(field.prefix { $0 != "." }) else {
            return []
        }
        var text = Self.text(token.value)
        var sign = name
        if name == "match", token.spelling.hasSuffix("*\"") {
            text.removeLast()
            sign = "starts"
        } else if name == "match" {
            text = String(text.dropFirst())
            sign = "ends"
        }
        return [.test(field: field, sign: (isNegated ? "!" : "") + sign, .text(text))]
    }

    private func comparison(_ field: String, _ sign: String, _ token: LenientToken) -> LenientCondition {
        let root = field.prefix { $0 != "." }
        let isNull = token == .word("null") && (sign == "=" || sign == "!=")
        if isNull, root != "type", root != "event" { return .test(field: field, sign: sign, .null) }
        if case .bool(let value) = token.value, sign == "=", !["type", "event", "name"].contains(root) {
            return .test(field: field, sign: sign, .bool(value))
        }
        let holdsTypes = ["properties", "traits", "context"].contains(root)
        if holdsTypes, case .number = token.value { return .test(field: field, sign: sign, token.value) }
        return .test(field: field, sign: sign, .text(Self.text(token.value)))
    }

    static func text(_ value: LenientValue) -> String {
        switch value {
        case .missing: "undefined"
        case .null: "null"
        case .list: ""
        case .bool(let value): "\(value)"
        case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
        case .text(let text): text
        }
    }
}

extension LenientCondition {
    func holds(_ event: [String: LenientValue]) -> Bool {
        switch self {
        case .group(true, let parts): return parts.contains { $0.holds(event) }
        case .group(false, let parts): return parts.allSatisfy { $0.holds(event) }
        case .test(let field, let sign, let wanted):
            let root = String(field.prefix { $0 != "." })
            let holdsFields = ["properties", "traits", "context"].contains(root)
            return Self.holds(event[holdsFields ? field : root] ?? .missing, sign, wanted)
        }
    }

    private static func holds(_ actual: LenientValue, _ sign: String, _ wanted: LenientValue) -> Bool {
        switch (sign, wanted) {
        case ("=", .null): return actual == .null || actual == .missing
        case ("!=", .null): return actual != .null && actual != .missing
        case ("!=", .number):
            guard case .number = actual else { return false }
            return actual != wanted
        case ("=", _): return actual == wanted
        case ("!=", _): return actual != wanted
        case ("<", _), ("<=", _), (">", _), (">=", _):
            guard case .number(let left) = actual, let right = Double(LenientReader.text(wanted)) else { return false }
            return ["<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right][sign] ?? false
        default:
            guard case .text(let text) = actual, case .text(let part) = wanted else { return false }
            let isNegated = sign.hasPrefix("!")
            switch isNegated ? String(sign.dropFirst()) : sign {
            case "contains": return (part.isEmpty || text.contains(part)) != isNegated
            case "starts": return text.hasPrefix(part) != isNegated
            case "ends": return text.hasSuffix(part) != isNegated
            default: return false
            }
        }
    }
}
