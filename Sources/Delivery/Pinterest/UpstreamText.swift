/// Text from the upstream as it may be kept and shown: bounded, one line, and without personal data, which an upstream
/// may well quote from the event that it complains of.
enum UpstreamText {
    /// Bytes that are kept.
    static let maxByteCount = 300
    private static let mask = "<masked>"

    static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        // The whole is looked at, and words are masked before the text is cut: a cut never hides what it cut through.
        if holdsMailAddress(bytes) { return mask }
        let text = String(decoding: bytes.prefix(4 * maxByteCount), as: UTF8.self)
        let words = text.split(separator: " ").map { isNetworkAddress($0) ? mask : String($0) }
        return bounded(String(words.joined(separator: " ").map { isShown($0) ? $0 : " " }))
    }

    /// False for what would end a line, or be an order to a terminal.
    private static func isShown(_ character: Character) -> Bool {
        !character.isNewline && character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    private static func holdsMailAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.contains(UInt8(ascii: "@")) { return true }
        return bytes.indices.dropLast(2).contains { index in
            bytes[index] == UInt8(ascii: "%") && bytes[index + 1] == UInt8(ascii: "4")
                && bytes[index + 2] == UInt8(ascii: "0")
        }
    }

    /// True for a word that holds an IPv4 or IPv6 address, with whatever quotes stand around it.
    private static func isNetworkAddress(_ word: Substring) -> Bool {
        let core = word.utf8.filter { isHexDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
        let dots = core.count(where: { $0 == UInt8(ascii: ".") })
        let colons = core.count(where: { $0 == UInt8(ascii: ":") })
        let digits = core.count(where: isDigit)
        return dots >= 3 && digits >= 4 || colons >= 2
    }

    private static func bounded(_ text: String) -> String {
        var kept = text
        while kept.utf8.count > maxByteCount { kept.removeLast() }
        return kept
    }
}
