import RelayModel

extension GPPSections {
    /// Reads `gpp_sid`: ids as a list, as one number, or as text with commas or underscores between them. -1 says that
    /// none applies.
    /// - Returns: nil where it is not known which apply: for 0, and for what cannot be read.
    init?(_ node: TapeNode, on tape: inout EventTape) {
        self.init()
        guard tape.kind(node) == .array else {
            guard insert(scalar: node, &tape) else { return nil }
            return
        }
        var cursor = tape.firstElement(node)
        guard cursor != nil else { return nil }
        while let element = cursor {
            guard insert(scalar: element, &tape) else { return nil }
            cursor = tape.nextElement(after: element, in: node)
        }
    }

    private mutating func insert(scalar node: TapeNode, _ tape: inout EventTape) -> Bool {
        let text = tape.scalarText(node)
        return insert(idsIn: tape.text.span.extracting(text.range))
    }

    /// - Returns: false for a text without ids, with a 0, or with anything but ids.
    private mutating func insert(idsIn text: Span<UInt8>) -> Bool {
        var id: Int?
        var isNegative = false
        var isAny = false
        for position in 0...text.count {
            let byte = position < text.count ? text[position] : UInt8(ascii: ",")
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                id = min((id ?? 0) * 10 + Int(byte - UInt8(ascii: "0")), 1_000)
            case UInt8(ascii: "-") where id == nil: isNegative = true
            case UInt8(ascii: ","), UInt8(ascii: "_"), UInt8(ascii: " "):
                guard let found = id else { continue }
                guard found > 0 else { return false }
                if !isNegative { insert(found) }
                (id, isNegative, isAny) = (nil, false, true)
            default: return false
            }
        }
        return isAny
    }
}
