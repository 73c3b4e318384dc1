import RelayModel

/// A trigger as it runs: flat tables of plain values. Each branch tests one condition and names the branch to go on with
/// for either answer, so that `and`, `or` and `not` cost nothing.
///
/// Invariant: a branch goes on only with branches before it or with an outcome, so a run ends after at most as many
/// tests as there are branches.
struct TriggerProgram: Sendable {
    enum Test {
        case holds(Term)
        case compare(Term, TriggerComparison, Term)
        case isElement(Term, of: Term)
        case contains(Term, needle: Int)
        case matches(Term, glob: Int)
    }

    /// A value; ranges index the program's own tables.
    enum Term {
        case null
        case bool(Bool)
        case number(Double)
        case text(TextRef)
        case list(Range<Int>)
        case path(Range<Int>)
        case call(TriggerFunction, argument: Int)
    }

    struct Branch {
        let test: Test
        let whenTrue: Int
        let whenFalse: Int
    }

    /// One name of a path, and the position in a list that it may mean.
    struct Step {
        let name: TextRef
        let position: Int?
    }

    static let accept = -1
    static let refuse = -2

    private(set) var entry = Self.refuse
    private(set) var branches: [Branch] = []
    private(set) var terms: [Term] = []
    private(set) var steps: [Step] = []
    private(set) var needles: [TriggerNeedle] = []
    private(set) var globs: [TriggerGlob] = []
    /// The texts of the trigger, one behind the other, and the names of the types before them.
    private(set) var bytes: [UInt8] = []
    private var typeNames: [TextRef] = []

    init(_ expression: TriggerExpression) {
        typeNames = TriggerType.allCases.map { store(Array("\($0)".utf8)) }
        entry = add(expression, whenTrue: Self.accept, whenFalse: Self.refuse)
    }

    func typeName(_ type: TriggerType) -> TextRef { typeNames[type.rawValue] }

    // MARK: Compiling

    /// Adds what decides an expression.
    /// - Returns: where its run starts.
    private mutating func add(_ expression: TriggerExpression, whenTrue: Int, whenFalse: Int) -> Int {
        let test: Test
        switch expression {
        case .constant(let value): return value ? whenTrue : whenFalse
        case .not(let inner): return add(inner, whenTrue: whenFalse, whenFalse: whenTrue)
        case .all(let parts): return parts.reversed().reduce(whenTrue) { add($1, whenTrue: $0, whenFalse: whenFalse) }
        case .any(let parts): return parts.reversed().reduce(whenFalse) { add($1, whenTrue: whenTrue, whenFalse: $0) }
        case .holds(let term): test = .holds(compile(term))
        case .compare(let left, let comparison, let right): test = .compare(compile(left), comparison, compile(right))
        case .isElement(let term, let list): test = .isElement(compile(term), of: compile(list))
        case .contains(let term, let needle):
            needles.append(needle)
            test = .contains(compile(term), needle: needles.count - 1)
        case .matches(let term, let glob):
            globs.append(glob)
            test = .matches(compile(term), glob: globs.count - 1)
        }
        branches.append(Branch(test: test, whenTrue: whenTrue, whenFalse: whenFalse))
        return branches.count - 1
    }

    private mutating func compile(_ term: TriggerTerm) -> Term {
        switch term {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let value): return .number(value)
        case .text(let text): return .text(store(text))
        case .list(let elements):
            // Elements that are lists add their own first, so that these stand in one row.
            let row = elements.map { compile($0) }
            terms += row
            return .list(terms.count - row.count..<terms.count)
        case .path(let names):
            for name in names { steps.append(Step(name: store(name), position: Self.position(name))) }
            return .path(steps.count - names.count..<steps.count)
        case .call(let function, let argument):
            let argument = compile(argument)
            terms.append(argument)
            return .call(function, argument: terms.count - 1)
        }
    }

    private mutating func store(_ text: [UInt8]) -> TextRef {
        bytes += text
        return TextRef(start: UInt32(bytes.count - text.count), count: UInt32(text.count))
    }

    /// The position that a name means in a list: digits without a leading zero.
    private static func position(_ name: [UInt8]) -> Int? {
        guard (1...9).contains(name.count), name.allSatisfy(\.isTriggerDigit) else { return nil }
        guard name.count == 1 || name[0] != UInt8(ascii: "0") else { return nil }
        return name.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
