/// Tells where Segment's lenient reader ("dialect A", `mapping-language.md` 2.2) decides otherwise than ``Trigger``. It
/// walks the tokens of a trigger that was read without fault, from left to right as that reader does, and knows its
/// traps; it judges no event.
struct TriggerLenientReader {
    /// The conditions between two parentheses, or those outside all.
    struct Level {
        /// For each connector, whether it means `or`, and whether the lenient reader sees it.
        var connectors: [(isOr: Bool, isSeen: Bool)] = []
        var firstConnector = 0
        /// True behind a function, whose `)` ends a group there.
        var isBehindFunction = false
    }

    let source: TriggerSource
    let tokens: [TriggerToken]
    var index = 0
    var levels = [Level()]
    private var warnings: [String] = []

    /// - Returns: sentences, each with its place. None for a trigger that reads `event_name`: GA4 events are unknown there.
    static func warnings(_ source: TriggerSource, _ tokens: [TriggerToken]) -> [String] {
        let isAboutGA4 = tokens.contains { $0.word?.steps.first == Array("event_name".utf8) }
        guard !isAboutGA4 else { return [] }
        var reader = TriggerLenientReader(source: source, tokens: tokens)
        reader.readSigns()
        reader.walk()
        return Array(reader.warnings.prefix(TriggerLimits.warningCount))
    }

    private init(source: TriggerSource, tokens: [TriggerToken]) {
        self.source = source
        self.tokens = tokens
    }

    var token: TriggerToken { tokens[index] }

    /// Adds a sentence about a place; the same one is said once.
    mutating func warn(at token: TriggerToken, _ sentence: String) {
        guard warnings.count < TriggerLimits.warningCount else { return }
        let warning = "\(source.place(token.range.lowerBound)): \(sentence)"
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    func spelling(_ token: TriggerToken) -> String { source.quoted(token.range) }

    // MARK: Levels and connectors

    private mutating func walk() {
        while !token.isEnd {
            switch token.kind {
            case .symbol(.open): open()
            case .symbol(.close): close()
            case .symbol(.comma): connect(isOr: false, isSeen: false)
            case .symbol(.bang): negate()
            case .word(let word) where word.keyword == .and: connect(isOr: false, isSeen: isSeen("and"))
            case .word(let word) where word.keyword == .or: connect(isOr: true, isSeen: isSeen("or"))
            case .word(let word) where word.keyword == .not:
                warn(at: token, "Segment's own reader skips `not` and does not negate")
                index += 1
            default: readCondition(isNegated: false)
            }
        }
        finish(levels[0])
    }

    private mutating func open() {
        if levels.count > 1 {
            warn(at: token, "parentheses within parentheses are an error to Segment's own reader: it takes no event")
        }
        levels.append(Level())
        index += 1
    }

    private mutating func close() {
        if levels.count > 1 { finish(levels.removeLast()) }
        index += 1
    }

    private mutating func negate() {
        let next = tokens[index + 1]
        let isPredicate = ["contains", "match"].contains(word(next)) && tokens[index + 2].symbol == .open
        if next.range.lowerBound != token.range.upperBound {
            warn(at: token, "Segment's own reader cannot read a `!` with a blank behind it: it takes no event")
        }
        if !isPredicate {
            warn(at: token, "Segment's own reader ignores `!` except directly before contains and match")
        }
        index += 1
        if isPredicate { readCondition(isNegated: true) }
    }

    /// Whether the lenient reader sees this keyword: in lower case, and not run into a parenthesis.
    private func isSeen(_ spelling: String) -> Bool {
        word(token) == spelling && source[token.range.upperBound] != UInt8(ascii: "(")
    }

    private mutating func connect(isOr: Bool, isSeen: Bool) {
        let level = levels.count - 1
        if level > 0, levels[level].isBehindFunction {
            warn(at: token, "Segment's own reader ends the group at the `)` of the function before this")
        }
        if levels[level].connectors.isEmpty { levels[level].firstConnector = index }
        levels[level].connectors.append((isOr, isSeen))
        index += 1
    }

    /// The last connector that the lenient reader sees governs its whole level.
    private mutating func finish(_ level: Level) {
        let joinsByOr = level.connectors.last(where: \.isSeen)?.isOr ?? false
        guard level.connectors.contains(where: { $0.isOr != joinsByOr }) else { return }
        let lenient = joinsByOr ? "`or`" : "`and`"
        let isMixed = level.connectors.contains(where: \.isOr) && !level.connectors.allSatisfy(\.isOr)
        let meaning = isMixed ? "`and` binds tighter than `or`" : "the conditions are joined by `or`"
        warn(
            at: tokens[level.firstConnector],
            "here \(meaning); Segment's own reader joins all conditions of this level by \(lenient)")
    }

    /// The spelling of a word, for comparison; empty for every other token.
    func word(_ token: TriggerToken) -> String {
        guard let word = token.word, word.isPlain, let single = word.single else { return "" }
        return String(decoding: single, as: UTF8.self)
    }
}
