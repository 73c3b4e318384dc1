/// One finding of the Measurement Protocol's debug route, in Google's shape (`ga4-wire.md` 2).
public struct ValidationMessage: Sendable, Hashable {
    /// Google's codes.
    public enum Code: String, CaseIterable, Sendable {
        case valueInvalid = "VALUE_INVALID"
        case valueRequired = "VALUE_REQUIRED"
        case nameInvalid = "NAME_INVALID"
        case nameReserved = "NAME_RESERVED"
        case valueOutOfBounds = "VALUE_OUT_OF_BOUNDS"
        case exceededMaxEntities = "EXCEEDED_MAX_ENTITIES"
        case nameDuplicated = "NAME_DUPLICATED"
    }

    /// The member at fault, as `events.params.value`; empty for the body as a whole.
    public var fieldPath: String
    /// One sentence for people. It may name a name of the sender's, never a value.
    public var description: String
    public var code: Code

    /// The body's coding keeps it from being read.
    /// - Parameter why: one sentence for people.
    public static func unreadableBody(_ why: String) -> Self { Self(.valueInvalid, "", why) }

    init(_ code: Code, _ fieldPath: String, _ description: String) {
        self.code = code
        self.fieldPath = fieldPath
        self.description = description
    }
}
