// MappingLanguage: Segment's two small languages, compiled. A trigger (FQL) says whether an event is taken; a mapping
// (`@` directives) builds a value from it. Facts: `mapping-language.md`; which behaviour counts: `mapping.md` 2.
//
// It is pure and knows no Pinterest words: it reads an event on its tape and appends its results to the same tape.
//
// Invariants: text is parsed only when the configuration is read, never per event; a compiled trigger or mapping is
// immutable and shared by all threads; evaluation is total and its work is bounded by the sizes of event and mapping.

/// A mapping as a configuration writes it, in YAML or JSON: keys keep their order.
public indirect enum MappingValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As written; it is a JSON number.
    case number(String)
    case text(String)
    case list([MappingValue])
    case object([MappingMember])
}

/// One key of an object with its value.
public struct MappingMember: Sendable, Hashable {
    public let key: String
    public let value: MappingValue

    public init(_ key: String, _ value: MappingValue) {
        self.key = key
        self.value = value
    }
}

/// Why a mapping or a trigger cannot be compiled.
public struct MappingFault: Error, Sendable, Hashable {
    /// The keys and list positions that lead to the fault; empty for the root.
    public let path: [String]
    /// For people, without the path.
    public let message: String

    public init(path: [String], message: String) {
        self.path = path
        self.message = message
    }
}
