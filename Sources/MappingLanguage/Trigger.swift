public import RelayModel

/// A trigger, compiled: a text in Segment's filter language (FQL) that says whether an event is taken (`mapping.md` 2,
/// `mapping-language.md` Part 2).
///
/// The documented language is read with a real grammar: `not`/`!` over `and` over `or`, parentheses that nest, keywords
/// and functions in any case, both kinds of quotes, `= == != < <= > >=`, `in`, lists, `contains`, `match`, `lowercase`,
/// `length`, `typeof`. A comma between conditions is an `and`, and `type = track` is `type = "track"`, since published
/// triggers are written so. A missing field is null. Texts compare byte by byte, numbers as doubles; values of different
/// types are unequal and in no order.
public struct Trigger: Sendable {
    public let text: String
    /// What Segment's lenient reader ("dialect A") would decide otherwise, for `check`; each a sentence. Empty for a
    /// trigger on GA4 events, which that reader never sees, but for what may surprise in any case.
    public let warnings: [String]
    private let expression: TriggerExpression
    private let program: TriggerProgram

    /// - Throws: a fault with an empty path; its message names the column, what was found and what was expected.
    public init(_ text: String) throws(MappingFault) {
        let source = TriggerSource(text)
        guard source.bytes.count <= TriggerLimits.byteCount else {
            throw MappingFault(path: [], message: "the trigger is longer than \(TriggerLimits.byteCount) bytes")
        }
        let tokens = try TriggerLexer.tokens(of: source)
        guard tokens.count > 1 else { throw MappingFault(path: [], message: "the trigger is empty") }
        var parser = TriggerParser(source, tokens)
        expression = try parser.trigger()
        program = TriggerProgram(expression)
        warnings = parser.notes + TriggerLenientReader.warnings(source, tokens)
        self.text = text
    }

    /// Whether `event` is taken: the root object (Segment event, or common event data of GA4) on the tape. Total; the
    /// work is bounded by the sizes of trigger and event. Allocates only for `lowercase` inside another function.
    public func matches(_ event: TapeNode, on tape: borrowing EventTape) -> Bool {
        program.run(event, tape)
    }

    /// The exact texts of the path `event` (Segment) or `event_name` (GA4) outside which the trigger cannot be true, in
    /// order and each once; nil when any text may match. For an index by event name.
    /// - Parameter path: names joined by dots.
    public func eventNames(atPath path: String) -> [String]? {
        let steps = path.split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard let texts = expression.texts(of: steps) else { return nil }
        var seen: Set<[UInt8]> = []
        return texts.filter { seen.insert($0).inserted }.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// How large a trigger may be.
enum TriggerLimits {
    static let byteCount = 65_536
    /// Parentheses, function calls and lists within each other.
    static let nesting = 64
    static let listCount = 1024
    /// Sentences about one trigger.
    static let warningCount = 20
}
