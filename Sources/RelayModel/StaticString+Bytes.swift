// Comparing bytes with names that stand in the program, without making a `String` of either.
extension StaticString {
    /// Lends the string's bytes.
    @inlinable
    public func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        // A static string's bytes live as long as the program.
        unsafe body(Span(_unsafeStart: utf8Start, count: utf8CodeUnitCount))
    }
}

extension Span<UInt8> {
    /// True when the bytes are exactly those of `name`.
    @inlinable
    public func matches(_ name: StaticString) -> Bool {
        // A static string's bytes live as long as the program.
        unsafe isEqual(to: Span(_unsafeStart: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// True when the bytes begin with those of `name`, ASCII letters compared in any case. `name` is lower-case.
    public func hasPrefix(anyCaseOf name: StaticString) -> Bool {
        guard count >= name.utf8CodeUnitCount else { return false }
        for index in 0..<name.utf8CodeUnitCount {
            // A static string's bytes live as long as the program.
            let wanted = unsafe name.utf8Start[index]
            let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= wanted
            guard self[index] == wanted || (isLetter && self[index] | 0x20 == wanted) else { return false }
        }
        return true
    }
}
