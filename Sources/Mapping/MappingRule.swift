public import MappingLanguage
public import RelayModel

/// One entry of the configuration's `mappings`, compiled (`mapping.md` 2). What it may take, by source and destination,
/// is decided where tables are made: a table holds the rules of its own.
public struct MappingRule: Sendable {
    public enum Kind: Sendable {
        /// A mapping of one's own; with a preset's name it stands in for that preset.
        case own(Trigger)
        /// A change of the preset that has the rule's name.
        case preset
    }

    public let name: String
    public let kind: Kind
    public let isEnabled: Bool
    /// The entry says whether it is in force; else a preset stays as it is.
    let setsEnabled: Bool
    /// Nil: what the built-in tables, or `fields`, say of the event.
    public let eventName: OutgoingName?
    public let fields: FieldMapping?

    /// - Parameter isEnabled: nil where the entry does not say.
    public init(name: String, kind: Kind, isEnabled: Bool?, eventName: OutgoingName?, fields: FieldMapping?) {
        self.name = name
        self.kind = kind
        self.isEnabled = isEnabled ?? true
        setsEnabled = isEnabled != nil
        self.eventName = eventName ?? fields?.eventName
        self.fields = fields
    }
}

/// The upstream's `event_name` as a configuration sets it.
public enum OutgoingName: Sendable, Hashable {
    case standard(StandardEvent)
    case advertiserDefined(AdvertiserEventName)

    /// One of Pinterest's 22, or a name of the advertiser's own; nil for what is neither.
    public init?(_ text: String) {
        if let event = StandardEvent.allCases.first(where: { $0.apiName.description == text }) {
            self = .standard(event)
        } else if let name = AdvertiserEventName(text) {
            self = .advertiserDefined(name)
        } else {
            return nil
        }
    }

    public var text: String {
        switch self {
        case .standard(let event): event.apiName.description
        case .advertiserDefined(let name): name.text
        }
    }
}
