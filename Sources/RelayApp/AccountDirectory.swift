import RelayModel
import Settings

/// Who may send Pinterest-shaped events to which ad account.
///
/// A Bearer is a destination's own token, or a write key that a Segment source with this destination lists; a source
/// that is open to any key opens nothing here. Secrets are compared in constant time.
struct AccountDirectory {
    /// What a call may do: send to one destination, under the rules of one source.
    struct Grant: Equatable {
        var source: Int
        var destination: Int
    }

    private let destinations: [DestinationSettings]
    private let sources: [SourceSettings]

    init(_ settings: RelaySettings) {
        destinations = settings.destinations
        sources = settings.sources
    }

    /// - Parameters:
    ///   - account: the id in the path.
    ///   - bearer: the token as sent; empty without one.
    /// - Throws: `unauthenticated` for a Bearer that is nobody's or is not for this account, `unknownAccount` where
    ///   the Bearer is somebody's and the account nobody's.
    func grant(account: ArraySlice<UInt8>, bearer: ArraySlice<UInt8>) throws(CallFault) -> Grant {
        guard !bearer.isEmpty, isKnown(bearer) else { throw .unauthenticated }
        guard let destination = destinations.firstIndex(where: { account.elementsEqual($0.adAccountID.utf8) }) else {
            throw .unknownAccount
        }
        // The source of direct events stands behind the configured ones.
        if destinations[destination].token.matches(bearer) {
            return Grant(source: sources.count, destination: destination)
        }
        let source = sources.firstIndex { $0.destinations.contains(destination) && $0.hasWriteKey(bearer) }
        guard let source else { throw .unauthenticated }
        return Grant(source: source, destination: destination)
    }

    private func isKnown(_ bearer: ArraySlice<UInt8>) -> Bool {
        destinations.contains { $0.token.matches(bearer) } || sources.contains { $0.hasWriteKey(bearer) }
    }
}

extension SourceSettings {
    fileprivate func hasWriteKey(_ bearer: ArraySlice<UInt8>) -> Bool {
        kind == .segment && writeKeys.contains { $0.matches(bearer) }
    }
}
