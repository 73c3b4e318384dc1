extension MappingCompiler {
    mutating func compileReading(_ name: DirectiveName, _ call: DirectiveCall) -> MappingNode {
        switch name {
        case .arrayPath: arrayPath(call)
        case .transform: transform(call)
        case .template: templateOrPath(call, template)
        default: templateOrPath(call) { text, _ in .path(EventPath(droppingRootMark: text)) }
        }
    }

    mutating func compileArguments(_ name: DirectiveName, _ call: DirectiveCall) -> MappingNode {
        switch name {
        case .condition: condition(call)
        case .letterCase: letterCase(call)
        case .replace: replace(call)
        case .merge: merge(call)
        case .flatten: flatten(call)
        default: json(call)
        }
    }

    /// A directive that takes a text, or something that resolves to one.
    private mutating func templateOrPath(
        _ call: DirectiveCall, _ make: ([UInt8], DirectiveCall) -> MappingNode
    ) -> MappingNode {
        let inner = compile(call.argument, at: call.path, isCertain: call.isCertain)
        switch inner {
        case .constant(.text(.constant(let text))): return make(text, call)
        case .constant, .list, .object: return fail("needs a text, got \(call.argument.shape.rawValue)", call)
        default:
            let isTemplate = call.name == DirectiveName.template.rawValue
            return isTemplate ? .templateFrom(inner, place: call.place) : .pathFrom(inner, place: call.place)
        }
    }

    private func template(_ text: [UInt8], _ call: DirectiveCall) -> MappingNode {
        if TemplateText.hasTripleBraces(text) {
            return .templateFrom(.constant(.text(.constant(text))), place: call.place)
        }
        let template = TemplateText(text, .double)
        let isLiteral = template.parts.allSatisfy { if case .literal = $0 { true } else { false } }
        return isLiteral ? .constant(.text(.constant(text))) : .template(template)
    }

    private mutating func arrayPath(_ call: DirectiveCall) -> MappingNode {
        guard case .list(let parts) = call.argument else { return fail("needs a list", call) }
        guard let first = parts.first else { return .absent }
        let path: MappingNode
        if case .text(let text) = first {
            path = .path(EventPath(droppingRootMark: Array(text.utf8)))
        } else {
            path = compile(first, at: call.path + ["0"], isCertain: call.isCertain)
        }
        guard parts.count > 1, case .object(let members) = parts[1], !members.isEmpty else { return path }
        return .arrayPath(path, shape: compile(parts[1], at: call.path + ["1"], isCertain: false))
    }

    /// `apply` is a mapping of its own: the original validates it once more when it runs, also where nothing before did.
    private mutating func transform(_ call: DirectiveCall) -> MappingNode {
        guard let members = call.argument.plainMembers else { return fail("needs an object of arguments", call) }
        let call = call.with(members)
        guard !Self.isFalsy(call["mapping"]) else { return fail("needs the argument mapping", call) }
        guard let apply = call["apply"], case .object = apply else { return fail("needs an object as apply", call) }
        let root: MappingValue
        do throws(MappingFault) { root = try apply.withRootDirective() } catch { return fail(error.message, call) }
        var validator = MappingValidator()
        validator.validate(root, at: call.path + ["apply"])
        if let fault = validator.faults.first { return fail(fault.message, call) }
        return .transform(
            apply: compile(root, at: call.path + ["apply"], isCertain: call.isCertain),
            mapping: argument("mapping", call), place: call.place)
    }

    private mutating func condition(_ call: DirectiveCall) -> MappingNode {
        guard !Self.isFalsy(call["exists"]) || !Self.isFalsy(call["blank"]) else {
            return fail("needs the argument exists or blank", call)
        }
        let name = call["exists"] != nil ? "exists" : "blank"
        let tested = argument(name, call)
        let otherwise = Self.isFalsy(call["else"]) ? .absent : argument("else", call, isCertain: false)
        return .condition(
            name == "exists" ? .exists(tested) : .notBlank(tested),
            then: argument("then", call, isCertain: false), otherwise: otherwise)
    }

    private mutating func letterCase(_ call: DirectiveCall) -> MappingNode {
        guard !Self.isFalsy(call["operator"]) else { return fail("needs the argument operator", call) }
        guard !Self.isFalsy(call["value"]) else { return .absent }
        var letterCase: LetterCase?
        if case .text(let word) = call["operator"] { letterCase = LetterCase(rawValue: word) }
        let value = argument("value", call)
        if letterCase == nil, case .text = value.constant { return fail(MappingRun.unknownLetterCase, call) }
        return .letterCase(letterCase, value, place: call.place)
    }

    private mutating func replace(_ call: DirectiveCall) -> MappingNode {
        guard !Self.isFalsy(call["pattern"]) else { return fail("needs the argument pattern", call) }
        guard !Self.isFalsy(call["value"]) else { return .absent }
        let value = argument("value", call)
        guard let replacement = replacement(call) else { return .replace(.nothing(at: call.place), value) }
        if let fault = replacement.fault, case .text = value.constant { return fail(fault, call) }
        return .replace(replacement, value)
    }

    /// Nil where an argument is of a kind that makes the original give an empty text.
    private func replacement(_ call: DirectiveCall) -> Replacement? {
        guard case .text(let pattern) = call["pattern"],
            case .text(let replacement) = call.present("replacement") ?? .text("")
        else { return nil }
        guard case .bool(let ignoresCase) = call.present("ignorecase") ?? .bool(false),
            case .bool(let isGlobal) = call.present("global") ?? .bool(true)
        else { return nil }
        var pairs = [(pattern, replacement)]
        if case .text(let second) = call["pattern2"], !second.isEmpty,
            case .text(let replacement2) = call.present("replacement2") ?? .text("")
        {
            pairs.append((second, replacement2))
        }
        return Replacement(pairs, ignoresCase: ignoresCase, isGlobal: isGlobal, place: call.place)
    }

    private mutating func merge(_ call: DirectiveCall) -> MappingNode {
        guard !Self.isFalsy(call["direction"]) else { return fail("needs the argument direction", call) }
        guard case .list(let objects) = call["objects"] else { return fail("needs a list of objects", call) }
        let direction = argument("direction", call)
        return .merge(
            objects.enumerated().map { index, object in
                compile(object, at: call.path + ["objects", String(index)], isCertain: call.isCertain)
            }, direction: direction)
    }

    private mutating func flatten(_ call: DirectiveCall) -> MappingNode {
        guard !Self.isFalsy(call["separator"]) else { return fail("needs the argument separator", call) }
        return .flatten(
            argument("value", call), separator: argument("separator", call),
            omitsLists: !Self.isFalsy(call["omitArrays"]), place: call.place)
    }

    private mutating func json(_ call: DirectiveCall) -> MappingNode {
        guard !Self.isFalsy(call["mode"]) else { return fail("needs the argument mode", call) }
        guard !Self.isFalsy(call["value"]) else {
            return fail("needs a value that is not false, 0, empty or null", call)
        }
        let value = argument("value", call)
        switch call["mode"] {
        case .text("encode"): return .encodeJSON(value)
        case .text("decode"): return .decodeJSON(value)
        default: return .discarded(value)
        }
    }
}
