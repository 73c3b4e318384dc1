import RelayModel

// The few byte tests that several concerns share. They are about ASCII only, as the names and marks they look for are.

@inline(__always)
func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

@inline(__always)
func lowercaseASCII(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

@inline(__always)
func isASCIILetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

@inline(__always)
func isASCIIDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

/// The value of a hex digit in either case.
@inline(__always)
func hexValue(_ byte: UInt8) -> UInt8? {
    if isASCIIDigit(byte) { return byte - UInt8(ascii: "0") }
    let letter = byte | 0x20
    return (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(letter) ? letter - UInt8(ascii: "a") + 10 : nil
}

extension Span<UInt8> {
    /// True when the bytes are `word` in any case of its ASCII letters; `word` is lower-case.
    func equalsIgnoringCase(_ word: StaticString) -> Bool {
        count == word.utf8CodeUnitCount && hasPrefix(anyCaseOf: word)
    }
}
