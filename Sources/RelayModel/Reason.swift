/// Why an event was not sent: the closed list. The raw value is the stable label in metrics, answers, dead letters,
/// `explain` and the documentation.
public enum NotSentReason: String, CaseIterable, Sendable {
    /// No mapping takes this event name.
    case unmapped
    /// `identify`, `group`, `alias` and `screen` calls are no conversions.
    case unsupportedType = "unsupported_type"
    /// Consent was denied, or is required and was not given.
    case noConsent = "no_consent"
    /// The event's time is more than five minutes ahead.
    case future
    /// The event is older than seven days.
    case tooOld = "too_old"
    /// The user agent is a known crawler's.
    case bot
    /// The journal could not take the event; the sender was told so and keeps it.
    case journalRefused = "journal_refused"

    /// One sentence for people.
    public var text: String {
        switch self {
        case .unmapped: "no mapping takes this event name"
        case .unsupportedType: "calls of this type are no conversions"
        case .noConsent: "consent was denied, or is required and was not given"
        case .future: "the event's time is more than five minutes ahead"
        case .tooOld: "the event is older than seven days"
        case .bot: "the user agent is a known crawler's"
        case .journalRefused: "the journal could not take the event; the sender was told so and keeps it"
        }
    }
}

/// Why an event became a dead letter: the closed list. The raw value is the stable label, as above.
public enum DeadReason: String, CaseIterable, Sendable {
    /// Neither e-mail, nor advertising id, nor address with user agent: the upstream would refuse it.
    case noIdentity = "no_identity"
    /// It does not fit the upstream schema.
    case schema
    /// A batch item that is no object, or has no known `type`.
    case notAnEvent = "not_an_event"
    /// A batch item beyond the limit for one event.
    case tooLarge = "too_large"
    /// A `track` call without `event`, or a GA4 event without name.
    case missingEventName = "missing_event_name"
    /// A mapping of the configuration could not be applied to it.
    case mappingFault = "mapping_fault"
    /// The upstream took the request and refused this event.
    case refused
    /// The upstream refused a whole request that held this event alone.
    case requestRefused = "request_refused"
    /// It grew older than seven days in the queue.
    case tooOld = "too_old"
    /// The upstream answered a request with this event alone in a way that settles nothing, again and again.
    case unsettled
    /// It stood in a part of the journal that can no longer be read.
    case damaged

    /// One sentence for people.
    public var text: String {
        switch self {
        case .noIdentity: "neither e-mail, nor advertising id, nor address with user agent"
        case .schema: "it does not fit the upstream schema"
        case .notAnEvent: "it is no object, or has no known type"
        case .tooLarge: "it is larger than one event may be"
        case .missingEventName: "it has no event name"
        case .mappingFault: "a mapping of the configuration could not be applied to it"
        case .refused: "the upstream refused this event"
        case .requestRefused: "the upstream refused the request that held this event alone"
        case .tooOld: "it grew older than seven days before it could be delivered"
        case .unsettled: "the upstream's answers settle nothing"
        case .damaged: "it stood in a part of the journal that can no longer be read"
        }
    }
}
