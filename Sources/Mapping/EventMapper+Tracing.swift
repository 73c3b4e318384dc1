import RelayModel
import WireCodec

// The slow side of tracing: reached only where somebody asks for a trace.
extension EventMapper {
    /// A slot's values are looked at for a field.
    @inline(__always)
    mutating func reading(_ field: MappedField, _ slot: Int) {
        if trace != nil { traceReading(field, slot) }
    }

    /// The members of what stands in a slot are read from here on, until ``leave()``.
    @inline(__always)
    mutating func enter(_ slot: Int, _ node: TapeNode) {
        if trace != nil { traceEntering(slot, isList: tape.kind(node) == .array) }
    }

    @inline(__always)
    mutating func nextElement() {
        if trace != nil { trace?.nextElement() }
    }

    @inline(__always)
    mutating func leave() {
        if trace != nil { trace?.leave() }
    }

    mutating func traceValue(_ field: MappedField, _ slot: Int) {
        let (name, given) = (tracedName(field), given(slot))
        trace?.record(name, paths.paths[slot], given)
    }

    mutating func traceLoss(_ field: MappedField, _ kind: WarningKind) {
        let slot = paths.positions(of: field).map { paths.slot(at: $0) }.first { found[$0] != nil }
        let fallback = slot.map { (path: paths.paths[$0], given: given($0)) }
        trace?.lose(field.name, kind, else: fallback)
    }

    private mutating func traceEntering(_ slot: Int, isList: Bool) {
        trace?.enter(paths.paths[slot], isList: isList)
    }

    private mutating func traceReading(_ field: MappedField, _ slot: Int) {
        let given = given(slot)
        trace?.read(field.name, paths.paths[slot], given)
    }

    // What a mapping of the configuration sets comes from the path that it names, where it is one and no more.

    /// The members of a list that a mapping sets are read from here on, until ``leave()``.
    mutating func enterOverride(_ field: MappedField, _ node: TapeNode) {
        guard trace != nil else { return }
        traceOverride(field, node)
        trace?.enter(overrides.origin(of: field), isList: tape.kind(node) == .array)
    }

    mutating func traceReading(_ field: MappedField, setTo node: TapeNode) {
        let (origin, given) = (overrides.origin(of: field), tape.copyTexts(node))
        trace?.read(field.name, origin, given)
    }

    mutating func traceOverride(_ field: MappedField, _ node: TapeNode) {
        let (name, origin, given) = (tracedName(field), overrides.origin(of: field), tape.copyTexts(node))
        trace?.record(name, origin, given)
    }

    /// The field of a product carries the place of the product that is being read.
    private func tracedName(_ field: MappedField) -> String {
        let name = field.name.description
        guard let mark = name.firstRange(of: "[]") else { return name }
        return "\(name[..<mark.lowerBound])[\(mapped.custom.contents.count)]\(name[mark.upperBound...])"
    }

    private func given(_ slot: Int) -> [String] {
        found[slot].map { tape.copyTexts($0) } ?? []
    }
}

extension EventTape {
    /// A value for people: a scalar's text, an object's JSON, an array's elements one by one.
    fileprivate func copyTexts(_ node: TapeNode) -> [String] {
        guard kind(node) == .array else { return [copyJSONOrText(node)] }
        var texts: [String] = []
        var cursor = firstElement(node)
        while let element = cursor {
            texts.append(copyJSONOrText(element))
            cursor = nextElement(after: element, in: node)
        }
        return texts
    }

    private func copyJSONOrText(_ node: TapeNode) -> String {
        if kind(node) == .string { return copyString(string(node)) }
        var json = JSONWriter()
        write(node, to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func write(_ node: TapeNode, to json: inout JSONWriter) {
        switch kind(node) {
        case .string: json.string(self[string(node)])
        case .number: json.raw(Array(copyNumberText(node).utf8).span)
        case .bool: json.bool(bool(node) == true)
        case .null: json.null()
        case .array:
            json.beginArray()
            var cursor = firstElement(node)
            while let element = cursor {
                write(element, to: &json)
                cursor = nextElement(after: element, in: node)
            }
            json.endArray()
        case .object:
            json.beginObject()
            var cursor = firstMember(node)
            while let member = cursor {
                json.key(text.span.extracting(key(member).range))
                write(member.value, to: &json)
                cursor = nextMember(after: member, in: node)
            }
            json.endObject()
        }
    }
}
