/// An IP address read from text (`mapping.md` 5 and 9.9). An IPv4 address mapped into IPv6 is an IPv4 address.
enum IPAddress: Hashable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Strict: four decimal parts without leading zeros, or RFC 4291 text without zone; nil for everything else.
    init?(_ text: Span<UInt8>) {
        if let address = Self.dottedQuad(text) {
            self = .v4(address)
        } else if let (high, low) = Self.colonGroups(text) {
            self = high == 0 && low >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: low)) : .v6(high: high, low: low)
        } else {
            return nil
        }
    }

    /// It can be the address of a person on the internet. Documentation ranges pass: only samples and tests use them.
    var isPublic: Bool {
        switch self {
        case .v4(let address): !Self.closedV4.contains { address >> (32 - $0.bits) == $0.prefix >> (32 - $0.bits) }
        case .v6(let high, let low): !Self.isClosedV6(high: high, low: low)
        }
    }

    /// This network, private, shared (CGNAT), loopback, link-local, benchmark, multicast, reserved and broadcast.
    private static let closedV4: [(prefix: UInt32, bits: UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
        (0xAC10_0000, 12), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xE000_0000, 4), (0xF000_0000, 4),
    ]

    private static func isClosedV6(high: UInt64, low: UInt64) -> Bool {
        // Unspecified, loopback and the long withdrawn IPv4-compatible form.
        if high == 0 && low >> 32 == 0 { return true }
        return high >> 57 == 0xFC >> 1  // fc00::/7, unique local
            || high >> 54 == 0xFE80 >> 6  // fe80::/10, link-local
            || high >> 54 == 0xFEC0 >> 6  // fec0::/10, site-local
            || high >> 56 == 0xFF  // ff00::/8, multicast
            || high >> 16 == 0x2001_0002_0000  // 2001:2::/48, benchmark
    }

    /// The dotted text of an IPv4 address; nil for IPv6.
    var dottedText: [UInt8]? {
        guard case .v4(let address) = self else { return nil }
        return Array([24, 16, 8, 0].map { String(address >> $0 & 0xFF) }.joined(separator: ".").utf8)
    }
}
