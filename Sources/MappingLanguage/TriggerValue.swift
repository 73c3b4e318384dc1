import RelayModel

/// What a term is worth for one event. It names what stands on the tape or in the trigger, and copies nothing.
enum TriggerValue {
    case null
    case bool(Bool)
    case number(Double)
    case text(TriggerText)
    case list(TapeNode)
    /// A list written in the trigger: a row of the program's terms.
    case constants(Range<Int>)
    /// An object equals nothing, not even itself, as a value that is made anew does in JavaScript.
    case object

    var type: TriggerType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .text: .string
        case .list, .constants: .list
        case .object: .object
        }
    }
}

/// The types by the names that `typeof` gives.
enum TriggerType: Int, CaseIterable {
    case null, bool, number, string, list, object
}

/// A text of the tape or of the trigger, and whether it is to be read in lower case.
struct TriggerText {
    let ref: TextRef
    let isConstant: Bool
    var isLowered = false

    init(_ ref: TextRef, isConstant: Bool) {
        self.ref = ref
        self.isConstant = isConstant
    }

    var lowered: TriggerText {
        var copy = self
        copy.isLowered = true
        return copy
    }
}

extension Span<UInt8> {
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// True when the text in lower case, by Unicode's mapping of each character, is `other`.
    func lowercased(equals other: Span<UInt8>) -> Bool {
        var at = 0
        let matchesSoFar = eachLowercaseByte { byte in
            defer { at += 1 }
            return at < other.count && other[at] == byte
        }
        return matchesSoFar && at == other.count
    }

    func appendLowercase(to bytes: inout [UInt8]) {
        _ = eachLowercaseByte { byte in
            bytes.append(byte)
            return true
        }
    }

    /// Hands over the bytes of the text in lower case until `take` answers false.
    /// - Returns: false when it did.
    private func eachLowercaseByte(_ take: (UInt8) -> Bool) -> Bool {
        var place = 0
        while place < count {
            let byte = self[place]
            if byte < 0x80 {
                let isUpper = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                guard take(isUpper ? byte | 0x20 : byte) else { return false }
                place += 1
            } else {
                guard let next = triggerScalar(at: place) else { return true }
                let scalar = Unicode.Scalar(next.scalar) ?? "\u{FFFD}"
                for byte in scalar.properties.lowercaseMapping.utf8 {
                    guard take(byte) else { return false }
                }
                place = next.end
            }
        }
        return true
    }
}
