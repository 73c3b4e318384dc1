/// SHA-256 as the domain sees it; the wrapper around the crypto library conforms.
public protocol TextHashing {
    /// - Returns: the SHA-256 of the bytes.
    mutating func sha256(_ bytes: Span<UInt8>) -> HashedValue
}

/// A SHA-256 digest: the only form in which a personal value can leave `Privacy`.
public struct HashedValue: Hashable, Sendable {
    /// The digest's 32 bytes as four big-endian words.
    public let words: (UInt64, UInt64, UInt64, UInt64)

    public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Takes over a value that the sender has hashed: 64 hex digits in either case; nil for anything else.
    public init?(hex: ArraySlice<UInt8>) {
        guard hex.count == 64 else { return nil }
        var words: [4 of UInt64] = [0, 0, 0, 0]
        for (offset, byte) in hex.enumerated() {
            guard let digit = hexDigit(byte) else { return nil }
            words[offset / 16] = words[offset / 16] << 4 | UInt64(digit)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// Appends the 64 lower-case hex digits.
    public func appendHex(to bytes: inout [UInt8]) {
        appendHex(words.0, to: &bytes)
        appendHex(words.1, to: &bytes)
        appendHex(words.2, to: &bytes)
        appendHex(words.3, to: &bytes)
    }

    private func appendHex(_ word: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 60, through: 0, by: -4) {
            bytes.append(lowerHexDigit(UInt8(word >> UInt64(shift) & 15)))
        }
    }

    /// The 64 lower-case hex digits, for `explain` and tests.
    public var hex: String {
        var bytes: [UInt8] = []
        appendHex(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func == (a: HashedValue, b: HashedValue) -> Bool { a.words == b.words }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

@inline(__always)
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

@inline(__always)
func lowerHexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
}
