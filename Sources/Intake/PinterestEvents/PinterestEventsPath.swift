import RelayModel

/// The one path with a parameter: `/v5/ad_accounts/{id}/events`.
public enum PinterestEventsPath {
    private static let head: StaticString = "/v5/ad_accounts/"
    private static let tail: StaticString = "/events"

    /// Where the account's id stands in a path (without query and prefix); nil for any other path.
    public static func accountID(in path: Span<UInt8>) -> Range<Int>? {
        let (start, length) = (head.utf8CodeUnitCount, tail.utf8CodeUnitCount)
        let end = path.count - length
        guard end > start, path.extracting(first: start).matches(head), path.extracting(last: length).matches(tail)
        else { return nil }
        for index in start..<end where path[index] == UInt8(ascii: "/") { return nil }
        return start..<end
    }
}
