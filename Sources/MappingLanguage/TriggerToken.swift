/// One piece of a trigger's text.
struct TriggerToken {
    enum Kind {
        case word(TriggerWord)
        /// A text in quotes, without them.
        case text([UInt8], quote: UInt8)
        case number(Double)
        case symbol(TriggerSymbol)
        case end
    }

    let kind: Kind
    /// Where it stands in the source, in bytes; empty for the end.
    let range: Range<Int>

    var word: TriggerWord? {
        guard case .word(let word) = kind else { return nil }
        return word
    }

    var symbol: TriggerSymbol? {
        guard case .symbol(let symbol) = kind else { return nil }
        return symbol
    }

    var keyword: TriggerKeyword? { word?.keyword }

    var isEnd: Bool {
        if case .end = kind { true } else { false }
    }
}

/// Signs that are not words.
enum TriggerSymbol: String {
    case open = "("
    case close = ")"
    case openList = "["
    case closeList = "]"
    case comma = ","
    case bang = "!"
    case equal = "="
    case equalTwice = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// What it compares; nil for signs of other use.
    var comparison: TriggerComparison? {
        switch self {
        case .equal, .equalTwice: .equal
        case .unequal: .unequal
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }
}

/// Words with a meaning of their own, in any case. Escaped, or as a step of a longer path, they are plain names.
enum TriggerKeyword: String {
    case and, or, not, `in`, `true`, `false`, null
}

/// A path of names joined by dots; most often a single name.
struct TriggerWord {
    /// The names, escapes taken away.
    var steps: [[UInt8]] = []
    /// True when no character of it was escaped.
    var isPlain = true
    /// True when a `.`, `[` or `]` was escaped.
    var escapesSeparator = false
    /// True when a later step begins with a digit, or is a keyword, without an escape.
    var hasMisleadingStep = false

    /// The name, where there is only one.
    var single: [UInt8]? { steps.count == 1 ? steps[0] : nil }

    var keyword: TriggerKeyword? {
        guard isPlain, let single, single.count <= 5 else { return nil }
        return TriggerKeyword(rawValue: String(decoding: single, as: UTF8.self).lowercased())
    }

    /// The name in lower case where it is a single one, as function names are compared.
    var lowercasedName: String? {
        guard isPlain, let single else { return nil }
        return String(decoding: single, as: UTF8.self).lowercased()
    }
}

extension UInt8 {
    var isTriggerBlank: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }

    var isTriggerDigit: Bool { self &- UInt8(ascii: "0") <= 9 }

    /// A letter, a digit, `_` or `-`: what a name may hold without an escape.
    var isTriggerNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: isTriggerDigit
        }
    }
}
