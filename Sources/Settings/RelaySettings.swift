// Settings: from the YAML file and the environment to what the code uses.
//
// What it is: `RelayConfig` is what people write (a tree with line numbers, variables filled in and environment
// overrides laid over it); `RelaySettings` is what the modules get: validated, immutable, complete. It may read files
// (the configuration and `*_file` secrets) and nothing else: no sockets, no clock, no environment of its own.
//
// Invariants:
// - A key is known exactly if some code asks for it; every other key is an error that names its path.
// - All faults of a configuration are reported together, each with path and, where known, line.
// - Secrets are `SecretValue` from the first reader on; no error, warning or rendering holds one.

/// Everything that can be configured, validated.
public struct RelaySettings: Sendable {
    public let listen: ListenSettings
    public let admin: AdminSettings
    public let upstream: UpstreamSettings
    public let journal: JournalSettings
    public let dedup: DedupSettings
    public let deadLetters: DeadLetterSettings
    /// Never empty; other settings name a destination by its index here.
    public let destinations: [DestinationSettings]
    /// Never empty.
    public let sources: [SourceSettings]
    /// The configuration's own mappings and its changes of presets, in their order.
    public let mappings: [MappingEntry]
    public let privacy: PrivacySettings
    public let delivery: DeliverySettings
    public let drain: DrainSettings
    public let log: LogSettings
    public let process: ProcessSettings
    /// What an operator should know though it is no fault: one sentence each, without secrets.
    public let warnings: [String]
    /// The values in force and where each comes from, secrets masked.
    public let effective: EffectiveSettings

    /// Reads the configuration.
    /// - Parameters:
    ///   - path: the YAML file; nil means the one that `PINRELAY_CONFIG` names, or none.
    ///   - environment: the process's variables.
    /// - Throws: every fault that was found, together.
    public init(path: String?, environment: [String: String]) throws(ConfigErrors) {
        let config = try RelayConfig(path: path, environment: environment)
        try self.init(config: config)
    }

    /// Validates a configuration.
    /// - Parameter files: how the `*_file` secrets are read.
    public init(config: RelayConfig, files: ConfigFiles = .disk) throws(ConfigErrors) {
        let findings = ConfigFindings(files: files, errors: config.errors, warnings: config.warnings)
        let root = ConfigSection(config.root, path: ConfigPath(), findings: findings)
        listen = ListenSettings(reading: root)
        admin = AdminSettings(reading: root, listen: listen)
        upstream = UpstreamSettings(reading: root)
        journal = JournalSettings(reading: root)
        dedup = DedupSettings(reading: root)
        deadLetters = DeadLetterSettings(reading: root)
        destinations = DestinationSettings.list(reading: root)
        privacy = PrivacySettings(reading: root)
        let names = destinations.map(\.name)
        sources = SourceSettings.list(reading: root, destinations: names, consent: privacy.consent)
        delivery = DeliverySettings(reading: root)
        drain = DrainSettings(reading: root)
        log = LogSettings(reading: root)
        process = ProcessSettings(reading: root)
        let kinds = sources.map { (name: $0.name, kind: $0.kind) }
        mappings = MappingEntry.list(reading: root, file: config.name, sources: kinds, destinations: names)
        root.refuseUnknownKeys()
        guard findings.errors.isEmpty else {
            throw ConfigErrors(findings.errorsWithoutConsequences(of: config.errors))
        }
        warnings = findings.warnings
        effective = EffectiveSettings(
            values: findings.effective, keys: findings.keys, file: config.name)
    }
}
