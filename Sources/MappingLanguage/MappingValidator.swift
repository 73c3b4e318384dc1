/// Finds what is wrong with a mapping by form, as the original's validation does (`mapping-language.md` 1.5), all at
/// once. What the original leaves unchecked (elements of lists, plain objects below `@literal` and `@excludeWhenNull`)
/// stays unchecked here: it shows when the mapping is compiled or run.
struct MappingValidator {
    private(set) var faults: [MappingFault] = []

    mutating func validate(_ value: MappingValue, at path: [String]) {
        guard let members = value.plainMembers else { return }
        if value.shape == .directive {
            validateDirective(members, at: path)
        } else {
            for member in members { validate(member.value, at: path + [member.key]) }
        }
    }

    private mutating func validateDirective(_ members: [MappingMember], at path: [String]) {
        let directives = members.filter { $0.key.hasPrefix("@") }
        guard let directive = directives.first, directives.count == 1 else {
            let names = directives.map(\.key).joined(separator: ", ")
            return fault(path, "should have one key that begins with @ but it has \(directives.count): \(names)")
        }
        guard members.allSatisfy({ $0.key == directive.key || $0.key == "_metadata" }) else {
            return fault(path, "should have \(directive.key) as its only key but it has \(members.count) keys")
        }
        guard let name = DirectiveName(rawValue: directive.key) else {
            return fault(path, "has an unknown directive: \(directive.key)")
        }
        validate(directive.value, of: name, at: path + [directive.key])
    }

    private mutating func validate(_ argument: MappingValue, of name: DirectiveName, at path: [String]) {
        switch name {
        case .path, .template:
            require(argument, [.text, .directive], at: path)
            if argument.shape == .directive { validate(argument, at: path) }
        case .literal, .excludeWhenNull:
            if argument.shape == .directive { validate(argument, at: path) }
        case .arrayPath: validateArrayPath(argument, at: path)
        case .liquid: fault(path, DirectiveName.liquidRefusal)
        default: validateArguments(argument, name.arguments ?? [], at: path)
        }
    }

    private mutating func validateArrayPath(_ argument: MappingValue, at path: [String]) {
        guard case .list(let parts) = argument else {
            return fault(path, "should be a list but it is \(argument.shape.withArticle)")
        }
        guard let first = parts.first else { return fault(path, "should have a path as its first element") }
        require(first, [.text, .directive], at: path + ["0"])
        if first.shape == .directive { validate(first, at: path + ["0"]) }
    }

    private mutating func validateArguments(
        _ argument: MappingValue, _ expected: [DirectiveArgument], at path: [String]
    ) {
        guard let members = argument.plainMembers else {
            return fault(path, "should be an object but it is \(argument.shape.withArticle)")
        }
        if let directive = members.first(where: { $0.key.hasPrefix("@") }) {
            return fault(path, "should hold arguments and no directive but it has \(directive.key)")
        }
        for member in members { validate(member.value, at: path + [member.key]) }
        for part in expected {
            if let member = members.first(where: { $0.key == part.name }) {
                check(member.value, part.rule, at: path + [part.name])
            } else if part.isRequired {
                fault(path, "should have the argument \(part.name) but it does not")
            }
        }
    }

    private mutating func check(_ value: MappingValue, _ rule: DirectiveArgument.Rule, at path: [String]) {
        switch rule {
        case .any: break
        case .text: require(value, [.text], at: path)
        case .boolean: require(value, [.boolean], at: path)
        case .textOrDirective: require(value, [.text, .directive], at: path)
        case .objectOrDirective: require(value, [.object, .directive], at: path)
        case .textOfLength(let range): checkLength(value, range, at: path)
        case .word(let words): checkWord(value, words, at: path)
        case .objects: checkObjects(value, at: path)
        }
    }

    private mutating func checkLength(_ value: MappingValue, _ range: ClosedRange<Int>, at path: [String]) {
        require(value, [.text], at: path)
        guard case .text(let text) = value else { return }
        let count = text.utf16.count
        if count < range.lowerBound { fault(path, "should have at least \(range.lowerBound) characters") }
        if count > range.upperBound {
            fault(path, "should have at most \(range.upperBound) characters but it has \(count)")
        }
    }

    private mutating func checkWord(_ value: MappingValue, _ words: [String], at path: [String]) {
        require(value, [.text], at: path)
        guard case .text(let text) = value, !words.contains(text.lowercased()) else { return }
        fault(path, "should be one of \(words.joined(separator: ", ")) but it is \(text)")
    }

    private mutating func checkObjects(_ value: MappingValue, at path: [String]) {
        guard case .list(let elements) = value else {
            return fault(path, "should be a list but it is \(value.shape.withArticle)")
        }
        for (index, element) in elements.enumerated() {
            require(element, [.object, .directive], at: path + [String(index)])
            validate(element, at: path + [String(index)])
        }
    }

    private mutating func require(_ value: MappingValue, _ shapes: [MappingShape], at path: [String]) {
        guard !shapes.contains(value.shape) else { return }
        let wanted = shapes.map(\.withArticle).joined(separator: " or ")
        fault(path, "should be \(wanted) but it is \(value.shape.withArticle)")
    }

    private mutating func fault(_ path: [String], _ message: String) {
        faults.append(MappingFault(path: path, message: message))
    }
}
