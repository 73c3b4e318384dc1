import RelayModel

/// Why a whole call is refused: the closed list. The raw value is the stable label in metrics, and the `code` of the
/// answer where a route answers faults (`design.md` 5: the GA4 routes count them and answer as Google does).
public enum IntakeFault: String, Error, CaseIterable, Sendable {
    case malformedJSON = "malformed_json"
    case emptyBody = "empty_body"
    case tooDeep = "too_deep"
    case bodyTooLarge = "body_too_large"
    case notAnObject = "not_an_object"
    /// A single event beyond the limit for one event.
    case eventTooLarge = "event_too_large"
    case batchMissing = "batch_missing"
    case batchNotAnArray = "batch_not_an_array"
    case batchEmpty = "batch_empty"
    case tooManyItems = "too_many_items"
    /// A hit without `v=2` or `tid`.
    case notAHit = "not_a_hit"
    case tooManyParameters = "too_many_parameters"
    /// A Measurement Protocol body without `events`.
    case eventsMissing = "events_missing"
    /// A body of Pinterest-shaped events with a member beside `data`.
    case unexpectedMember = "unexpected_member"
    /// The same without a `data` array, or with an empty one.
    case dataMissing = "data_missing"

    init(_ fault: JSONFault) {
        switch fault {
        case .malformed: self = .malformedJSON
        case .empty: self = .emptyBody
        case .tooDeep: self = .tooDeep
        case .tooLarge: self = .bodyTooLarge
        }
    }

    /// The HTTP status of the answer.
    public var status: Int { self == .bodyTooLarge ? 413 : 400 }

    /// The same body will be refused again: no fault of a call is worth a retry.
    public var isRetryable: Bool { false }

    /// The `message` of the answer: one sentence for people.
    public var message: StaticString {
        switch self {
        case .malformedJSON: "the body is not valid JSON"
        case .emptyBody: "the body is empty"
        case .tooDeep: "the JSON is nested too deeply"
        case .bodyTooLarge: "the body is larger than this route takes"
        case .notAnObject: "the body is not a JSON object"
        case .eventTooLarge: "the event is larger than one event may be"
        case .batchMissing: "the body has no 'batch'"
        case .batchNotAnArray: "'batch' is not an array"
        case .batchEmpty: "'batch' is empty"
        case .tooManyItems: "the call holds more events than one call may"
        case .notAHit: "not a GA4 hit: 'v=2' and 'tid' are required"
        case .tooManyParameters: "the call has more parameters than one call may"
        case .eventsMissing: "the body has no 'events'"
        case .unexpectedMember: "the body may hold nothing beside 'data'"
        case .dataMissing: "'data' must be an array of 1 to 1000 events"
        }
    }
}
