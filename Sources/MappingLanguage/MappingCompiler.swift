import RelayModel

/// Turns a mapping into nodes. It follows what the original does when it runs, so that also what no validation looks at
/// (elements of lists) gets the original's meaning.
///
/// What would fail on every event is a fault of the mapping; what would fail on some is left to them.
struct MappingCompiler {
    private(set) var faults: [MappingFault] = []

    /// - Parameter isCertain: every event reaches this place.
    mutating func compile(_ value: MappingValue, at path: [String], isCertain: Bool) -> MappingNode {
        switch value {
        case .null: return .constant(.null)
        case .bool(let value): return .constant(.bool(value))
        case .number(let text): return number(text, at: path)
        case .text(let text): return .constant(.text(ScratchText(text)))
        case .list(let elements):
            return .list(
                elements.enumerated().map { index, element in
                    compile(element, at: path + [String(index)], isCertain: isCertain)
                })
        case .object:
            if let directive = value.directive { return self.directive(directive, at: path, isCertain) }
            return .object(
                (value.plainMembers ?? []).map { member in
                    MappingNodeMember(
                        key: Array(member.key.utf8),
                        value: compile(member.value, at: path + [member.key], isCertain: isCertain))
                })
        }
    }

    private mutating func number(_ text: String, at path: [String]) -> MappingNode {
        if case .none = NumberShape(Array(text.utf8).span) { return refuse("is no number that JSON has", path) }
        return .constant(.number(Double(text) ?? 0))
    }

    private mutating func directive(_ member: MappingMember, at path: [String], _ isCertain: Bool) -> MappingNode {
        let call = DirectiveCall(
            name: member.key, argument: member.value, path: path + [member.key], isCertain: isCertain)
        guard let name = DirectiveName(rawValue: member.key) else { return fail("is no directive", call) }
        switch name {
        case .path, .template, .arrayPath, .transform: return compileReading(name, call)
        case .literal: return compile(call.argument, at: call.path, isCertain: isCertain)
        case .excludeWhenNull:
            return .excludeWhenNull(compile(call.argument, at: call.path, isCertain: isCertain))
        case .liquid: return refuse(DirectiveName.liquidRefusal, call.path)
        case .condition, .letterCase, .replace, .merge, .flatten, .json:
            guard let arguments = call.argument.plainMembers else { return fail("needs an object of arguments", call) }
            return compileArguments(name, call.with(arguments))
        }
    }

    /// An argument that is missing or that JavaScript takes for false.
    static func isFalsy(_ value: MappingValue?) -> Bool { value.map { !$0.isTruthy } ?? true }

    mutating func argument(_ name: String, _ call: DirectiveCall, isCertain: Bool? = nil) -> MappingNode {
        guard let value = call[name] else { return .absent }
        return compile(value, at: call.path + [name], isCertain: isCertain ?? call.isCertain)
    }

    /// What fails whenever an event reaches it.
    mutating func fail(_ message: String, _ call: DirectiveCall) -> MappingNode {
        if call.isCertain { return refuse(message, call.path) }
        return .fail(call.place + " " + message)
    }

    private mutating func refuse(_ message: String, _ path: [String]) -> MappingNode {
        faults.append(MappingFault(path: path, message: message))
        return .fail(message)
    }
}

/// A directive of a mapping, with the place where it stands.
struct DirectiveCall {
    let name: String
    let argument: MappingValue
    let path: [String]
    /// Every event reaches it.
    let isCertain: Bool
    private var arguments: [MappingMember] = []

    init(name: String, argument: MappingValue, path: [String], isCertain: Bool) {
        self.name = name
        self.argument = argument
        self.path = path
        self.isCertain = isCertain
    }

    /// For the messages of faults.
    var place: String { "/" + path.joined(separator: "/") }

    func with(_ arguments: [MappingMember]) -> Self {
        var call = self
        call.arguments = arguments
        return call
    }

    subscript(name: String) -> MappingValue? { arguments.first { $0.key == name }?.value }

    /// An argument, where null counts as none.
    func present(_ name: String) -> MappingValue? { self[name] == .null ? nil : self[name] }
}
