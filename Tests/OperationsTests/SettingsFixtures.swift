import Settings

/// The account's variables alone: the least that a relay starts with.
let accountVariables = ["PINTEREST_AD_ACCOUNT_ID": "549755885175", "PINTEREST_CONVERSION_TOKEN": "token-of-tests"]

/// Files as a table: path to text.
func files(_ table: [String: String]) -> ConfigFiles {
    ConfigFiles { path, maxByteCount throws(ConfigFileError) in
        guard let text = table[path] else { throw .unreadable }
        guard text.utf8.count <= maxByteCount else { throw .tooLong }
        return text
    }
}

func settings(
    _ yaml: String? = nil, _ environment: [String: String] = accountVariables, files table: [String: String] = [:]
) throws -> RelaySettings {
    try RelaySettings(config: RelayConfig(yaml: yaml, environment: environment), files: files(table))
}

func faults(
    _ yaml: String? = nil, _ environment: [String: String] = accountVariables, files table: [String: String] = [:]
) -> [ConfigError] {
    do {
        _ = try settings(yaml, environment, files: table)
        return []
    } catch let errors as ConfigErrors {
        return errors.errors
    } catch {
        return [ConfigError(path: "unexpected", message: "\(error)")]
    }
}
