public import Mapping

/// One of `mappings`: a mapping of one's own or a change of a preset, with where it holds (`mapping.md` 2).
public struct MappingEntry: Sendable {
    public let rule: MappingRule
    /// Indices into ``RelaySettings/sources``, ascending.
    public let sources: [Int]
    /// Indices into ``RelaySettings/destinations``, ascending.
    public let destinations: [Int]
}
