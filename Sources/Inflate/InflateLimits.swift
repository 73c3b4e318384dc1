/// What a compressed body may be and become.
public struct InflateLimits: Sendable, Hashable {
    /// The body as it came, in bytes.
    public var compressedByteCount = 1 << 20
    /// The body inflated, in bytes.
    public var inflatedByteCount = 4 << 20
    /// Inflated bytes for each compressed one. It counts beyond ``ratioFreeByteCount`` inflated bytes only: short
    /// bodies of one event repeated may well shrink by more, and do no harm.
    public var ratio = 200
    public static let ratioFreeByteCount = 64 << 10

    public init() {}
}
