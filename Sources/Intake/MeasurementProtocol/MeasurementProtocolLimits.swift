/// What a Measurement Protocol body may hold. Google takes 25 events and 130 kB; the defaults are wider, since what a
/// sender would not get through there it may still get through here.
public struct MeasurementProtocolLimits: Sendable, Hashable {
    public var byteCount = 512 << 10
    public var eventCount = 100
    /// Parameters of one event.
    public var parameterCount = 512
    /// About the size in bytes of what the body says for all of its events, since each event gets a copy.
    public var sharedByteCount = 32 << 10

    public init() {}
}
