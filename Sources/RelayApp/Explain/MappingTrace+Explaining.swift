import Mapping

extension MappingTrace.Event {
    /// The trace of an event that is already in the upstream's shape: every name means itself.
    init(upstreamShape leaves: [JSONLeaf]) {
        self.init(mapping: "Pinterest-shaped: every name means itself", reading: leaves.map { ($0.path, $0.texts) })
    }
}

extension MappingTrace {
    /// Parts of an event that are looked at beside its fields: its name, its identity, its sender.
    private static let framework: Set = [
        "type", "event", "name", "messageId", "sentAt", "writeKey", "event_name", "context.library.name",
    ]

    /// The paths of an incoming event that no mapping read.
    func unused(of leaves: [JSONLeaf]) -> [String] {
        var used = Self.framework
        var containers: Set<String> = []
        for event in events {
            used.formUnion(event.entries.lazy.filter { !$0.isRule }.map(\.origin))
            used.formUnion(event.losses.map(\.path))
            containers.formUnion(event.containers)
        }
        used.subtract(containers)
        return leaves.map(\.path).filter { path in
            if path.hasPrefix("x-ga-") || path.hasPrefix("x-sst-") { return false }
            return !used.contains { path == $0 || path.hasPrefix($0 + ".") || path.hasPrefix($0 + "[") }
        }
    }
}
