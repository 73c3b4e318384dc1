public import RelayModel

/// What `pinrelay explain` and `pinrelay test` are shown of a mapping: for each Pinterest event the mapping that made
/// it, the values that were read with their paths, and those that could not be used.
///
/// It holds values in clear, so that they can be shown to the person who pasted them; nobody else asks for a trace.
public struct MappingTrace: Sendable {
    /// A value that was read, or a rule that gave one.
    public struct Entry: Sendable, Hashable {
        /// The upstream field, as `user_data.em` or `custom_data.contents[0].id`.
        public let field: String
        /// The path it was read from, as `properties.email`; a rule in words where it was derived.
        public let origin: String
        /// ``origin`` is a rule.
        public let isRule: Bool
        /// What stood there: one text for a scalar or an object, one for each element of a list; empty for a rule.
        public let given: [String]
    }

    /// A value that was present and not used.
    public struct Loss: Sendable, Hashable {
        public let field: String
        /// Absent where no single path is at fault.
        public let path: String
        public let given: [String]
        public let kind: WarningKind
    }

    /// One Pinterest event.
    public struct Event: Sendable {
        /// The mapping that made it.
        public let mapping: String
        /// In the order in which the fields were set.
        public internal(set) var entries: [Entry] = []
        public internal(set) var losses: [Loss] = []
        /// Objects and lists whose members were read one by one.
        public internal(set) var containers: Set<String> = []
        /// What a mapping of the configuration reads; below a list's mark, its elements.
        public internal(set) var paths: [String] = []

        init(mapping: String) { self.mapping = mapping }

        /// An event whose fields were all read from the paths of the same names.
        public init(mapping: String, reading fields: [(path: String, given: [String])]) {
            self.mapping = mapping
            entries = fields.map { Entry(field: $0.path, origin: $0.path, isRule: false, given: $0.given) }
        }
    }

    /// A result that gave way to an earlier one of the same event name.
    public struct Drop: Sendable, Hashable {
        public let mapping: String
        public let eventName: String
        /// The mapping that made the earlier one.
        public let behind: String
    }

    /// In the order of the mapped events.
    public private(set) var events: [Event] = []
    /// Events that came to nothing behind their mapping.
    public private(set) var refused: [Event] = []
    public private(set) var drops: [Drop] = []
    /// The lists that are being read, innermost last.
    private var open: [(path: String, isList: Bool, index: Int)] = []
    /// What is being read at the moment.
    private var reading: (field: StaticString, path: String, given: [String])?

    public init() {}

    /// Starts a Pinterest event.
    /// - Parameter mapping: the name of the mapping that makes it.
    mutating func begin(mapping: String) {
        events.append(Event(mapping: mapping))
        reading = nil
        open = []
    }

    /// The event that was begun last comes to nothing.
    mutating func refuse() {
        if let event = events.popLast() { refused.append(event) }
    }

    mutating func drop(_ drop: Drop) { drops.append(drop) }

    /// The event at hand is made of these paths too.
    mutating func note(paths: [String]) {
        if !events.isEmpty { events[events.count - 1].paths += paths }
    }

    /// Forgets what was read and lost of a field: a mapping sets it.
    mutating func forget(_ field: String) {
        guard !events.isEmpty else { return }
        events[events.count - 1].entries.removeAll { $0.field == field }
        events[events.count - 1].losses.removeAll { $0.field == field }
    }

    mutating func read(_ field: StaticString, _ path: String, _ given: [String]) {
        reading = (field, resolved(path), given)
    }

    mutating func record(_ field: String, _ path: String, _ given: [String]) {
        append(Entry(field: field, origin: resolved(path), isRule: false, given: given))
    }

    mutating func record(_ field: StaticString, rule: StaticString) {
        append(Entry(field: field.description, origin: rule.description, isRule: true, given: []))
    }

    /// - Parameter fallback: what stands there where nothing of this field was read just now.
    mutating func lose(_ field: StaticString, _ kind: WarningKind, else fallback: (path: String, given: [String])?) {
        guard !events.isEmpty else { return }
        var place = fallback.map { (path: resolved($0.path), given: $0.given) }
        if let reading, reading.field.description == field.description { place = (reading.path, reading.given) }
        let loss = Loss(field: field.description, path: place?.path ?? "", given: place?.given ?? [], kind: kind)
        events[events.count - 1].losses.append(loss)
    }

    /// The members of an object, or of the objects of a list, are read from here on.
    mutating func enter(_ path: String, isList: Bool) {
        let path = resolved(path)
        open.append((path, isList, -1))
        if !events.isEmpty { events[events.count - 1].containers.insert(path) }
    }

    mutating func nextElement() {
        if !open.isEmpty { open[open.count - 1].index += 1 }
    }

    mutating func leave() { _ = open.popLast() }

    private mutating func append(_ entry: Entry) {
        if !events.isEmpty { events[events.count - 1].entries.append(entry) }
    }

    /// The path of an element's member, as `product[].price`, in the list that is being read.
    private func resolved(_ path: String) -> String {
        guard let inner = open.last, let mark = path.firstRange(of: "[]") else { return path }
        let place = inner.isList ? "\(inner.path)[\(max(inner.index, 0))]" : inner.path
        return place + path[mark.upperBound...]
    }
}
