/// From the tree of a case file to cases. All faults are found together; a key is known or a fault.
struct CaseReader {
    let file: String
    let files: ConfigFiles
    private(set) var errors: [ConfigError] = []
    private var defaults: CaseNode?

    private static let defaultKeys = ["source", "received_at", "as", "match"]
    private static let caseKeys =
        ["name", "input", "input_file", "request", "expect", "reason", "warnings"] + defaultKeys
    private static let requestKeys = ["method", "path", "headers", "body", "address"]

    init(file: String, files: ConfigFiles) { (self.file, self.files) = (file, files) }

    mutating func readFile(_ root: CaseNode) -> [MappingCase] {
        guard let members = root.members else {
            fault("", root.line, "expected a mapping with 'cases'")
            return []
        }
        checkKeys(members, among: ["defaults", "cases"], at: "")
        defaults = root["defaults"]
        if let known = defaults { checkKeys(known.members ?? [], among: Self.defaultKeys, at: "defaults") }
        guard let items = root["cases"]?.items, !items.isEmpty else {
            fault("cases", root["cases"]?.line ?? root.line, "expected a list of at least one case")
            return []
        }
        return items.enumerated().compactMap { readCase($0.element, at: "cases[\($0.offset)]") }
    }

    private mutating func readCase(_ node: CaseNode, at place: String) -> MappingCase? {
        guard let members = node.members else {
            fault(place, node.line, "expected a mapping")
            return nil
        }
        checkKeys(members, among: Self.caseKeys, at: place)
        let name = text("name", of: node, at: place)
        if name == nil { fault("\(place).name", node.line, "a case needs a name") }
        let input = readInput(node, at: place)
        let expected = readExpected(node, at: place)
        let warnings = readWarnings(node["warnings"], at: "\(place).warnings")
        let match = readMatch(node, at: place)
        let time = readTime(node, at: place)
        let source = inherited("source", of: node, at: place)
        let kind = inherited("as", of: node, at: place)
        guard let name, let input else { return nil }
        return MappingCase(
            name: name, line: node.line, source: source, receivedAtMicros: time, inputKind: kind, input: input,
            expected: expected, match: match, warnings: warnings)
    }

    // MARK: Input

    private mutating func readInput(_ node: CaseNode, at place: String) -> MappingCase.Input? {
        let keys = ["input", "input_file", "request"].filter { node[$0] != nil }
        guard keys.count == 1, let key = keys.first, let value = node[key] else {
            fault(place, node.line, "one of input, input_file and request is needed, and only one")
            return nil
        }
        let place = "\(place).\(key)"
        if key == "request" { return readRequest(value, at: place).map { .request($0) } }
        if key == "input_file" { return readInputFile(value, at: place).map { .text($0) } }
        switch value.content {
        case .text(let text): return .text(text)
        case .map, .list: return .tree(value)
        case .null, .bool, .number:
            fault(place, value.line, "expected a text or JSON")
            return nil
        }
    }

    private mutating func readInputFile(_ value: CaseNode, at place: String) -> String? {
        guard let name = value.scalar else {
            fault(place, value.line, "expected the path of a file")
            return nil
        }
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        do throws(ConfigFileError) {
            return try files.read(name.hasPrefix("/") ? name : folder + name, 16 << 20)
        } catch {
            fault(place, value.line, "cannot read \(name): \(error)")
            return nil
        }
    }

    private mutating func readRequest(_ value: CaseNode, at place: String) -> MappingCase.Request? {
        guard let members = value.members else {
            fault(place, value.line, "expected a mapping")
            return nil
        }
        checkKeys(members, among: Self.requestKeys, at: place)
        guard let path = text("path", of: value, at: place) else {
            fault("\(place).path", value.line, "a request needs a path")
            return nil
        }
        let headers = (value["headers"]?.members ?? []).map { (name: $0.key, value: $0.value.scalar ?? "") }
        return MappingCase.Request(
            method: text("method", of: value, at: place), path: path, headers: headers, body: value["body"],
            address: text("address", of: value, at: place))
    }

    // MARK: Expectation

    private mutating func readExpected(_ node: CaseNode, at place: String) -> [MappingCase.Expected] {
        if let reason = node["reason"] {
            if node["expect"] != nil {
                fault("\(place).reason", reason.line, "expect is set as well: keep one of the two")
            }
            return readReason(reason, at: "\(place).reason").map { [$0] } ?? []
        }
        guard let expect = node["expect"] else {
            fault(place, node.line, "a case needs expect or reason")
            return []
        }
        let items = expect.items ?? [expect]
        if items.isEmpty {
            fault("\(place).expect", expect.line, "expected at least one event; reason says why none leaves")
        }
        return items.enumerated().compactMap { index, item in
            let place = expect.items == nil ? "\(place).expect" : "\(place).expect[\(index)]"
            guard let members = item.members, !members.isEmpty else {
                fault(place, item.line, "expected a Pinterest event or a reason")
                return nil
            }
            if members.count == 1, let reason = item["reason"] { return readReason(reason, at: "\(place).reason") }
            return .event(item)
        }
    }

    private mutating func readReason(_ node: CaseNode, at place: String) -> MappingCase.Expected? {
        guard let reason = node.scalar else {
            fault(place, node.line, "expected a reason such as no_consent")
            return nil
        }
        return .reason(reason)
    }

    private mutating func readWarnings(_ node: CaseNode?, at place: String) -> [(field: String, kind: String)]? {
        guard let node else { return nil }
        var warnings: [(field: String, kind: String)] = []
        for item in node.items ?? [node] {
            for member in item.members ?? [] {
                if let kind = member.value.scalar { warnings.append((member.key, kind)) }
            }
            if item.members == nil {
                fault(place, item.line, "expected entries such as user_data.ph: phone_not_parsed")
            }
        }
        return warnings
    }

    // MARK: Scalars

    private mutating func readMatch(_ node: CaseNode, at place: String) -> MappingCase.Match {
        guard let word = inherited("match", of: node, at: place) else { return .partial }
        guard let match = MappingCase.Match(rawValue: word) else {
            fault("\(place).match", node.line, "expected partial or exact")
            return .partial
        }
        return match
    }

    private mutating func readTime(_ node: CaseNode, at place: String) -> Int64? {
        guard let word = inherited("received_at", of: node, at: place) else { return nil }
        let micros = WrittenTime.micros(word)
        if micros == nil { fault("\(place).received_at", node.line, "expected a time such as 2026-05-01T12:00:00Z") }
        return micros
    }

    private mutating func inherited(_ key: String, of node: CaseNode, at place: String) -> String? {
        text(key, of: node, at: place) ?? defaults.flatMap { $0[key]?.scalar }
    }

    private mutating func text(_ key: String, of node: CaseNode, at place: String) -> String? {
        guard let value = node[key] else { return nil }
        if value.scalar == nil { fault("\(place).\(key)", value.line, "expected a text") }
        return value.scalar
    }

    private mutating func checkKeys(_ members: [CaseNode.Member], among known: [String], at place: String) {
        for member in members where !known.contains(member.key) {
            let guess = KeySpelling.nearest(to: member.key, among: known).map { " (did you mean \($0)?)" } ?? ""
            fault(place.isEmpty ? member.key : "\(place).\(member.key)", member.line, "unknown key" + guess)
        }
    }

    private mutating func fault(_ place: String, _ line: Int, _ message: String) {
        errors.append(ConfigError(path: place.isEmpty ? file : "\(file): \(place)", line: line, message: message))
    }
}
