/// The JSON Schema (draft 7) of the configuration, for editors and for checks before a relay sees the file.
///
/// It is made of what the reader asks for (``KeyTable``) while it reads a configuration that has a list item of each
/// kind, so it knows the same keys, words and ranges. What only the reader can tell stays with it: what must hold between
/// keys, the bounds of durations and sizes, and a mapping's language.
public struct ConfigSchema {
    private let keys: KeyTable
    /// The `kind` of each item that the sample has, by the item's path.
    private let kinds: [String: String]

    /// - Throws: never, as long as the sample is a good configuration.
    public init() throws(ConfigErrors) {
        let settings = try RelaySettings(config: RelayConfig(yaml: Self.sample, environment: [:]))
        keys = settings.effective.keys
        var kinds: [String: String] = [:]
        for value in settings.effective.values where value.path.pattern.hasSuffix(".kind") {
            kinds[String(value.path.text.dropLast(5))] = value.text
        }
        self.kinds = kinds
    }

    /// Every key with a value of its own, without list positions; what is taken and not looked at is none.
    var leaves: [String] {
        keys.entries.filter { ![.section, .sections, .anything].contains($0.shape) }.map(\.pattern)
    }

    /// The document, with a line feed at its end.
    public var text: String {
        var members: [(String, SchemaNode)] = [
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("title", .text("The configuration of pinrelay")),
            ("type", .list([.text("object"), .text("null")])),
        ]
        members += objectMembers("")
        members.append(("definitions", .object(Self.definitions)))
        return SchemaNode.object(members).rendered() + "\n"
    }

    /// One item of each kind, and each key of a mapping under each of its names.
    private static let sample = #"""
        destinations: [{ name: a, ad_account_id: "1", token: t }]
        sources: [{ name: a, kind: ga4 }, { name: b, kind: segment }]
        mappings:
          - { name: a, trigger: 'type = "track"', event_name: lead, enabled: true, fields: { event_id: a } }
          - { name: b, subscribe: 'type = "track"', mapping: { event_id: a } }
          - { name: c, trigger: 'type = "track"', settings: { event_id: a } }
          - { preset: segment-page, enabled: false }
        """#

    // MARK: Sections

    private func objectMembers(_ parent: String) -> [(String, SchemaNode)] {
        let children = keys.entries.filter { Self.parent(of: $0.pattern) == parent }
        var members: [(String, SchemaNode)] = [
            ("properties", .object(children.map { (Self.name(of: $0.pattern), node($0)) })),
            ("additionalProperties", .flag(false)),
        ]
        let required = children.filter(\.isRequired)
        if !required.isEmpty { members.append(("required", .list(required.map { .text(Self.name(of: $0.pattern)) }))) }
        let rules = twins(children) + refusals(parent)
        if !rules.isEmpty { members.append(("allOf", .list(rules))) }
        return members
    }

    /// Of a secret and the file that holds it, one may stand.
    private func twins(_ children: [KeyTable.Entry]) -> [SchemaNode] {
        let names = children.map { Self.name(of: $0.pattern) }
        return names.filter { names.contains($0 + "_file") }.map { name in
            .object([("not", .object([("required", .list([.text(name), .text(name + "_file")]))]))])
        }
    }

    /// Keys that belong to the other kind of source.
    private func refusals(_ parent: String) -> [SchemaNode] {
        keys.refusals.filter { $0.section.pattern == parent }.compactMap { refusal in
            guard let kind = kinds[refusal.section.text] else { return nil }
            let isKind = SchemaNode.object([("properties", .object([("kind", .object([("const", .text(kind))]))]))])
            let without = SchemaNode.object([("properties", .object(refusal.keys.map { ($0, .flag(false)) }))])
            return .object([("if", isKind), ("then", without)])
        }
    }

    private static func parent(of pattern: String) -> String {
        pattern.lastIndex(of: ".").map { String(pattern[..<$0]) } ?? ""
    }

    private static func name(of pattern: String) -> String {
        pattern.lastIndex(of: ".").map { String(pattern[pattern.index(after: $0)...]) } ?? pattern
    }

    // MARK: Values

    private func node(_ entry: KeyTable.Entry) -> SchemaNode {
        switch entry.shape {
        case .section:
            return .object([("type", .list([.text("object"), .text("null")]))] + objectMembers(entry.pattern))
        case .sections:
            let item = SchemaNode.object([("type", .text("object"))] + objectMembers(entry.pattern))
            return .object([("type", .list([.text("array"), .text("null")])), ("items", item)])
        case .anything: return .object([("description", .text("part of Segment's export; not read"))])
        default:
            let standard = entry.standard.map { "; default: \($0)" } ?? ""
            return .object([("description", .text(entry.expected + standard))] + Self.members(entry.shape))
        }
    }

    private static func members(_ shape: KeyShape) -> [(String, SchemaNode)] {
        switch shape {
        case .text: [("type", .text("string"))]
        case .digits:
            [("type", .list([.text("string"), .text("integer")])), ("pattern", .text(#"^[0-9]{1,20}$|\$\{"#))]
        case .integer(let range):
            orVariable([
                ("type", .text("integer")), ("minimum", .number(range.lowerBound)),
                ("maximum", .number(range.upperBound)),
            ])
        case .flag: orVariable([("type", .text("boolean"))])
        case .words(let words): orVariable([("enum", .list(words.map { .text($0) }))])
        case .duration: orVariable([("$ref", .text("#/definitions/duration"))])
        case .byteCount: orVariable([("$ref", .text("#/definitions/size"))])
        case .list(let item):
            [
                (
                    "anyOf",
                    .list([
                        .object([("type", .list([.text("array"), .text("null")])), ("items", .object(members(item)))]),
                        .object(members(item)),
                    ])
                )
            ]
        case .open: [("type", .text("object"))]
        case .section, .sections, .anything: []
        }
    }

    /// A value that is filled in when the file is read may be anything until then.
    private static func orVariable(_ members: [(String, SchemaNode)]) -> [(String, SchemaNode)] {
        [("anyOf", .list([.object(members), .object([("$ref", .text("#/definitions/variable"))])]))]
    }

    private static let definitions: [(String, SchemaNode)] = [
        ("variable", .object([("type", .text("string")), ("pattern", .text(#"\$\{"#))])),
        (
            "duration",
            .object([
                ("type", .list([.text("string"), .text("number")])), ("minimum", .number(0)),
                ("pattern", .text(#"^([0-9]+(\.[0-9]+)?(ms|s|m|min|h|d))+$|^[0-9]+(\.[0-9]+)?$"#)),
            ])
        ),
        (
            "size",
            .object([
                ("type", .list([.text("string"), .text("integer")])), ("minimum", .number(0)),
                ("pattern", .text(#"^[0-9]+(\.[0-9]+)?([kKMGT]?B|[KMGT]iB)?$"#)),
            ])
        ),
    ]
}
