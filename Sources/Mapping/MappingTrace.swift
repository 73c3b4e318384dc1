/// What `pinrelay explain` shows of a mapping: which one made a result, each field that was set, and where its value
/// came from.
public struct MappingTrace: Sendable {
    public struct Entry: Sendable, Hashable {
        /// The upstream field, as `user_data.em`.
        public let field: String
        /// The path it was read from, as `properties.email`; a rule in words where it was derived.
        public let origin: String
    }

    /// One result.
    public struct Part: Sendable, Hashable {
        /// The preset or own mapping that made it.
        public let mapping: String
        /// In the order in which the fields were set.
        public fileprivate(set) var entries: [Entry] = []
    }

    /// A result that gave way to an earlier one of the same event name.
    public struct Drop: Sendable, Hashable {
        public let mapping: String
        public let eventName: String
        /// The mapping that made the earlier one.
        public let behind: String
    }

    /// The results, in the order of the events that were made.
    public private(set) var parts: [Part] = []
    public private(set) var drops: [Drop] = []

    /// The fields of all results.
    public var entries: [Entry] { parts.flatMap(\.entries) }

    public init() {}

    mutating func begin(mapping: String) { parts.append(Part(mapping: mapping)) }

    mutating func dropLast() { parts.removeLast() }

    mutating func drop(_ drop: Drop) { drops.append(drop) }

    mutating func record(_ field: StaticString, _ origin: String) {
        guard !parts.isEmpty else { return }
        parts[parts.count - 1].entries.append(Entry(field: field.description, origin: origin))
    }

    /// Forgets where a field of the last result came from.
    mutating func forget(_ field: String) {
        guard !parts.isEmpty else { return }
        parts[parts.count - 1].entries.removeAll { $0.field == field }
    }
}
