import RelayModel

// `@template`, `@case`, `@replace`, and how values become text.
extension MappingRun {
    static let unknownLetterCase = "needs lower or upper as its operator"

    mutating func fill(
        _ template: TemplateText, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        let start = tape.textEnd
        for part in template.parts {
            switch part {
            case .literal(let bytes): try append(.constant(bytes), &tape)
            case .placeholder(let path): try appendText(of: value(at: path, in: scope, tape), &tape)
            }
        }
        return .text(.tape(tape.text(from: start)))
    }

    /// A template that is known only now: triple braces first, then double ones in what that gave.
    mutating func resolveTemplate(
        _ inner: MappingNode, _ place: String, _ scope: Resolved, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        let text = try requireText(try resolve(inner, scope, &tape), place, tape)
        var bytes = tape.bytes(text)
        if TemplateText.hasTripleBraces(bytes) {
            let filled = try fill(TemplateText(bytes, .triple), scope, &tape)
            bytes = self.text(filled, tape).map { tape.bytes($0) } ?? []
        }
        return try fill(TemplateText(bytes, .double), scope, &tape)
    }

    mutating func changeCase(
        _ value: Resolved, _ letterCase: LetterCase?, _ place: String, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        guard let text = text(value, tape) else { return value }
        guard let letterCase else { throw MappingRunFault(message: "\(place) \(Self.unknownLetterCase)") }
        if case .tape(let ref) = text, tape[ref].allSatisfy({ $0 < 0x80 }) {
            try reserve(Int(ref.count), tape)
            return .text(.tape(tape.appendASCII(ref, in: letterCase)))
        }
        let changed = JavaScriptText.text(tape.string(text), in: letterCase)
        try reserve(changed.utf8.count, tape)
        return .text(.tape(tape.append(changed.utf8)))
    }

    mutating func replace(
        _ value: Resolved, _ replacement: Replacement, _ tape: inout EventTape
    ) throws(MappingRunFault) -> Resolved {
        let kind = kind(value, tape)
        guard kind == .text || kind == .number || kind == .boolean else { return .text(.empty) }
        if let fault = replacement.fault { throw MappingRunFault(message: "\(replacement.place) \(fault)") }
        let start = tape.textEnd
        try appendText(of: value, &tape)
        let text = tape.string(.tape(tape.text(from: start)))
        guard let replaced = replacement.apply(to: text, limit: textRoom(tape)) else {
            throw MappingRunFault(message: "\(replacement.place) makes more than \(limits.textByteCount) bytes of text")
        }
        try reserve(replaced.utf8.count, tape)
        return .text(.tape(tape.append(replaced.utf8)))
    }

    // MARK: To text

    func append(_ text: ScratchText, _ tape: inout EventTape) throws(MappingRunFault) {
        try reserve(text.byteCount, tape)
        tape.appendBytes(of: text)
    }

    /// Appends a value as JavaScript turns it into text; null and absent give nothing.
    mutating func appendText(of value: Resolved, _ tape: inout EventTape) throws(MappingRunFault) {
        try enter()
        defer { leave() }
        switch kind(value, tape) {
        case .absent, .null: break
        case .boolean: try append(ScratchText(bool(value, tape) == true ? "true" : "false"), &tape)
        case .number: try append(.constant(numberText(value, tape)), &tape)
        case .text: if let text = text(value, tape) { try append(text, &tape) }
        case .object: try append(ScratchText("[object Object]"), &tape)
        case .list:
            for (index, element) in elements(value, tape).enumerated() {
                if index > 0 { try append(ScratchText(","), &tape) }
                try appendText(of: element, &tape)
            }
        }
    }

    func numberText(_ value: Resolved, _ tape: borrowing EventTape) -> [UInt8] {
        var bytes: [UInt8] = []
        JavaScriptNumber.append(number(value, tape) ?? .nan, to: &bytes)
        return bytes
    }
}

extension EventTape {
    fileprivate mutating func appendASCII(_ ref: TextRef, in letterCase: LetterCase) -> TextRef {
        let first = UInt8(ascii: letterCase == .upper ? "a" : "A")
        return append { bytes in
            for index in ref.range {
                let byte = bytes[index]
                bytes.append(byte &- first < 26 ? byte ^ 0x20 : byte)
            }
        }
    }
}
