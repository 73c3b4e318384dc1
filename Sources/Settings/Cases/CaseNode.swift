import Yams

/// A value of a case file, typed as YAML's core schema types it: what stands in quotes is text, and so is what JSON
/// would not take for a number (`02139`).
public struct CaseNode: Sendable {
    public enum Content: Sendable {
        case null
        case bool(Bool)
        /// A number as it was written, in JSON's grammar.
        case number(String)
        case text(String)
        case list([CaseNode])
        case map([Member])
    }

    public struct Member: Sendable {
        public let key: String
        public let line: Int
        public let value: CaseNode
    }

    public let content: Content
    public let line: Int

    public var members: [Member]? {
        if case .map(let members) = content { members } else { nil }
    }

    public var items: [CaseNode]? {
        if case .list(let items) = content { items } else { nil }
    }

    /// The text of a scalar, whatever its type; nil for null and for containers.
    public var scalar: String? {
        switch content {
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text), .text(let text): text
        case .null, .list, .map: nil
        }
    }

    /// A list.
    public init(items: [CaseNode], line: Int) { (content, self.line) = (.list(items), line) }

    private init(content: Content, line: Int) { (self.content, self.line) = (content, line) }

    subscript(key: String) -> CaseNode? { members?.last { $0.key == key }?.value }
}

extension CaseNode {
    private static let maxDepth = 64
    /// Aliases can make a small file a large tree.
    private static let maxNodeCount = 500_000

    /// Reads a YAML (or JSON) document.
    /// - Throws: what keeps it from being read.
    static func read(_ yaml: String, file: String) throws(ConfigErrors) -> CaseNode {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw ConfigErrors([ConfigError(path: file, line: error.line, message: error.safeMessage)])
        } catch {
            throw ConfigErrors([ConfigError(path: file, message: "cannot be read as YAML")])
        }
        guard let root else { return CaseNode(content: .null, line: 1) }
        var budget = maxNodeCount
        guard let node = CaseNode(root, depth: 0, &budget) else {
            throw ConfigErrors([ConfigError(path: file, message: "nests too deep, or is too large")])
        }
        return node
    }

    /// Nil when the tree is too deep or too large.
    private init?(_ node: Node, depth: Int, _ budget: inout Int) {
        budget -= 1
        guard depth < Self.maxDepth, budget > 0 else { return nil }
        line = node.mark?.line ?? 0
        switch node {
        case .scalar(let scalar): content = Self.content(of: scalar)
        case .alias: content = .null
        case .sequence(let sequence):
            var items: [CaseNode] = []
            for item in sequence {
                guard let item = CaseNode(item, depth: depth + 1, &budget) else { return nil }
                items.append(item)
            }
            content = .list(items)
        case .mapping(let mapping):
            var members: [Member] = []
            for (key, value) in mapping {
                guard let value = CaseNode(value, depth: depth + 1, &budget) else { return nil }
                members.append(Member(key: key.scalar?.string ?? "", line: key.mark?.line ?? 0, value: value))
            }
            content = .map(members)
        }
    }

    private static func content(of scalar: Node.Scalar) -> Content {
        guard scalar.style == .plain || scalar.style == .any else { return .text(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return isNumber(scalar.string) ? .number(scalar.string) : .text(scalar.string)
        }
    }

    /// JSON's grammar of numbers.
    private static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
    }
}
