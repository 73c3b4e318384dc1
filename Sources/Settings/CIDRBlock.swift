/// A range of addresses, as `10.0.0.0/8` or `fd00::/8`; an address alone stands for itself.
public struct CIDRBlock: Hashable, Sendable, CustomStringConvertible {
    /// The text that it was read from.
    public let description: String
    private let high: UInt64
    private let low: UInt64
    private let highMask: UInt64
    private let lowMask: UInt64

    /// - Returns: nil for text that is no range, and for one with bits set behind its prefix, which is a slip more
    ///   often than meant.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = NetworkAddress(first.utf8) else { return nil }
        var prefix = 128
        if parts.count == 2 {
            let widest = address.isIPv4 && !first.contains(":") ? 32 : 128
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]),
                length <= widest
            else { return nil }
            prefix = length + 128 - widest
        }
        highMask = prefix >= 64 ? .max : ~(UInt64.max >> UInt64(prefix))
        lowMask = prefix <= 64 ? 0 : ~(UInt64.max >> UInt64(prefix - 64))
        guard address.high & ~highMask == 0, address.low & ~lowMask == 0 else { return nil }
        high = address.high
        low = address.low
        description = text
    }

    public func contains(_ address: NetworkAddress) -> Bool {
        address.high & highMask == high && address.low & lowMask == low
    }

    /// True when the text is an address of this range.
    public func contains(_ text: some Collection<UInt8>) -> Bool {
        NetworkAddress(text).map { contains($0) } ?? false
    }
}
