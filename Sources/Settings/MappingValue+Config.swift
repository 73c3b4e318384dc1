public import MappingLanguage

extension MappingValue {
    /// What a part of the configuration says as a mapping: plain words are typed as YAML and JSON type them.
    init(_ node: ConfigNode) {
        switch node.content {
        case .null: self = .null
        case .list(let items): self = .list(items.map { MappingValue($0) })
        case .map(let entries): self = .object(entries.map { MappingMember($0.key, MappingValue($0.value)) })
        case .scalar(let text): self = node.isQuoted || node.isInterpolated ? .text(text) : Self.plain(text)
        }
    }

    private static func plain(_ text: String) -> MappingValue {
        switch text {
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: isNumber(Array(text.utf8)) ? .number(text) : .text(text)
        }
    }

    /// A JSON number.
    private static func isNumber(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let hasLeadingZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || (whole > 1 && !hasLeadingZero) else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// As compact JSON, which is YAML too.
    public var json: String {
        switch self {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text): text
        case .text(let text): EffectiveSettings.quoted(text)
        case .list(let items): "[" + items.map(\.json).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(EffectiveSettings.quoted($0.key)): \($0.value.json)" }.joined(separator: ", ") + "}"
        }
    }
}

extension ConfigNode {
    /// Where the key or list position at the end of a path stands, or the directive behind it; of a path that leads
    /// nowhere, the last that is there. A key may be written with dots for several parts.
    func place(of path: ArraySlice<String>) -> ConfigOrigin {
        guard let first = path.first else { return entries?.first?.origin ?? origin }
        if case .list(let items) = content {
            guard let index = Int(first), items.indices.contains(index) else { return origin }
            return items[index].place(of: path.dropFirst())
        }
        var best: (entry: ConfigEntry, count: Int)?
        for entry in entries ?? [] {
            let parts = entry.key == first ? [entry.key] : entry.key.split(separator: ".").map(String.init)
            if path.starts(with: parts), parts.count > best?.count ?? 0 { best = (entry, parts.count) }
        }
        guard let best else { return origin }
        let isDirective = best.entry.value.entries?.first?.key.hasPrefix("@") ?? false
        guard path.count > best.count || isDirective else { return best.entry.origin }
        return best.entry.value.place(of: path.dropFirst(best.count))
    }
}
