/// Lists the paths of the event that a compiled mapping reads, for people.
struct EventPathList {
    private var paths: [String] = []
    private var seen: Set<String> = []

    /// - Returns: each path once, in order of appearance.
    static func paths(of node: MappingNode) -> [String] {
        var list = EventPathList()
        list.collect(node, from: "")
        return list.paths
    }

    /// - Parameter scope: where the node's paths start: `""` for the event, nil for values that stand nowhere in it.
    private mutating func collect(_ node: MappingNode, from scope: String?) {
        switch node {
        case .constant, .fail: break
        case .path(let path): add(path, scope)
        case .template(let template):
            for case .placeholder(let path) in template.parts { add(path, scope) }
        case .list(let nodes): for node in nodes { collect(node, from: scope) }
        case .object(let members): for member in members { collect(member.value, from: scope) }
        case .condition(let condition, let then, let otherwise):
            switch condition {
            case .exists(let tested), .notBlank(let tested): collect(tested, from: scope)
            }
            collect(then, from: scope)
            collect(otherwise, from: scope)
        case .arrayPath(let path, let shape): collectItems(path, shape, scope)
        case .merge(let objects, let direction): for node in objects + [direction] { collect(node, from: scope) }
        case .flatten(let value, let separator, _, _): for node in [value, separator] { collect(node, from: scope) }
        case .transform(let apply, let mapping, _):
            collect(apply, from: scope)
            collect(mapping, from: nil)
        case .templateFrom(let inner, _): collectTemplate(inner, scope)
        case .pathFrom(let inner, _), .letterCase(_, let inner, _), .replace(_, let inner), .encodeJSON(let inner),
            .decodeJSON(let inner), .excludeWhenNull(let inner), .discarded(let inner):
            collect(inner, from: scope)
        }
    }

    private mutating func collectItems(_ path: MappingNode, _ shape: MappingNode?, _ scope: String?) {
        collect(path, from: scope)
        guard let shape else { return }
        if case .path(let path) = path, let scope {
            collect(shape, from: path.text(from: scope) + "[]")
        } else {
            collect(shape, from: nil)
        }
    }

    private mutating func collectTemplate(_ inner: MappingNode, _ scope: String?) {
        guard case .constant(.text(.constant(let text))) = inner else { return collect(inner, from: scope) }
        for part in TemplateText(text, .triple).parts {
            switch part {
            case .placeholder(let path): add(path, scope)
            case .literal(let rest):
                for case .placeholder(let path) in TemplateText(rest, .double).parts { add(path, scope) }
            }
        }
    }

    private mutating func add(_ path: EventPath, _ scope: String?) {
        guard let scope else { return }
        let text = path.text(from: scope)
        let shown = text.isEmpty ? "$." : text
        if seen.insert(shown).inserted { paths.append(shown) }
    }
}

extension EventPath {
    /// The path as people write it: `properties.products[0].sku`.
    fileprivate func text(from scope: String) -> String {
        segments.reduce(into: scope) { text, segment in
            if let index = segment.index {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + String(decoding: segment.key, as: UTF8.self)
            }
        }
    }
}
