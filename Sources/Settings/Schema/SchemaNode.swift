/// JSON whose members keep their order.
indirect enum SchemaNode: Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([SchemaNode])
    case object([(String, SchemaNode)])

    /// The text, two spaces a level; lists of plain values stand on one line.
    func rendered(_ depth: Int = 0) -> String {
        switch self {
        case .text(let text): return EffectiveSettings.quoted(text)
        case .number(let number): return "\(number)"
        case .flag(let flag): return "\(flag)"
        case .list(let items):
            if items.allSatisfy(\.isPlain) { return "[" + items.map { $0.rendered() }.joined(separator: ", ") + "]" }
            return Self.block("[", items.map { $0.rendered(depth + 1) }, "]", depth)
        case .object(let members):
            let lines = members.map { EffectiveSettings.quoted($0.0) + ": " + $0.1.rendered(depth + 1) }
            return lines.isEmpty ? "{}" : Self.block("{", lines, "}", depth)
        }
    }

    private var isPlain: Bool {
        switch self {
        case .text, .number, .flag: true
        case .list, .object: false
        }
    }

    private static func block(_ open: String, _ lines: [String], _ close: String, _ depth: Int) -> String {
        let indent = String(repeating: "  ", count: depth)
        return open + "\n" + lines.map { indent + "  " + $0 }.joined(separator: ",\n") + "\n" + indent + close
    }
}
