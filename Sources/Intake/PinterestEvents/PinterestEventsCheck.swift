import RelayModel

/// Holds an event against the upstream's closed schema: keys, JSON types, and the form of what leaves in clear, so that
/// nothing of an unfit event is kept. Personal values are judged later, when they are normalised. Nothing is allocated
/// for an event that fits.
enum PinterestEventsCheck {
    /// - Returns: the first fault in words, with names of the contract only; nil when the event fits.
    static func fault(in event: TapeNode, on tape: borrowing EventTape) -> String? {
        fault(in: event, .event, tape)
    }

    private static func fault(
        in object: TapeNode, _ shape: PinterestEventsShape, _ tape: borrowing EventTape
    ) -> String? {
        guard tape.kind(object) == .object else { return text(shape, "must be an object") }
        for field in shape.fields where field.presence == .required && tape.member(object, field.name) == nil {
            return "\(shape.path)\(field.name) is required"
        }
        var cursor = tape.firstMember(object)
        while let member = cursor {
            let key = tape.key(member)
            if let field = shape.fields.first(where: { tape.matches(key, $0.name) }) {
                if let fault = fault(in: member.value, of: field, shape, tape) { return fault }
            } else if shape.isClosed {
                return "\(shape.path)\(shown(key, tape)) is not a field of the upstream's schema"
            }
            cursor = tape.nextMember(after: member, in: object)
        }
        return nil
    }

    private static func fault(
        in value: TapeNode, of field: PinterestEventsField, _ shape: PinterestEventsShape,
        _ tape: borrowing EventTape
    ) -> String? {
        let kind = tape.kind(value)
        if kind == .null, field.presence == .nullable { return nil }
        switch field.form {
        case .text: return kind == .string ? nil : text(shape, field, "must be a string")
        case .id, .eventName, .decimal, .language, .clickID:
            guard kind == .string else { return text(shape, field, "must be a string") }
            return formFault(tape.text.span.extracting(tape.string(value).range), field.form)
                .map { text(shape, field, $0) }
        case .word(let words):
            let isKnown = words.contains { tape.matches(tape.string(value), $0) }
            return isKnown
                ? nil : text(shape, field, "must be one of \(words.map(\.description).joined(separator: ", "))")
        case .integer: return tape.isWholeLiteral(value) ? nil : text(shape, field, "must be an integer")
        case .flag: return kind == .bool ? nil : text(shape, field, "must be a boolean")
        case .texts:
            let isFit = kind == .array && tape.allElements(of: value) { tape.kind($0) == .string }
            return isFit ? nil : text(shape, field, "must be an array of strings")
        case .anyObject: return kind == .object ? nil : text(shape, field, "must be an object")
        case .userData: return fault(in: value, .userData, tape)
        case .customData: return fault(in: value, .customData, tape)
        case .contents: return contentsFault(value, tape)
        }
    }

    /// What a text's form must be; nil when it is. Blank text is no value, and stands for none where none may stand.
    private static func formFault(_ text: Span<UInt8>, _ form: PinterestEventsField.Form) -> String? {
        switch form {
        case .id: text.isBlank ? "must not be empty" : nil
        case .eventName:
            (1...100).contains(text.count) && text.holdsOnly("_-")
                ? nil : "must be a standard name, or 1 to 100 letters, digits, '_' and '-'"
        case .decimal: text.isBlank || DecimalNumber(parsing: text) != nil ? nil : "must be a decimal number as text"
        case .language:
            text.isBlank || text.count == 2 && text.isLetter(at: 0) && text.isLetter(at: 1)
                ? nil : "must be a two-letter code"
        case .clickID:
            text.count <= 512 && text.holdsOnly("_.~%-") ? nil : "must be up to 512 letters, digits and _.~%-"
        default: nil
        }
    }

    private static func contentsFault(_ contents: TapeNode, _ tape: borrowing EventTape) -> String? {
        guard tape.kind(contents) == .array else { return "custom_data.contents must be an array of objects" }
        var cursor = tape.firstElement(contents)
        while let element = cursor {
            if let fault = fault(in: element, .content, tape) { return fault }
            cursor = tape.nextElement(after: element, in: contents)
        }
        return nil
    }

    private static func text(
        _ shape: PinterestEventsShape, _ field: PinterestEventsField, _ rule: String
    ) -> String {
        "\(shape.path)\(field.name) \(rule)"
    }

    private static func text(_ shape: PinterestEventsShape, _ rule: String) -> String {
        shape.path.utf8CodeUnitCount == 0 ? "an event \(rule)" : "\(shape.path.description.dropLast()) \(rule)"
    }

    /// A key of the sender's own, unless it could be more than a key: faults are kept with the event.
    private static func shown(_ key: TextRef, _ tape: borrowing EventTape) -> String {
        let bytes = tape[key]
        let isWord = bytes.allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_") }
        return isWord && (1...40).contains(bytes.count) ? String(decoding: bytes, as: UTF8.self) : "<masked>"
    }
}

extension EventTape {
    fileprivate func allElements(of array: TapeNode, _ fits: (TapeNode) -> Bool) -> Bool {
        var cursor = firstElement(array)
        while let element = cursor {
            guard fits(element) else { return false }
            cursor = nextElement(after: element, in: array)
        }
        return true
    }
}

extension Span<UInt8> {
    fileprivate var isBlank: Bool {
        for index in indices where self[index] > 0x20 { return false }
        return true
    }

    fileprivate func isLetter(at index: Int) -> Bool { (self[index] | 0x20) &- UInt8(ascii: "a") < 26 }

    /// Letters, digits and these marks.
    fileprivate func holdsOnly(_ marks: String) -> Bool {
        for index in indices where !isLetter(at: index) && self[index] &- UInt8(ascii: "0") >= 10 {
            guard marks.utf8.contains(self[index]) else { return false }
        }
        return true
    }
}
