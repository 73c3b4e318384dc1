/// Where a value comes from.
enum ConfigOrigin: Equatable, Sendable {
    case file(line: Int)
    case environment(variable: String)
    case standard

    /// - Parameter file: what the configuration's file is called.
    func text(file: String) -> String {
        switch self {
        case .file(let line): "\(file):\(line)"
        case .environment(let variable): variable
        case .standard: "default"
        }
    }
}

/// The place of a key: names and list positions from the root.
struct ConfigPath: Equatable, Sendable {
    enum Part: Equatable, Sendable { case key(String), position(Int) }

    private(set) var parts: [Part] = []

    func key(_ name: String) -> ConfigPath { appending(.key(name)) }
    func position(_ index: Int) -> ConfigPath { appending(.position(index)) }

    private func appending(_ part: Part) -> ConfigPath {
        var path = self
        path.parts.append(part)
        return path
    }

    var text: String {
        var text = ""
        for part in parts {
            switch part {
            case .key(let name): text += text.isEmpty ? name : ".\(name)"
            case .position(let index): text += "[\(index)]"
            }
        }
        return text
    }

    /// The path without list positions: the same for every item of a list.
    var pattern: String {
        let keys = parts.compactMap { part -> String? in
            if case .key(let name) = part { name } else { nil }
        }
        return keys.joined(separator: ".")
    }
}

/// A value of the configuration as it was written, with its origin. Scalars are text until a reader says what they are.
struct ConfigNode: Sendable {
    enum Content: Sendable {
        case scalar(String)
        case null
        case list([ConfigNode])
        case map([ConfigEntry])
    }

    var content: Content
    var origin: ConfigOrigin
    /// True when the text was filled in from a variable: it may hold a secret and is not shown in errors.
    var isInterpolated = false
    /// True for text in quotes or in a block: what YAML reads as text, whatever it looks like.
    var isQuoted = false

    var line: Int? {
        if case .file(let line) = origin { line } else { nil }
    }

    /// What stands here, for an error; the text itself only where it cannot be a secret.
    var account: String {
        switch content {
        case .scalar(let text):
            isInterpolated
                ? "the value of a variable" : Self.mayBeSecret(text) ? "a text of \(text.count)" : "\"\(text)\""
        case .null: "nothing"
        case .list: "a list"
        case .map: "a mapping"
        }
    }

    /// A token in the wrong place, a user's name and password in an address, or anything long.
    private static func mayBeSecret(_ text: String) -> Bool {
        text.count > 40 || text.contains("@") || text.hasPrefix("pina_")
    }

    var entries: [ConfigEntry]? {
        switch content {
        case .map(let entries): entries
        case .null: []
        default: nil
        }
    }

    var items: [ConfigNode]? {
        switch content {
        case .list(let items): items
        case .null: []
        default: nil
        }
    }

    subscript(key: String) -> ConfigNode? { entries?.first { $0.key == key }?.value }

    /// Puts a value under a path of keys; mappings on the way are made. What is no mapping stays: it is a fault itself.
    mutating func set(_ keys: ArraySlice<String>, to value: ConfigNode) {
        guard let key = keys.first else { return self = value }
        guard var entries else { return }
        let index = entries.firstIndex { $0.key == key } ?? entries.count
        if index == entries.count {
            entries.append(ConfigEntry(key: key, origin: value.origin, value: .emptyMap(value.origin)))
        }
        entries[index].value.set(keys.dropFirst(), to: value)
        content = .map(entries)
    }

    mutating func remove(_ key: String) {
        guard let entries else { return }
        content = .map(entries.filter { $0.key != key })
    }

    static func emptyMap(_ origin: ConfigOrigin) -> ConfigNode { ConfigNode(content: .map([]), origin: origin) }
}

struct ConfigEntry: Sendable {
    var key: String
    var origin: ConfigOrigin
    var value: ConfigNode
}
