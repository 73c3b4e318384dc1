/// What people write: the file's tree with its variables filled in and the environment's overrides laid over it
/// (`design.md` section 7). Not validated; ``RelaySettings`` does that.
public struct RelayConfig: Sendable {
    /// The longest configuration file, in bytes.
    private static let maxFileByteCount = 1 << 20

    let root: ConfigNode
    /// What the file is called in errors that name it.
    let name: String
    let errors: [ConfigError]
    let warnings: [String]

    /// Reads the file, if there is one, and the environment.
    /// - Parameter path: nil means the one that `PINRELAY_CONFIG` names, or none.
    /// - Throws: when the file cannot be read at all; other faults wait for the validation.
    public init(
        path: String?, environment: [String: String], files: ConfigFiles = .disk
    ) throws(ConfigErrors) {
        guard let path = path ?? environment["PINRELAY_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 }) else {
            self.init(yaml: nil, environment: environment)
            return
        }
        let yaml: String
        do throws(ConfigFileError) { yaml = try files.read(path, Self.maxFileByteCount) } catch {
            throw ConfigErrors([ConfigError(path: path, message: "cannot read the configuration: \(error)")])
        }
        self.init(yaml: yaml, name: path, environment: environment)
    }

    /// What is wrong with the text as such: YAML that cannot be read, variables that are not set; nil when nothing is.
    public var syntaxErrors: ConfigErrors? { errors.isEmpty ? nil : ConfigErrors(errors) }

    /// - Parameters:
    ///   - yaml: the file's text; nil for the environment alone.
    ///   - name: what the file is called in errors.
    public init(yaml: String?, name: String = "configuration", environment: [String: String]) {
        var errors: [ConfigError] = []
        var root = ConfigNode.emptyMap(.standard)
        if let yaml { root = .read(yaml: yaml, name: name, environment: environment, errors: &errors) }
        var overrides = EnvironmentOverrides(environment: environment, root: root)
        overrides.apply()
        self.root = overrides.root
        self.name = name
        self.errors = errors + overrides.errors
        warnings = overrides.warnings
    }
}
