/// UTF-8 as the standard defines it (no overlong forms, no surrogates, nothing beyond U+10FFFF), over bytes from outside.
extension Span<UInt8> {
    /// The length of the well-formed sequence that starts at `index`: 1 to 4; 0 when none starts there.
    @inlinable
    public func utf8SequenceLength(at index: Int) -> Int {
        guard index >= 0, index < count else { return 0 }
        let lead = self[index]
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0..<0x80: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        default: return 0
        }
        guard count - index >= length, second.contains(self[index + 1]) else { return 0 }
        for offset in 2..<Swift.max(2, length) where self[index + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
