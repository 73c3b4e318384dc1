import RelayModel
import Settings

/// Finds the client behind trusted proxies: walks from the peer outwards, right to left, as long as hops are trusted.
///
/// Pure. Invariants: what a peer that is not trusted says never counts; the client is the right-most hop that is not
/// trusted; a hop that cannot be read (`unknown`, an obfuscated name, garbage) hides who is behind it, and nothing to
/// its left is looked at.
struct ForwardedChain: Sendable {
    enum Client: Equatable {
        /// The peer itself: it is not trusted, or it forwards nobody's call.
        case peer
        /// An address, without port and brackets.
        case hop([UInt8])
        /// Somebody behind a trusted proxy, but nobody can say who: the proxy's own address is not theirs.
        case unknown
    }

    /// The forwarding headers of a request: all lines, in order.
    struct Lines {
        var forwardedFor: [[UInt8]] = []
        var forwarded: [[UInt8]] = []

        /// Keeps a header when it is one of the two.
        mutating func add(name: Span<UInt8>, value: Span<UInt8>) {
            if name.count == 15, name.hasPrefix(anyCaseOf: "x-forwarded-for") {
                forwardedFor.append([])
                forwardedFor[forwardedFor.count - 1].append(copying: value)
            } else if name.count == 9, name.hasPrefix(anyCaseOf: "forwarded") {
                forwarded.append([])
                forwarded[forwarded.count - 1].append(copying: value)
            }
        }
    }

    private let trusted: [CIDRBlock]
    private let header: ListenSettings.ForwardedHeader

    init(trusted: [CIDRBlock], header: ListenSettings.ForwardedHeader = .auto) {
        self.trusted = trusted
        self.header = header
    }

    /// Whether the forwarding headers of this peer count.
    func trusts(_ peer: some Collection<UInt8>) -> Bool {
        !trusted.isEmpty && (NetworkAddress(peer).map(isTrusted) ?? false)
    }

    func client(peer: some Collection<UInt8>, _ lines: Lines) -> Client {
        guard trusts(peer) else { return .peer }
        let byForwardedFor = header == .forwarded ? nil : walk(lines.forwardedFor) { ForwardedHop.list($0) }
        let byForwarded = header == .xForwardedFor ? nil : walk(lines.forwarded) { ForwardedHop.elements(of: $0) }
        guard let byForwardedFor else { return byForwarded ?? .peer }
        guard let byForwarded else { return byForwardedFor }
        // A proxy writes one of the two and may let the client's own of the other kind pass. Nobody can tell here which
        // is which, so they count only where they agree.
        return isSame(byForwardedFor, byForwarded) ? byForwardedFor : .unknown
    }

    /// - Returns: nil where the header names no hop.
    private func walk(_ lines: [[UInt8]], _ hops: (ArraySlice<UInt8>) -> [ForwardedHop]) -> Client? {
        var farthest: Client?
        for line in lines.reversed() {
            for hop in hops(line[...]).reversed() {
                guard case .address(let text) = hop, let address = NetworkAddress(text) else { return .unknown }
                guard isTrusted(address) else { return .hop(text) }
                farthest = .hop(text)
            }
        }
        return farthest
    }

    private func isTrusted(_ address: NetworkAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// Equal addresses may be spelled differently.
    private func isSame(_ one: Client, _ other: Client) -> Bool {
        guard case .hop(let first) = one, case .hop(let second) = other else { return one == other }
        return NetworkAddress(first) == NetworkAddress(second)
    }
}
