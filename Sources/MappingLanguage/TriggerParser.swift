/// Reads a trigger: `not` binds tighter than `and`, `and` tighter than `or`; a comma is an `and`; parentheses nest.
/// Whatever cannot be read is a fault with its place.
struct TriggerParser {
    let source: TriggerSource
    private let tokens: [TriggerToken]
    private var index = 0
    private var depth = 0
    /// Readings that a person may not expect, each a sentence.
    var notes: [String] = []

    init(_ source: TriggerSource, _ tokens: [TriggerToken]) {
        self.source = source
        self.tokens = tokens
    }

    mutating func trigger() throws(MappingFault) -> TriggerExpression {
        let expression = try disjunction()
        guard token.isEnd else { throw fault("`and`, `or` or the end") }
        return expression
    }

    // MARK: Conditions

    private mutating func disjunction() throws(MappingFault) -> TriggerExpression {
        var parts = [try conjunction()]
        while take(.or) { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(MappingFault) -> TriggerExpression {
        var parts = [try negation()]
        while take(.and) || take(.comma) { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws(MappingFault) -> TriggerExpression {
        var isNegated = false
        while take(.not) || take(.bang) { isNegated.toggle() }
        let condition = try condition()
        return isNegated ? .not(condition) : condition
    }

    private mutating func condition() throws(MappingFault) -> TriggerExpression {
        if take(.open) {
            try descend()
            let inner = try disjunction()
            guard take(.close) else { throw fault("`and`, `or` or `)`") }
            leave()
            return inner
        }
        if let predicate = try predicate() { return try compared(predicate) }
        let left = try term(afterLiteral: true)
        if take(.in) { return .isElement(left, of: try container()) }
        guard let comparison = token.symbol?.comparison else { return try alone(left) }
        advance()
        let readsWords = !left.isLiteral && (comparison == .equal || comparison == .unequal)
        return .compare(left, comparison, try term(afterLiteral: !readsWords))
    }

    /// A condition that is only a value: `true` itself, a field or a function's result.
    private func alone(_ term: TriggerTerm) throws(MappingFault) -> TriggerExpression {
        switch term {
        case .null: return .constant(false)
        case .bool(let value): return .constant(value)
        case .number, .text, .list: throw fault("one of = != < <= > >= in")
        case .path, .call:
            let isEnd = token.isEnd || token.symbol == .close || token.symbol == .comma
            guard isEnd || token.keyword == .and || token.keyword == .or else {
                throw fault("one of = != < <= > >= in, `and`, `or` or the end")
            }
            return .holds(term)
        }
    }

    /// `contains(...)` and `match(...)`; nil where the next token begins something else.
    private mutating func predicate() throws(MappingFault) -> TriggerExpression? {
        guard let name = functionName, name == "contains" || name == "match" else { return nil }
        advance(by: 2)
        try descend()
        let subject = try term(afterLiteral: true)
        guard take(.comma) else { throw fault("`,` and the text of \(name)") }
        let place = token.range
        guard case .text(let text) = try term(afterLiteral: false) else {
            throw source.fault(place, expected: "a text in quotes for \(name)")
        }
        guard take(.close) else { throw fault("`)` behind the text of \(name)") }
        leave()
        if name == "contains" { return .contains(subject, TriggerNeedle(text)) }
        do {
            return .matches(subject, try TriggerGlob(parsing: text))
        } catch {
            throw source.fault(at: place.lowerBound, "the pattern \(source.quoted(place)) holds \(error.message)")
        }
    }

    /// A predicate with the `= true` or `!= false` that may follow it.
    private mutating func compared(_ predicate: TriggerExpression) throws(MappingFault) -> TriggerExpression {
        guard let comparison = token.symbol?.comparison, comparison == .equal || comparison == .unequal else {
            return predicate
        }
        advance()
        guard token.keyword == .true || token.keyword == .false else { throw fault("`true` or `false`") }
        let isAffirmed = (token.keyword == .true) == (comparison == .equal)
        advance()
        return isAffirmed ? predicate : .not(predicate)
    }

    // MARK: Tokens

    var token: TriggerToken { tokens[index] }

    /// The name of the function that is called here, in lower case; nil where nothing is called.
    var functionName: String? {
        guard let word = token.word, word.keyword == nil, tokens[index + 1].symbol == .open else { return nil }
        return word.lowercasedName ?? ""
    }

    /// The end token is never passed.
    mutating func advance(by count: Int = 1) { index = min(index + count, tokens.count - 1) }

    mutating func take(_ symbol: TriggerSymbol) -> Bool {
        guard token.symbol == symbol else { return false }
        advance()
        return true
    }

    mutating func take(_ keyword: TriggerKeyword) -> Bool {
        guard token.keyword == keyword else { return false }
        advance()
        return true
    }

    /// Counts a parenthesis or list that was just opened; ``leave()`` counts it off.
    mutating func descend() throws(MappingFault) {
        depth += 1
        guard depth <= TriggerLimits.nesting else {
            let place = tokens[index - 1].range.lowerBound
            throw source.fault(at: place, "parentheses nest deeper than \(TriggerLimits.nesting)")
        }
    }

    mutating func leave() { depth -= 1 }

    func fault(_ expected: String) -> MappingFault { source.fault(token.range, expected: expected) }
}
