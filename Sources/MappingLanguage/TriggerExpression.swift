/// A trigger as it was read: a tree, for compiling and for questions about it. Events are judged by ``TriggerProgram``.
indirect enum TriggerExpression: Sendable {
    case constant(Bool)
    /// True when the value is exactly `true`.
    case holds(TriggerTerm)
    case compare(TriggerTerm, TriggerComparison, TriggerTerm)
    /// True when the value equals an element of the list.
    case isElement(TriggerTerm, of: TriggerTerm)
    /// True when the value is a text that holds the needle.
    case contains(TriggerTerm, TriggerNeedle)
    /// True when the value is a text that the pattern describes whole.
    case matches(TriggerTerm, TriggerGlob)
    case not(TriggerExpression)
    case all([TriggerExpression])
    case any([TriggerExpression])
}

enum TriggerComparison: Sendable {
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual

    /// Whether two numbers stand in this relation.
    func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .equal: left == right
        case .unequal: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}

/// Something that has a value.
indirect enum TriggerTerm: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case text([UInt8])
    case list([TriggerTerm])
    /// A field of the event. A missing one is null.
    case path([[UInt8]])
    case call(TriggerFunction, TriggerTerm)

    /// True for what does not depend on the event.
    var isLiteral: Bool {
        switch self {
        case .path, .call: false
        default: true
        }
    }
}

/// Functions that give a value. `contains` and `match` give a condition and are no terms.
enum TriggerFunction: String, Sendable {
    /// The text in lower case; null for everything else.
    case lowercase
    /// Elements of a list, bytes of a text, 0 for null; null for everything else.
    case length
    /// `string`, `number`, `list`, `bool`, `null` or `object`.
    case typeof
}

extension TriggerExpression {
    /// The texts of `path` outside which the expression cannot be true; nil when every one may do.
    /// - Parameter wanted: false asks the same of the expression's negation.
    func texts(of path: [[UInt8]], wanted: Bool = true) -> [[UInt8]]? {
        switch self {
        case .constant(let value): value == wanted ? nil : []
        case .compare(let left, .equal, let right) where wanted: Self.texts(of: path, left, right)
        case .compare(let left, .unequal, let right) where !wanted: Self.texts(of: path, left, right)
        case .isElement(.path(path), of: .list(let elements)) where wanted: Self.texts(elements)
        case .not(let inner): inner.texts(of: path, wanted: !wanted)
        case .all(let parts): wanted ? Self.common(parts, path, wanted) : Self.united(parts, path, wanted)
        case .any(let parts): wanted ? Self.united(parts, path, wanted) : Self.common(parts, path, wanted)
        default: nil
        }
    }

    private static func texts(of path: [[UInt8]], _ left: TriggerTerm, _ right: TriggerTerm) -> [[UInt8]]? {
        switch (left, right) {
        case (.path(path), .text(let text)), (.text(let text), .path(path)): [text]
        default: nil
        }
    }

    /// Nil where an element is no text, since an event without that text may then match.
    private static func texts(_ elements: [TriggerTerm]) -> [[UInt8]]? {
        var texts: [[UInt8]] = []
        for element in elements {
            guard case .text(let text) = element else { return nil }
            texts.append(text)
        }
        return texts
    }

    private static func common(_ parts: [Self], _ path: [[UInt8]], _ wanted: Bool) -> [[UInt8]]? {
        var common: [[UInt8]]?
        for part in parts {
            guard let texts = part.texts(of: path, wanted: wanted) else { continue }
            let allowed = Set(texts)
            common = common?.filter(allowed.contains) ?? texts
        }
        return common
    }

    private static func united(_ parts: [Self], _ path: [[UInt8]], _ wanted: Bool) -> [[UInt8]]? {
        var united: [[UInt8]] = []
        for part in parts {
            guard let texts = part.texts(of: path, wanted: wanted) else { return nil }
            united += texts
        }
        return united
    }
}
