/// What a mapping value is to the validator: JSON's types, and objects that hold a directive.
enum MappingShape: String, Sendable {
    case null, boolean, number, text, list, object, directive

    var withArticle: String { self == .object ? "an object" : "a " + rawValue }
}

extension MappingValue {
    /// Any key that begins with `@` makes an object a directive, or an attempt at one.
    var shape: MappingShape {
        switch self {
        case .null: .null
        case .bool: .boolean
        case .number: .number
        case .text: .text
        case .list: .list
        case .object(let members): members.contains { $0.key.hasPrefix("@") } ? .directive : .object
        }
    }

    /// The members of an object, each key once: as in JavaScript the last one wins and takes the first one's place.
    var plainMembers: [MappingMember]? {
        guard case .object(let members) = self else { return nil }
        var places: [String: Int] = [:]
        var result: [MappingMember] = []
        for member in members {
            if let place = places[member.key] {
                result[place] = member
            } else {
                places[member.key] = result.count
                result.append(member)
            }
        }
        return result
    }

    /// True for an object that runs as a directive: every key begins with `@` or is `_metadata`.
    var isDirective: Bool { directive != nil }

    /// The directive that an object runs: the first one, when there is no key but directives and `_metadata`.
    var directive: MappingMember? {
        guard let members = plainMembers, let first = members.first(where: { $0.key.hasPrefix("@") }) else {
            return nil
        }
        return members.allSatisfy { $0.key.hasPrefix("@") || $0.key == "_metadata" } ? first : nil
    }

    /// What JavaScript takes for true. Objects are, directives that would resolve to nothing included.
    var isTruthy: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .number(let text): Double(text) != 0
        case .text(let text): !text.isEmpty
        case .list, .object: true
        }
    }

    /// Segment's root directive: an object that is to take all other root keys as its `mapping` and become the root.
    func withRootDirective() throws(MappingFault) -> MappingValue {
        guard let members = plainMembers, let root = members.first(where: { $0.key == Self.rootDirectiveKey }) else {
            return self
        }
        guard let inner = root.value.plainMembers, inner.count == 1, let directive = inner.first else {
            throw MappingFault(path: [root.key], message: "should be an object with a single directive")
        }
        guard let arguments = directive.value.plainMembers else {
            let message = "should be an object but it is \(directive.value.shape.withArticle)"
            throw MappingFault(path: [root.key, directive.key], message: message)
        }
        let mapping = MappingValue.object(members.filter { $0.key != root.key })
        let joined = arguments.filter { $0.key != "mapping" } + [MappingMember("mapping", mapping)]
        return .object([MappingMember(directive.key, .object(joined))])
    }

    private static let rootDirectiveKey = "__segment_internal_directive"
}
