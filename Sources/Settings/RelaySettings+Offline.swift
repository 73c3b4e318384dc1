import Foundation

extension RelaySettings {
    /// Settings for commands that neither listen nor send: what only those need, and is not at hand, is stood in for.
    public struct Offline: Sendable {
        public let settings: RelaySettings
        /// The variables that are not set and were stood in for.
        public let standIns: [String]
    }

    /// Reads the configuration; without a file the defaults hold.
    /// - Throws: every other fault of the configuration.
    public static func offline(path: String?, environment: [String: String]) throws(ConfigErrors) -> Offline {
        var environment = environment
        var standIns: [String] = []
        let file = path ?? environment["PINRELAY_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        for name in file.map({ variables(inFile: $0) }) ?? [] where environment[name]?.isEmpty ?? true {
            environment[name] = standIn(for: name)
            standIns.append(name)
        }
        if file == nil {
            for name in [account, "PINTEREST_CONVERSION_TOKEN"] where environment[name] == nil {
                environment[name] = standIn(for: name)
            }
        }
        let config = try RelayConfig(path: path, environment: environment)
        return Offline(settings: try RelaySettings(config: config, files: .orStandIn), standIns: standIns)
    }

    private static let account = "PINTEREST_AD_ACCOUNT_ID"

    /// An account is digits; every other value that is text takes this, and differs from its neighbours.
    private static func standIn(for name: String) -> String { name == account ? "0" : "unset-\(name)" }

    /// The variables that a file refers to without a default of its own.
    private static func variables(inFile path: String) -> [String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        var names: [String] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let isEscaped = rest[..<start.lowerBound].last == "$"
            rest = rest[start.upperBound...]
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            let isWhole = rest.dropFirst(name.count).first == "}"
            if !isEscaped, isWhole, !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        return names
    }
}

extension ConfigFiles {
    /// The real files; one that cannot be read, as a secret on another machine, reads as a text of its own.
    static let orStandIn = ConfigFiles { path, maxByteCount throws(ConfigFileError) in
        do throws(ConfigFileError) {
            return try ConfigFiles.disk.read(path, maxByteCount)
        } catch {
            guard error == .unreadable else { throw error }
            return "unset-" + path.filter { $0.isLetter || $0.isNumber }
        }
    }
}
