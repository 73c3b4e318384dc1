/// An IPv4 or IPv6 address as a number. IPv4 is held as IPv4-mapped IPv6, so that both spellings of it are equal.
public struct NetworkAddress: Hashable, Sendable {
    /// The first and the last 64 of the 128 bits.
    let high: UInt64
    let low: UInt64

    private static let mappedPrefix: UInt64 = 0xffff_0000_0000

    public var isIPv4: Bool { high == 0 && low & ~0xffff_ffff == Self.mappedPrefix }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv4 ? low >> 24 & 0xff == 127 : high == 0 && low == 1 }

    /// Reads `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1`; no port, no brackets, no zone.
    public init?(_ text: some Collection<UInt8>) {
        guard text.count <= 45 else { return nil }
        let bytes = Array(text)
        if let address = Self.ipv4(bytes[...]) {
            high = 0
            low = Self.mappedPrefix | UInt64(address)
            return
        }
        guard let groups = Self.ipv6(bytes) else { return nil }
        high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
        low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
    }

    public init?(_ text: String) { self.init(text.utf8) }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// What one sender has to itself: an IPv4 address, or the 64 bits before an IPv6 host's own.
    public var network: NetworkAddress { isIPv4 ? self : NetworkAddress(high: high, low: 0) }

    private static func ipv4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            guard let number = number(part, radix: 10), number <= 255 else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }

    /// The eight groups of an IPv6 address.
    private static func ipv6(_ bytes: [UInt8]) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) else {
            return groups(bytes[...], mayEndInIPv4: true).flatMap { $0.count == 8 ? $0 : nil }
        }
        guard let head = groups(bytes[..<gap], mayEndInIPv4: false),
            let tail = groups(bytes[(gap + 2)...], mayEndInIPv4: true), head.count + tail.count <= 7
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func groups(_ bytes: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> [UInt16]? {
        if bytes.isEmpty { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, let address = ipv4(part) {
                groups += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
            } else {
                guard (1...4).contains(part.count), let number = number(part, radix: 16) else { return nil }
                groups.append(UInt16(number))
            }
        }
        return groups
    }

    /// Digits alone: no sign. At most four, so the sum stays small.
    private static func number(_ digits: ArraySlice<UInt8>, radix: Int) -> Int? {
        var value = 0
        for byte in digits {
            let digit: Int
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Int(byte) - 0x30
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = Int(byte) - 0x57
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = Int(byte) - 0x37
            default: return nil
            }
            guard digit < radix else { return nil }
            value = value * radix + digit
        }
        return value
    }
}
