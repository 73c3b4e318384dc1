import RelayModel

// Reading values: the first usable source wins, and what is present but unusable is told (`mapping.md` 9.2).
extension EventMapper {
    /// Takes what a mapping of the configuration sets, or tries a field's paths in order.
    /// - Parameter read: reads a value; nil when it cannot be used.
    @inline(__always)
    mutating func first<Value>(
        _ field: MappedField, _ read: (inout EventTape, TapeNode) -> Value?
    ) -> Value? {
        if isSet(field) {
            let value = overridden(field, read)
            if value != nil || !field.fallsBack { return value }
        }
        return firstOfPaths(field, read)
    }

    /// True when a mapping of the configuration sets a field, be it to nothing.
    @inline(__always)
    func isSet(_ field: MappedField) -> Bool { hasOverrides && overrides.fields.contains(field) }

    /// Tries a field's paths in order. Most fields have no value: to find that takes no call.
    @inline(__always)
    mutating func firstOfPaths<Value>(
        _ field: MappedField, _ read: (inout EventTape, TapeNode) -> Value?
    ) -> Value? {
        present.contains(field) ? firstPresent(field, read) : nil
    }

    private mutating func firstPresent<Value>(
        _ field: MappedField, _ read: (inout EventTape, TapeNode) -> Value?
    ) -> Value? {
        for position in paths.positions(of: field) {
            let slot = paths.slot(at: position)
            guard let node = found[slot] else { continue }
            if trace != nil, !isBlank(node) { reading(field, slot) }
            // No reader takes a blank value; whether it is one matters only where it took none.
            if let value = read(&tape, node) {
                record(field, slot)
                return value
            }
            if !isBlank(node) { warn(field, .unusable) }
        }
        return nil
    }

    /// The first usable text of a field: a string, trimmed, or a number as text; absent without one.
    @inline(__always)
    mutating func firstText(_ field: MappedField) -> TextRef { first(field, readText) ?? .none }

    /// The first decimal number of a field, with the text to send for it.
    mutating func firstDecimal(_ field: MappedField) -> (number: DecimalNumber, text: TextRef)? {
        first(field, readDecimal)
    }

    @inline(__always)
    mutating func firstFlag(_ field: MappedField) -> Bool? { first(field, readFlag) }

    /// The first count of a field: a whole number of zero or more.
    mutating func firstCount(_ field: MappedField) -> Int64? { first(field, readCount) }

    /// True when one of a field's paths has a value.
    func hasValue(_ field: MappedField) -> Bool {
        guard present.contains(field) else { return false }
        return paths.positions(of: field).contains { found[paths.slot(at: $0)].map { !isBlank($0) } ?? false }
    }

    /// Blank text and empty containers are no values at all: they bring no warning.
    func isBlank(_ node: TapeNode) -> Bool {
        switch tape.kind(node) {
        case .string: tape.trimmed(tape.string(node)).isEmpty
        case .array: tape.firstElement(node) == nil
        case .object: tape.firstMember(node) == nil
        case .null: true
        case .number, .bool: false
        }
    }

    mutating func warn(_ field: MappedField, _ kind: WarningKind) {
        mapped.warnings.append(EventWarning(field.name, kind))
        if trace != nil { traceLoss(field, kind) }
    }

    /// Notes where a field's value came from, for `explain`.
    @inline(__always)
    mutating func record(_ field: MappedField, _ slot: Int) {
        if trace != nil { traceValue(field, slot) }
    }

    /// Notes by which rule a field's value was derived.
    @inline(__always)
    mutating func record(_ field: MappedField, rule: StaticString) {
        if trace != nil { trace?.record(field.name, rule: rule) }
    }
}

func readText(_ tape: inout EventTape, _ node: TapeNode) -> TextRef? {
    let text = tape.trimmed(tape.scalarText(node))
    return text.isEmpty ? nil : text
}

func readDecimal(_ tape: inout EventTape, _ node: TapeNode) -> (number: DecimalNumber, text: TextRef)? {
    readText(&tape, node).flatMap { tape.decimal(in: $0) }
}

func readCount(_ tape: inout EventTape, _ node: TapeNode) -> Int64? {
    let count = tape.integer(node) ?? readDecimal(&tape, node)?.number.wholeValue
    return count.flatMap { $0 >= 0 ? $0 : nil }
}

/// `true`, `false`, their texts, 1 and 0.
func readFlag(_ tape: inout EventTape, _ node: TapeNode) -> Bool? {
    if let flag = tape.bool(node) { return flag }
    guard let ref = readText(&tape, node) else { return nil }
    let text = tape.text.span.extracting(ref.range)
    if text.equalsIgnoringCase("true") || text.equalsIgnoringCase("1") { return true }
    return text.equalsIgnoringCase("false") || text.equalsIgnoringCase("0") ? false : nil
}

extension EventTape {
    /// A text without the ASCII white space around it.
    @inline(__always)
    func trimmed(_ ref: TextRef) -> TextRef {
        guard ref.count > 0 else { return ref }
        let hasEdge = text[ref.range.lowerBound] <= 0x20 || text[ref.range.upperBound - 1] <= 0x20
        return hasEdge ? withoutEdges(ref) : ref
    }

    private func withoutEdges(_ ref: TextRef) -> TextRef {
        let bytes = text.span
        var (start, end) = (ref.range.lowerBound, ref.range.upperBound)
        while start < end, isASCIISpace(bytes[start]) { start += 1 }
        while start < end, isASCIISpace(bytes[end - 1]) { end -= 1 }
        return TextRef(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: end - start))
    }
}
