import RelayModel

/// What a paste becomes, call by call, event by event, field by field.
public struct Explanation: Sendable {
    public var kind: PastedKind
    public var calls: [ExplainedCall] = []
    /// Requests of the paste that go to no intake route.
    public var skipped: [SkippedCall] = []

    public struct Sums: Sendable, Equatable {
        /// In Pinterest events; a call that is refused whole counts as one.
        public var sent = 0
        public var notSent = 0
        public var dead = 0
        public var refused = 0

        public var isAllSent: Bool { notSent + dead + refused == 0 }
    }

    public var sums: Sums {
        var sums = Sums()
        for call in calls {
            if call.refusal != nil { sums.refused += 1 }
            for outcome in call.events.flatMap(\.outcomes) {
                switch outcome.result {
                case .sent: sums.sent += 1
                case .notSent: sums.notSent += 1
                case .dead: sums.dead += 1
                }
            }
        }
        return sums
    }
}

public struct SkippedCall: Sendable {
    /// Method, host and path.
    public var title: String
    public var why: String
}

/// One call of the paste.
public struct ExplainedCall: Sendable {
    /// How the source was found.
    public enum SourceChoice: String, Sendable {
        /// By the key that the call brings.
        case key
        /// By `--source`, or the case's own.
        case named
        /// Without a key: the first of its kind.
        case assumed
    }

    /// Why the relay would refuse the whole call.
    public struct Refusal: Sendable {
        public var code: String
        public var message: String
        /// The HTTP status; where a route hides faults, that of the fault all the same.
        public var status: Int
    }

    /// Method, host and path.
    public var title: String
    /// The intake route's label; absent for event data.
    public var route: String?
    public var source: String?
    public var sourceChoice: SourceChoice?
    /// The names of the destinations that get the events.
    public var destinations: [String] = []
    /// The time of receipt, microseconds since 1970.
    public var receivedAtMicros: Int64
    public var notes: [String] = []
    public var refusal: Refusal?
    public var events: [ExplainedInput] = []
}

/// One incoming event.
public struct ExplainedInput: Sendable {
    /// In a person's words: `Segment track`.
    public var kind: String
    /// The event's name as sent; empty without one.
    public var name: String
    public var outcomes: [ExplainedEvent] = []
    /// Results that gave way to earlier ones of the same event name; a sentence each.
    public var gaveWay: [String] = []
    /// Paths that have a value and that nothing looked at.
    public var unused: [String] = []
}

/// One Pinterest event, or why there is none.
public struct ExplainedEvent: Sendable {
    public enum Result: String, Sendable {
        case sent
        case notSent = "not_sent"
        /// It would become a dead letter at once.
        case dead
    }

    public var result: Result
    /// The stable label of a reason, and its sentence.
    public var reason: (label: String, text: String)?
    /// The upstream field at fault.
    public var faultyField: String?
    /// The mapping that made the event.
    public var mapping: String?
    /// The upstream event's name.
    public var eventName: String?
    public var fields: [ExplainedField] = []
    public var leftOut: [ExplainedLoss] = []
    /// The upstream event as JSON; empty where there is none.
    public var json: [UInt8] = []
    /// Whom it is about; empty for all destinations, where no mapping makes them differ.
    public var destinations: [String] = []
}

/// One field of the upstream event.
public struct ExplainedField: Sendable {
    /// As `user_data.em` or `custom_data.contents[0].id`.
    public var name: String
    /// What leaves: one text for each value.
    public var sent: [String]
    /// The values that went in, in order.
    public var values: [ExplainedValue]
    /// What was done to them, in order.
    public var rules: [ExplainedRule]
    public var isHashed: Bool
}

/// A value on its way out.
public struct ExplainedValue: Sendable {
    /// Where it stood; empty where that is not known.
    public var path: String
    /// As it came, in clear.
    public var given: String
    /// What was hashed, in clear; empty for fields that are not hashed, and for hashes that were taken over.
    public var normalised: [String] = []
}

/// Something that was there and does not leave, or that is doubtful.
public struct ExplainedLoss: Sendable, Equatable {
    public var field: String
    /// Empty where it is not known.
    public var path: String
    public var given: [String]
    /// The stable label, and its sentence.
    public var kind: String
    public var text: String
}
