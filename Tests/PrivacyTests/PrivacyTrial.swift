import Digests
import PhoneNumbers
import Privacy
import RelayModel
import Testing

/// One event on its way through the stage: fill ``event`` with texts of the tape, then ``run()``.
struct PrivacyTrial: ~Copyable {
    var rules = PrivacyRules()
    var tape = EventTape()
    var event = MappedEvent(name: .standard(.checkout))

    mutating func text(_ string: String) -> TextRef { tape.append(string.utf8) }

    mutating func personal(_ string: String) -> PersonalText { PersonalText(text(string)) }

    /// Adds values to a person field.
    mutating func add(_ values: String..., to field: WritableKeyPath<PersonalData, PersonalValues>) {
        for value in values { event.person[keyPath: field].add(text(value)) }
    }

    /// - Parameter trace: takes what happened to each person value; nobody asks where it is nil.
    func run(trace: inout PersonTrace?) throws -> PrivacyResult {
        var stage = PrivacyStage(rules: rules)
        stage.trace = trace
        defer { trace = stage.trace }
        var hasher = try SHA256Hasher()
        var cleared = ConversionEvent(name: .standard(.custom))
        let verdict = stage.clear(event, on: tape, into: &cleared, hasher: &hasher, phones: PhoneNumberParser())
        return PrivacyResult(verdict: verdict, event: cleared)
    }

    func run() throws -> PrivacyResult {
        var trace: PersonTrace?
        return try run(trace: &trace)
    }
}

struct PrivacyResult {
    let verdict: PrivacyVerdict
    let event: ConversionEvent

    /// The warnings' kinds by field; empty for an event that is not sent.
    var warnings: [EventWarning] {
        if case .cleared(let warnings) = verdict { warnings } else { [] }
    }

    var kinds: [WarningKind] { warnings.map(\.kind) }

    func string(_ text: ClearText) -> String { event.copyString(text) }

    func hexes(_ field: KeyPath<ConversionUser, HashedValues>) -> [String] {
        var hexes: [String] = []
        event.user[keyPath: field].forEach { hexes.append($0.hex) }
        return hexes
    }
}

/// The hash of a canonical text, which the tables below name in clear.
func sha256(_ canonical: String) throws -> String { try SHA256Hasher().sha256(Array(canonical.utf8).span).hex }

/// A person field under its wire name, with both its sides.
struct FieldUnderTest: Sendable, CustomTestStringConvertible {
    let name: String

    init(_ name: String) { self.name = name }

    var testDescription: String { name }

    var input: WritableKeyPath<PersonalData, PersonalValues> {
        switch name {
        case "em": \.em
        case "ph": \.ph
        case "fn": \.fn
        case "ln": \.ln
        case "ge": \.ge
        case "db": \.db
        case "ct": \.ct
        case "st": \.st
        case "zp": \.zp
        case "country": \.country
        case "external_id": \.externalID
        default: \.maids
        }
    }

    var output: KeyPath<ConversionUser, HashedValues> {
        switch name {
        case "em": \.em
        case "ph": \.ph
        case "fn": \.fn
        case "ln": \.ln
        case "ge": \.ge
        case "db": \.db
        case "ct": \.ct
        case "st": \.st
        case "zp": \.zp
        case "country": \.country
        case "external_id": \.externalID
        default: \.hashedMaids
        }
    }

    static let all = [
        "em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id", "hashed_maids",
    ].map(FieldUnderTest.init)
}
