/// What `pinrelay explain` shows of a mapping: each field that was set, and where its value came from.
public struct MappingTrace: Sendable {
    public struct Entry: Sendable, Hashable {
        /// The upstream field, as `user_data.em`.
        public let field: String
        /// The path it was read from, as `properties.email`; a rule in words where it was derived.
        public let origin: String
    }

    /// In the order in which the fields were set.
    public private(set) var entries: [Entry] = []

    public init() {}

    mutating func record(_ field: StaticString, _ origin: String) {
        entries.append(Entry(field: field.description, origin: origin))
    }
}
