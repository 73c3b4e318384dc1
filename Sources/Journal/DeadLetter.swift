public import RelayModel

/// An event that cannot be delivered, with what a person needs to see why. It holds the encoded event (hashed), or
/// where none could be made, only what is named here; never the raw input.
public struct DeadLetter: Sendable, Equatable {
    /// The destination that it was meant for; nil when it fell before one was chosen.
    public var destination: DestinationIndex?
    /// The configured source's name; empty for an event that fell in delivery.
    public var source: String
    /// The event's name; use ``masked(_:)`` for one that came from outside.
    public var eventName: String
    /// The event's id, masked likewise.
    public var eventID: String
    /// Whole seconds since 1970; 0 when unknown.
    public var eventTime: Int64
    public var reason: DeadReason
    /// The upstream's message or the fault's name; bounded, without personal data.
    public var message: String
    public var attempts: Int
    /// The encoded upstream event; empty where none could be made.
    public var json: [UInt8]

    public init(
        destination: DestinationIndex?, source: String, eventName: String, eventID: String, eventTime: Int64,
        reason: DeadReason, message: String, attempts: Int, json: [UInt8]
    ) {
        self.destination = destination
        self.source = source
        self.eventName = eventName
        self.eventID = eventID
        self.eventTime = eventTime
        self.reason = reason
        self.message = message
        self.attempts = attempts
        self.json = json
    }

    /// A name or id as it may be shown: one that holds an `@` (plain or encoded) or is longer than 100 bytes is masked.
    public static func masked(_ text: String) -> String {
        text.utf8.count > 100 || text.contains("@") || text.lowercased().contains("%40") ? "<masked>" : text
    }
}
