import Yams

// From Yams' nodes to ours: line numbers are kept, `${VARIABLE}` is filled in, nothing is typed yet.
extension ConfigNode {
    /// Deeper than any configuration; what nests deeper is refused rather than followed.
    private static let maxDepth = 32

    /// Reads a YAML document.
    /// - Parameter errors: takes the faults; a document that is no YAML at all gives an empty mapping and one fault.
    static func read(
        yaml: String, name: String, environment: [String: String], errors: inout [ConfigError]
    ) -> ConfigNode {
        var reader = YAMLReader(environment: environment, errors: [])
        defer { errors += reader.errors }
        do {
            guard let node = try Yams.compose(yaml: yaml) else { return .emptyMap(.standard) }
            return reader.node(node, path: ConfigPath(), depth: 0)
        } catch let error as YamlError {
            errors.append(ConfigError(path: name, line: error.line, message: error.safeMessage))
        } catch {
            errors.append(ConfigError(path: name, message: "cannot be read as YAML"))
        }
        return .emptyMap(.standard)
    }

    private struct YAMLReader {
        let environment: [String: String]
        var errors: [ConfigError]

        mutating func node(_ node: Node, path: ConfigPath, depth: Int) -> ConfigNode {
            let origin = ConfigOrigin.file(line: node.mark?.line ?? 0)
            guard depth < ConfigNode.maxDepth else {
                errors.append(ConfigError(path: path.text, line: node.mark?.line, message: "nests too deep"))
                return ConfigNode(content: .null, origin: origin)
            }
            switch node {
            case .scalar(let scalar): return self.scalar(scalar, path: path, origin: origin)
            case .sequence(let sequence):
                var items: [ConfigNode] = []
                for item in sequence {
                    items.append(self.node(item, path: path.position(items.count), depth: depth + 1))
                }
                return ConfigNode(content: .list(items), origin: origin)
            case .mapping(let mapping): return map(mapping, path: path, origin: origin, depth: depth)
            case .alias: return ConfigNode(content: .null, origin: origin)
            }
        }

        private mutating func map(
            _ mapping: Node.Mapping, path: ConfigPath, origin: ConfigOrigin, depth: Int
        ) -> ConfigNode {
            var entries: [ConfigEntry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    errors.append(ConfigError(path: path.text, line: key.mark?.line, message: "a key must be a word"))
                    continue
                }
                let node = self.node(value, path: path.key(name.string), depth: depth + 1)
                let place = ConfigOrigin.file(line: key.mark?.line ?? 0)
                entries.append(ConfigEntry(key: name.string, origin: place, value: node))
            }
            return ConfigNode(content: .map(entries), origin: origin)
        }

        private mutating func scalar(_ scalar: Node.Scalar, path: ConfigPath, origin: ConfigOrigin) -> ConfigNode {
            let isPlain = scalar.style == .plain || scalar.style == .any
            if isPlain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
                return ConfigNode(content: .null, origin: origin)
            }
            var missing: [String] = []
            let filled = Interpolation.fill(scalar.string, from: environment, missing: &missing)
            for fault in missing {
                errors.append(ConfigError(path: path.text, line: scalar.mark?.line, message: fault))
            }
            return ConfigNode(
                content: .scalar(filled.text), origin: origin, isInterpolated: filled.isChanged, isQuoted: !isPlain)
        }
    }
}

extension YamlError {
    var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    /// The fault without the text around it, which may hold a secret.
    var safeMessage: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _),
            .reader(let problem, _, _, _):
            "is no valid YAML: \(problem)"
        case .duplicatedKeysInMapping(let duplicates, _):
            "has a key twice in one mapping: \(duplicates.joined(separator: ", "))"
        default: "is no valid YAML"
        }
    }
}
