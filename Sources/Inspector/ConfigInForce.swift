public import RelayModel

/// The configuration as the admin port needs it: what is in force now, and how to take up a changed one. Whoever
/// implements it is asked on the admin thread.
public protocol ConfigInForce: Sendable {
    /// Asked for as Bearer where present.
    var adminToken: SecretValue? { get }
    /// The settings in force with their origins, masked.
    var json: String { get }
    /// Reads the configuration anew and takes it up, wholly or not at all. Returns when the new one is in force.
    func reload() -> ConfigReload
}

/// A configuration that stays as it is.
public struct FixedConfig: ConfigInForce {
    public let adminToken: SecretValue?
    public let json: String

    public init(adminToken: SecretValue?, json: String) {
        self.adminToken = adminToken
        self.json = json
    }

    public func reload() -> ConfigReload { .unchanged }
}

/// How a reload ended. Paths are those of keys; nothing here holds a secret.
public enum ConfigReload: Sendable, Equatable {
    public struct Fault: Sendable, Equatable {
        public let path: String
        /// In the file, where it is about a line of it.
        public let line: Int?
        public let message: String

        public init(path: String, line: Int?, message: String) {
            self.path = path
            self.line = line
            self.message = message
        }
    }

    /// The new configuration is in force.
    case applied(changed: [String])
    /// What was read is in force already.
    case unchanged
    /// The old one stays: the new one is faulty.
    case invalid([Fault])
    /// The old one stays: the new one changes keys that are fixed at start.
    case restartNeeded(keys: [String])
    /// The old one stays, for another reason.
    case failed(String)
}

extension InspectorReply {
    /// The answer of `POST /api/reload`: JSON with `result`, and `code` and `message` where nothing was taken up.
    init(_ reload: ConfigReload) {
        switch reload {
        case .applied(let changed):
            self = .json(200, #"{"result":"applied","changed":"# + Self.list(changed) + "}")
        case .unchanged: self = .json(200, #"{"result":"unchanged","changed":[]}"#)
        case .invalid(let faults):
            let members = #""errors":["# + faults.map(Self.object).joined(separator: ",") + "]"
            self = .kept(422, "invalid", "invalid_configuration", "the configuration is faulty", members)
        case .restartNeeded(let keys):
            let members = #""keys":"# + Self.list(keys)
            self = .kept(409, "restart_needed", "restart_needed", "these keys need a restart", members)
        case .failed(let text):
            let members = #""error":"# + Self.quoted(text)
            self = .kept(500, "failed", "reload_failed", "the configuration could not be taken up", members)
        }
    }

    private static func kept(
        _ status: Int, _ result: StaticString, _ code: StaticString, _ message: StaticString, _ members: String
    ) -> InspectorReply {
        .json(
            status,
            "{\"result\":\"\(result)\",\"code\":\"\(code)\",\"message\":\"\(message); the old one stays in force\","
                + members + "}")
    }

    private static func object(_ fault: ConfigReload.Fault) -> String {
        let line = fault.line.map { "\"line\":\($0)," } ?? ""
        return "{\"path\":\(quoted(fault.path)),\(line)\"message\":\(quoted(fault.message))}"
    }

    private static func list(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ",") + "]" }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..<" ", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
