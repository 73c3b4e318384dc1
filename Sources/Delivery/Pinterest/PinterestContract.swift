/// The numbers of the upstream contract, Pinterest's API for Conversions v5 (`pinterest-api.md` 1, 2 and 4.3).
public enum PinterestContract {
    /// Events that one request may hold.
    public static let maxEventsPerRequest = 1000
    /// Events of a request that are looked at in test mode (`?test=true`).
    public static let maxTestEventsPerRequest = 20
    /// An event older than this is refused.
    public static let maxAgeSeconds: Int64 = 7 * 24 * 3600
    /// An event that arrives later than this after its time is counted as offline.
    public static let realTimeSeconds: Int64 = 3600
    /// Bytes of an advertiser-defined event name.
    public static let maxEventNameByteCount = 100
    /// Bytes of a click id; the format is undocumented, so the cap is generous.
    public static let maxClickIDByteCount = 512
}
