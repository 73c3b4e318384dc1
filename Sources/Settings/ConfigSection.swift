import RelayModel

/// What reading a configuration brings to light.
final class ConfigFindings {
    let files: ConfigFiles
    private(set) var errors: [ConfigError]
    private(set) var warnings: [String]
    private(set) var effective: [EffectiveValue] = []
    var keys = KeyTable()

    init(files: ConfigFiles, errors: [ConfigError], warnings: [String]) {
        self.files = files
        self.errors = errors
        self.warnings = warnings
    }

    func fault(_ path: ConfigPath, _ node: ConfigNode?, _ message: String) {
        var message = message
        if case .environment(let variable) = node?.origin { message += " (from \(variable))" }
        errors.append(ConfigError(path: path.text, line: node?.line, message: message))
    }

    /// All errors but those that only follow from a value that could not be filled in: they stand on its line.
    func errorsWithoutConsequences(of unfilled: [ConfigError]) -> [ConfigError] {
        let lines = Set(unfilled.compactMap(\.line))
        return errors.filter { unfilled.contains($0) || !lines.contains($0.line ?? 0) }
    }

    /// Says of all errors below a path what they are about.
    func prefixErrors(below path: ConfigPath, with title: String) {
        let whole = path.text
        for index in errors.indices where errors[index].path.hasPrefix(whole) {
            let error = errors[index]
            let rest = error.path.dropFirst(whole.count)
            guard rest.isEmpty || rest.first == "." else { continue }
            errors[index] = ConfigError(path: error.path, line: error.line, message: "\(title): \(error.message)")
        }
    }

    func warn(_ sentence: String) { warnings.append(sentence) }

    /// - Parameters:
    ///   - secrets: what a masked text, or the name of a file, stands for.
    ///   - file: the one that they were read from.
    func record(
        _ path: ConfigPath, _ text: String, _ origin: ConfigOrigin, secrets: [SecretValue] = [], file: String? = nil
    ) {
        effective.append(EffectiveValue(path: path, text: text, origin: origin, secrets: secrets, file: file))
    }
}

/// One mapping of the configuration while it is read. A key is known because it was asked for.
final class ConfigSection {
    let path: ConfigPath
    let findings: ConfigFindings
    let node: ConfigNode?
    private var known: [String] = []

    init(_ node: ConfigNode?, path: ConfigPath, findings: ConfigFindings) {
        self.path = path
        self.findings = findings
        self.node = node
        if let node, node.entries == nil { findings.fault(path, node, "expected a mapping, found \(node.account)") }
    }

    /// The value of a key, which becomes a known key by this.
    func value(_ key: String) -> ConfigNode? {
        known.append(key)
        findings.keys.know(path.key(key))
        return node?[key]
    }

    func fault(_ key: String, _ message: String) { findings.fault(path.key(key), node?[key] ?? node, message) }

    /// Reads the mapping under a key; an absent one reads as empty.
    func section<Result>(_ key: String, _ read: (ConfigSection) -> Result) -> Result {
        findings.keys.describe(path.key(key), .section)
        let section = ConfigSection(value(key), path: path.key(key), findings: findings)
        defer { section.refuseUnknownKeys() }
        return read(section)
    }

    /// Reads the list of mappings under a key; nil when the key is absent or no list.
    func sections<Result>(_ key: String, _ read: (ConfigSection) -> Result) -> [Result]? {
        findings.keys.describe(path.key(key), .sections)
        guard let list = value(key) else { return nil }
        guard let items = list.items else {
            fault(key, "expected a list, found \(list.account)")
            return nil
        }
        return items.enumerated().map { index, item in
            let section = ConfigSection(item, path: path.key(key).position(index), findings: findings)
            defer { section.refuseUnknownKeys() }
            return read(section)
        }
    }

    /// Refuses keys that exist elsewhere, with the reason why they have no place here.
    func refuse(_ keys: [String], _ message: String) {
        known += keys
        findings.keys.refuse(keys, at: path)
        for key in keys where node?[key] != nil { fault(key, message) }
    }

    func refuseUnknownKeys() {
        for entry in node?.entries ?? [] where !known.contains(entry.key) {
            let guess = KeySpelling.nearest(to: entry.key, among: known).map { " (did you mean \($0)?)" } ?? ""
            var place = entry.value
            place.origin = entry.origin
            findings.fault(path.key(entry.key), place, "unknown key" + guess)
        }
    }
}
