/// One of the last events as the page shows it: names and words, already masked.
public struct RecentEvent: Sendable, Equatable {
    public let time: String
    public let source: String
    /// As sent.
    public let name: String
    /// The upstream's; empty for an event that got none.
    public let eventName: String
    public let outcome: String
    /// What its person is known by.
    public let identifiers: String

    public init(
        time: String, source: String, name: String, eventName: String, outcome: String, identifiers: String
    ) {
        self.time = time
        self.source = source
        self.name = name
        self.eventName = eventName
        self.outcome = outcome
        self.identifiers = identifiers
    }
}
