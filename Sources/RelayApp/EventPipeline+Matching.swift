import RelayModel
import Telemetry

// Match quality is counted here, not with delivery: the journal keeps neither source nor identifiers of an event. So it
// counts what is ready to be sent; repeats, and what the journal refuses, are among it.
extension EventPipeline {
    /// Counts the cleared event under its identifiers.
    /// - Parameter copies: how many destinations get it.
    func countMatch(_ source: Int, copies: Int) {
        metrics.sendable(source: source, nameCode: cleared.nameCode, cleared.user.identifiers).add(copies)
    }
}

extension ConversionUser {
    var identifiers: MatchIdentifiers {
        var found: MatchIdentifiers = []
        if !em.isEmpty { found.insert(.email) }
        if !ph.isEmpty { found.insert(.phone) }
        if !externalID.isEmpty { found.insert(.externalID) }
        if !clickID.isEmpty { found.insert(.clickID) }
        if !hashedMaids.isEmpty { found.insert(.advertisingID) }
        if !address.text.isEmpty, !userAgent.text.isEmpty { found.insert(.addressAndUserAgent) }
        return found
    }
}
