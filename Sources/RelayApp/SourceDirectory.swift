import RelayModel
import Settings

/// Which configured source a call belongs to, by the key it carries.
struct SourceDirectory: Sendable {
    private let sources: [SourceSettings]

    init(_ sources: [SourceSettings]) { self.sources = sources }

    /// The Segment source that knows this write key; the first one open to any key where none does.
    /// - Parameter key: the key as sent, not empty.
    func segment(writeKey key: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(key)
        return firstIndex(.segment) { source in source.writeKeys.contains { $0.matches(bytes) } }
            ?? firstIndex(.segment) { $0.writeKeys.isEmpty }
    }

    /// The GA4 source of this measurement (or Firebase app) id; the first one open to any id where none names it.
    /// - Parameter id: as sent; empty when the call has none.
    func ga4(measurementID id: String) -> Int? {
        firstIndex(.ga4) { $0.measurementIDs.contains(id) } ?? firstIndex(.ga4) { $0.measurementIDs.isEmpty }
    }

    /// Whether a Measurement Protocol call may use this source: it does without secrets, or the call brings one.
    func accepts(secret: ArraySlice<UInt8>, for source: Int) -> Bool {
        let secrets = sources[source].apiSecrets
        let bytes = Array(secret)
        return secrets.isEmpty || secrets.contains { $0.matches(bytes) }
    }

    /// The source takes keys or ids that it does not name.
    func isOpen(_ source: Int) -> Bool {
        guard sources.indices.contains(source) else { return true }
        return sources[source].writeKeys.isEmpty && sources[source].measurementIDs.isEmpty
    }

    /// Whether a browser on this origin may use this source; a call without an origin may, and direct events, which
    /// have no configured source, may from anywhere.
    /// - Parameter origin: the `Origin` header, empty when absent.
    func accepts(origin: String, for source: Int) -> Bool {
        guard sources.indices.contains(source) else { return true }
        let allowed = sources[source].allowedOrigins
        return allowed.isEmpty || origin.isEmpty || allowed.contains(origin.lowercased())
    }

    /// Whether a browser on this origin may use any source: what can be known of a preflight.
    func accepts(origin: String) -> Bool { sources.indices.contains { accepts(origin: origin, for: $0) } }

    private func firstIndex(_ kind: SourceSettings.Kind, where matches: (SourceSettings) -> Bool) -> Int? {
        sources.firstIndex { $0.kind == kind && matches($0) }
    }
}
