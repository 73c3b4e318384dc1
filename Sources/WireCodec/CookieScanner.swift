import RelayModel

/// Finds a cookie in a `Cookie` header.
public enum CookieScanner {
    /// The bytes of a cookie's value, without the quotes that some put around it; the first one wins where a name is
    /// repeated, as browsers send the most specific path first. Nil without such a cookie.
    public static func value(of name: StaticString, in header: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < header.count {
            var end = start
            while end < header.count, header[end] != UInt8(ascii: ";") { end += 1 }
            if let value = match(name, header, trimmed(header, start..<end)) { return value }
            start = end + 1
        }
        return nil
    }

    /// - Returns: the value when `cookie` is `name=value`.
    private static func match(_ name: StaticString, _ header: Span<UInt8>, _ cookie: Range<Int>) -> Range<Int>? {
        let count = name.utf8CodeUnitCount
        guard cookie.count > count, header[cookie.lowerBound + count] == UInt8(ascii: "=") else { return nil }
        guard header.extracting(cookie.lowerBound..<cookie.lowerBound + count).matches(name) else { return nil }
        let value = cookie.lowerBound + count + 1..<cookie.upperBound
        let isQuoted =
            value.count >= 2 && header[value.lowerBound] == UInt8(ascii: "\"")
            && header[value.upperBound - 1] == UInt8(ascii: "\"")
        return isQuoted ? value.lowerBound + 1..<value.upperBound - 1 : value
    }

    private static func trimmed(_ header: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, isBlank(header[lower]) { lower += 1 }
        while lower < upper, isBlank(header[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
