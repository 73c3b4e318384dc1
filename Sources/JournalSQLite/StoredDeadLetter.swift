/// A dead letter as it stands in the journal.
public struct StoredDeadLetter: Sendable, Equatable {
    /// Grows with time, and is never used again.
    public var id: Int64
    /// The destination's name; nil when the event fell before one was chosen.
    public var destination: String?
    public var source: String
    public var eventName: String
    public var eventID: String
    /// Whole seconds since 1970; 0 when unknown.
    public var eventTime: Int64
    /// The label of a `DeadReason`; one of another version's stays readable.
    public var reason: String
    public var message: String
    public var attempts: Int
    /// When it was stored, milliseconds since 1970.
    public var storedMillis: Int64
    /// The encoded upstream event; empty where none could be made.
    public var json: [UInt8]
}
