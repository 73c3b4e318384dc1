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
    static func unused(of leaves: [JSONLeaf], in traces: [MappingTrace]) -> [String] {
        var used = framework
        var containers: Set<String> = []
        for event in traces.flatMap(\.events) {
            used.formUnion(event.entries.lazy.filter { !$0.isRule }.map(\.origin))
            used.formUnion(event.losses.map(\.path))
            containers.formUnion(event.containers)
        }
        used.subtract(containers)
        // A mapping of the configuration reads whole elements of a list.
        for path in traces.flatMap(\.events).flatMap(\.paths) {
            used.insert(String(path[..<(path.firstRange(of: "[")?.lowerBound ?? path.endIndex)]))
        }
        return leaves.map(\.path).filter { path in
            if path.hasPrefix("x-ga-") || path.hasPrefix("x-sst-") { return false }
            return !used.contains { path == $0 || path.hasPrefix($0 + ".") || path.hasPrefix($0 + "[") }
        }
    }
}
