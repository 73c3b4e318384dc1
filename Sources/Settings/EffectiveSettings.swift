import RelayModel

/// The values in force, in the order in which they are read, each with its origin; secrets are masked from the start.
public struct EffectiveSettings: Sendable {
    let values: [EffectiveValue]
    /// Every key that was asked for.
    let keys: KeyTable
    /// What the configuration's file is called; lines are named by it.
    private let file: String

    init(values: [EffectiveValue], keys: KeyTable, file: String) {
        self.values = values
        self.keys = keys
        self.file = file
    }

    /// The settings as YAML, the origin behind each value as a comment.
    public var yaml: String {
        var text = ""
        var open: [ConfigPath.Part] = []
        for value in values {
            let parents = Array(value.path.parts.dropLast())
            let shared = zip(open, parents).prefix { $0 == $1 }.count
            for depth in shared..<max(shared, parents.count) {
                text += Self.indent(depth) + Self.opening(parents[depth]) + "\n"
            }
            open = parents
            guard case .key(let key)? = value.path.parts.last else { continue }
            text += Self.indent(parents.count) + "\(key): \(value.text)  # \(value.origin.text(file: file))\n"
        }
        return text
    }

    /// The settings as a JSON object `{"settings":[{"path","value","origin"}]}`; values as YAML writes them.
    public var json: String {
        let entries = values.map { value in
            let parts = [("path", value.path.text), ("value", value.text), ("origin", value.origin.text(file: file))]
            return "{" + parts.map { "\"\($0)\":\(Self.quoted($1))" }.joined(separator: ",") + "}"
        }
        return "{\"settings\":[" + entries.joined(separator: ",") + "]}"
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private static func opening(_ part: ConfigPath.Part) -> String {
        switch part {
        case .key(let name): name + ":"
        case .position: "-"
        }
    }

    /// Text in double quotes, good as JSON and as YAML.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\u{0}"..<" ", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// One value in force.
struct EffectiveValue: Sendable {
    let path: ConfigPath
    /// As YAML writes it; a secret is `"<secret>"`.
    let text: String
    let origin: ConfigOrigin
    /// What the masked text stands for; nobody reads it out, but a change of it is a change.
    var secrets: [SecretValue] = []
    /// The file that they were read from.
    var file: String?
}

extension RelaySettings {
    /// The files that hold secrets, each with the path of the key that names it.
    public var secretFiles: [(key: String, file: String)] {
        effective.values.compactMap { value in value.file.map { (value.path.text, $0) } }
    }
}
