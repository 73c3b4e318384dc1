/// One case of `pinrelay test`: an input, and what is expected to become of it.
public struct MappingCase: Sendable {
    public enum Input: Sendable {
        /// Anything that `pinrelay explain` reads.
        case text(String)
        /// JSON, written as YAML.
        case tree(CaseNode)
        case request(Request)
    }

    /// An HTTP request, as a sender's would arrive.
    public struct Request: Sendable {
        public let method: String?
        /// A path with its query, or a whole URL.
        public let path: String
        public let headers: [(name: String, value: String)]
        public let body: CaseNode?
        /// The client's address.
        public let address: String?
    }

    public enum Match: String, CaseIterable, Sendable {
        /// What is expected must be there; other fields may be there too.
        case partial
        /// What is not expected must not be there.
        case exact
    }

    public enum Expected: Sendable {
        /// A Pinterest event; see the README for how it may be written.
        case event(CaseNode)
        /// The label of a reason, or the code of a refused call.
        case reason(String)
    }

    public let name: String
    /// Where it stands in its file.
    public let line: Int
    public let source: String?
    /// Microseconds since 1970; nil: ``standardTimeMicros``.
    public let receivedAtMicros: Int64?
    /// One of the forms of input of `pinrelay explain`; nil: told by the input itself.
    public let inputKind: String?
    public let input: Input
    /// In the order in which the events leave.
    public let expected: [Expected]
    public let match: Match
    /// Nil: not looked at.
    public let warnings: [(field: String, kind: String)]?

    /// The time of receipt where a case says none: 2026-01-01T00:00:00Z.
    public static let standardTimeMicros: Int64 = 1_767_225_600_000_000
}

/// A file of cases.
public struct MappingCaseFile: Sendable {
    private static let maxByteCount = 16 << 20

    public let path: String
    public let cases: [MappingCase]

    /// Reads a file.
    /// - Throws: every fault that was found, together, each with its line.
    public init(path: String, files: ConfigFiles = .disk) throws(ConfigErrors) {
        let text: String
        do throws(ConfigFileError) { text = try files.read(path, Self.maxByteCount) } catch {
            throw ConfigErrors([ConfigError(path: path, message: "cannot read the cases: \(error)")])
        }
        try self.init(yaml: text, path: path, files: files)
    }

    /// - Parameter path: what the file is called in faults; `input_file` is relative to its folder.
    public init(yaml: String, path: String, files: ConfigFiles = .disk) throws(ConfigErrors) {
        let root = try CaseNode.read(yaml, file: path)
        var reader = CaseReader(file: path, files: files)
        cases = reader.readFile(root)
        self.path = path
        guard reader.errors.isEmpty else { throw ConfigErrors(reader.errors) }
    }
}
