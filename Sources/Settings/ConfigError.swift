/// One fault of the configuration.
public struct ConfigError: Error, Equatable, CustomStringConvertible {
    /// The key's path, as `destinations[0].token`; the variable's or file's name where it is about one of these.
    public let path: String
    /// The line in the file; nil for what does not come from it.
    public let line: Int?
    /// One sentence, without secrets.
    public let message: String

    public init(path: String, line: Int? = nil, message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    public var description: String {
        let place = line.map { " (line \($0))" } ?? ""
        return "\(path)\(place): \(message)"
    }
}

/// All faults of a configuration, at least one, in the order in which they were found.
public struct ConfigErrors: Error, Equatable, CustomStringConvertible {
    public let errors: [ConfigError]

    init(_ errors: [ConfigError]) { self.errors = errors }

    /// One fault a line.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
