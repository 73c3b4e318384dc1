/// What a Segment call may hold; the defaults are Segment's own (`segment-api.md` 1).
public struct SegmentLimits: Sendable, Hashable {
    /// A single call's body, and about the size of one item of a batch, in bytes.
    public var eventByteCount = 32 << 10
    /// A batch's body, in bytes.
    public var batchByteCount = 500 << 10
    public var batchItemCount = 2_500
    /// A batch's own context, counted for each of its events, may be so many times ``batchByteCount``: it is read for
    /// each of them, so that a short body could keep a thread busy for minutes.
    public static let contextRatio = 16
    /// The `AnonymousId` header, in bytes: each event without an id of its own gets a copy. A longer one names nobody.
    public var anonymousIDByteCount = 1 << 10
    /// Parameters of a pixel call.
    public var pixelParameterCount = 128

    public init() {}
}
