/// What a `/g/collect` call may hold. gtag.js sends at most 20 events of 16 KB together; the defaults leave room for
/// other senders.
public struct GA4WireLimits: Sendable, Hashable {
    /// The body, in bytes.
    public var bodyByteCount = 256 << 10
    /// The query, in bytes: each event of a batch gets a copy of what it says.
    public var queryByteCount = 32 << 10
    /// Body lines, one event each.
    public var eventCount = 100
    /// Parameters of one event, those of the query included.
    public var parameterCount = 512
    /// Items of one event; gtag.js sends at most 200. A `prN` beyond it is an ordinary parameter.
    public var itemCount = 200
    /// Values below `user_data`, and the length of their paths in bytes; what is beyond is left out.
    public var userDataCount = 64
    public var userDataPathByteCount = 64
    /// Levels below `user_data`; deeper values are left out.
    public var userDataDepth = 4

    public init() {}
}
