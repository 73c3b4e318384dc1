public import RelayModel

/// What one incoming event becomes.
public struct MappingResults: Sendable {
    public var events: [MappedEvent] = []
    /// Results that a mapping of the configuration could not make.
    public var failures: [MappingFailure] = []
    /// Results that are not sent, beside others of the same event that are.
    public var notSent: [NotSentReason] = []

    public init() {}

    /// Every result ends in one place.
    public var count: Int { events.count + failures.count + notSent.count }

    public mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        failures.removeAll(keepingCapacity: true)
        notSent.removeAll(keepingCapacity: true)
    }
}

/// A mapping of the configuration that could not be applied to an event.
public struct MappingFailure: Sendable, Hashable {
    /// The mapping's name.
    public let mapping: String
    /// The upstream name that the result would have had; nil where the mapping was to say it.
    public let eventName: MappedName?
    /// For people; it names directives, keys and types, never a value of the event.
    public let message: String
}
