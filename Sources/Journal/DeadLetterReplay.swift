import RelayModel

/// Which dead letters are meant: those that fit every condition that is set.
public struct DeadLetterFilter: Sendable, Equatable {
    /// Names of the configuration.
    public var destination: String?
    public var source: String?
    /// The label of a ``DeadReason``.
    public var reason: String?
    public var eventName: String?
    /// Stored at this time or later, milliseconds since 1970.
    public var sinceMillis: Int64?
    /// Stored before this time, milliseconds since 1970.
    public var untilMillis: Int64?
    public var id: Int64?

    public init() {}
}

/// Asks the journal to put dead letters back into the queue, the oldest first, in one transaction.
public struct ReplayOrder: Sendable, Equatable {
    public var filter: DeadLetterFilter
    /// Letters with this id and lower ones are passed over.
    public var afterID: Int64
    /// Letters with a higher id are passed over: an event that dies again does not come round for ever. Nil takes the
    /// newest letter's id.
    public var throughID: Int64?
    /// How many letters that fit are moved, at most.
    public var limit: Int
    /// Says what would happen; nothing changes.
    public var isDryRun: Bool
    /// An event with an earlier time would be refused upstream; seconds since 1970.
    public var oldestEventTime: Int64

    public init(
        filter: DeadLetterFilter, afterID: Int64 = 0, throughID: Int64? = nil, limit: Int = 1000,
        isDryRun: Bool = false, oldestEventTime: Int64
    ) {
        self.filter = filter
        self.afterID = afterID
        self.throughID = throughID
        self.limit = limit
        self.isDryRun = isDryRun
        self.oldestEventTime = oldestEventTime
    }
}

/// What came of a ``ReplayOrder``.
public struct ReplayResult: Sendable, Equatable {
    /// Events that are queued again, or would be, by destination.
    public var replayed: [DestinationIndex: Int] = [:]
    /// Letters that stay where they are.
    public var refused: [ReplayRefusal: Int] = [:]
    /// Where the next order goes on, whether or not this one has moved something; nil when all letters were looked at.
    public var nextAfterID: Int64?
    /// The bound that held: for the next order.
    public var throughID: Int64 = 0

    public init() {}

    public var replayedCount: Int { replayed.values.reduce(0, +) }
}

/// Why a dead letter cannot be sent again: the closed list. The raw value is the stable label.
public enum ReplayRefusal: String, CaseIterable, Sendable {
    case tooOld = "too_old"
    case noEvent = "no_event"
    case notSendable = "not_sendable"
    case unknownDestination = "unknown_destination"

    /// One sentence for people.
    public var text: String {
        switch self {
        case .tooOld: "the event is older than seven days, and the upstream would refuse it"
        case .noEvent: "no event could be made of the input, so there is nothing to send"
        case .notSendable: "the event does not fit the upstream schema, and would spoil the events sent with it"
        case .unknownDestination: "its destination is not configured any more"
        }
    }

    /// - Parameters:
    ///   - reason: the letter's, as stored; one of another version is no obstacle.
    ///   - isKnownDestination: the letter's destination is configured.
    /// - Returns: nil when the letter may be sent again.
    public init?(
        reason: String, eventTime: Int64, hasEvent: Bool, isKnownDestination: Bool, oldestEventTime: Int64
    ) {
        if !hasEvent {
            self = .noEvent
        } else if [DeadReason.schema, .noIdentity].contains(DeadReason(rawValue: reason)) {
            self = .notSendable
        } else if eventTime < oldestEventTime {
            self = .tooOld
        } else if !isKnownDestination {
            self = .unknownDestination
        } else {
            return nil
        }
    }
}
