/// What may stand under a key, as far as a schema can say it.
indirect enum KeyShape: Equatable, Sendable {
    case text
    /// Text of digits, or the number that they are.
    case digits
    case integer(ClosedRange<Int>)
    case flag, duration, byteCount
    case words([String])
    /// One value may stand for a list of one.
    case list(KeyShape)
    /// A mapping whose keys are known.
    case section
    /// A list of such mappings.
    case sections
    /// A mapping whose keys are the language's own.
    case open
    /// Taken and not looked at.
    case anything
}

/// Every key that the reader asks for, in the order of its questions, with what it wants there. The reader fills it while
/// it reads: it is what is known, and what the schema is made of.
struct KeyTable: Sendable {
    struct Entry: Sendable {
        /// The path without list positions.
        let pattern: String
        var shape = KeyShape.anything
        /// What is wanted, in words.
        var expected = ""
        var standard: String?
        var isRequired = false
    }

    /// Keys that have no place in a section, though they have one in its neighbours.
    struct Refusal: Sendable {
        let section: ConfigPath
        let keys: [String]
    }

    private(set) var entries: [Entry] = []
    private(set) var refusals: [Refusal] = []
    private var places: [String: Int] = [:]

    var patterns: [String] { entries.map(\.pattern) }

    mutating func know(_ path: ConfigPath) { _ = place(of: path) }

    /// The first description of a key stands.
    mutating func describe(_ path: ConfigPath, _ shape: KeyShape, _ expected: String = "", standard: String? = nil) {
        let place = place(of: path)
        guard entries[place].shape == .anything else { return }
        entries[place].shape = shape
        entries[place].expected = expected
        entries[place].standard = standard
    }

    mutating func require(_ path: ConfigPath) { entries[place(of: path)].isRequired = true }

    mutating func refuse(_ keys: [String], at section: ConfigPath) {
        refusals.append(Refusal(section: section, keys: keys))
    }

    private mutating func place(of path: ConfigPath) -> Int {
        let pattern = path.pattern
        if let place = places[pattern] { return place }
        places[pattern] = entries.count
        entries.append(Entry(pattern: pattern))
        return entries.count - 1
    }
}
