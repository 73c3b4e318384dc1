/// What a call with Pinterest-shaped events may hold. The count is the upstream's own (`pinterest-api.md` 1), which
/// names no sizes.
public struct PinterestEventsLimits: Sendable, Hashable {
    public var byteCount = 4 << 20
    public var eventCount = 1_000
    /// About the size of one event, in bytes.
    public var eventByteCount = 256 << 10

    public init() {}
}
