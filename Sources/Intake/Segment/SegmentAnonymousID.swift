import RelayModel
import WireCodec

// RudderStack's `AnonymousId` header (`segment-api.md` 2): it stands in where an event has no anonymous id of its own.
extension EventTape {
    /// The id in an `AnonymousId` header. The SDKs send their UUID in Base64; anything else is the id itself.
    mutating func anonymousID(inHeader header: TextRef) -> TextRef {
        guard !header.isEmpty, let decoded = Base64.decode(self[header]), Self.isUUID(decoded) else { return header }
        return append(decoded)
    }

    private static func isUUID(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 36 else { return false }
        for (index, byte) in bytes.enumerated() {
            switch index {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            default: guard isHexDigit(byte) else { return false }
            }
        }
        return true
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// Writes a copy of an object with one more member behind its own.
    mutating func copy(ofObject object: TapeNode, adding name: StaticString, _ value: TextRef) -> TapeNode {
        let copied = openObject()
        var cursor = firstMember(object)
        while let member = cursor {
            key(of: member)
            copy(member.value)
            cursor = nextMember(after: member, in: object)
        }
        key(name)
        string(value)
        close()
        return copied
    }
}
