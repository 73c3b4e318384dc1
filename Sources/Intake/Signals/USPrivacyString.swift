/// IAB's US privacy string, version 1: `1`, then notice, opt-out of sale and LSPA, each `Y`, `N` or `-`, in any case.
enum USPrivacyString {
    /// The third letter says yes. A text of another form says nothing.
    static func optsOut(_ text: Span<UInt8>) -> Bool {
        guard text.count == 4, text[0] == UInt8(ascii: "1") else { return false }
        return text[2] | 0x20 == UInt8(ascii: "y")
    }
}
