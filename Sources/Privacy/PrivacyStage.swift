// Privacy: consent, normalising and hashing. It turns a `MappedEvent`, which may hold personal text in clear, into a
// `ConversionEvent`, which cannot.
//
// It may touch RelayModel (it is the one module that opens `PersonalText`) and WireCodec's JSON writer; no clock, no
// I/O, no C. Hash function and phone parser are handed in.
//
// Invariants: no byte of a person value leaves but through the hash function, save address, user agent and click id,
// which the upstream wants in clear; nothing of the person is looked at before consent allows it; a warning names a
// field and a kind, never a value; work per event is bounded by `PrivacyRules.Limits` and the length of its texts.

public import RelayModel

/// What became of an event.
public enum PrivacyVerdict: Hashable, Sendable {
    /// The event may be sent. The warnings are those of the mapping, then those of this stage.
    case cleared(warnings: [EventWarning])
    case notSent(NotSentReason)
}

/// Clears events of personal text; one per thread and source.
public struct PrivacyStage: Sendable {
    let rules: PrivacyRules
    let places: PlaceTables
    let scrubber: URLScrubber
    /// Where values are normalised, one after the other.
    var scratch: ScratchText
    var phoneDigits: [UInt8] = []
    var scrubbedURL: [UInt8] = []
    private var warnings: [EventWarning] = []
    /// Set by `explain` before an event is cleared; nil on the event path.
    public var trace: PersonTrace?

    public init(rules: PrivacyRules, places: PlaceTables = PlaceTables()) {
        var rules = rules
        rules.limits.valuesPerField = max(rules.limits.valuesPerField, 1)
        rules.limits.userAgentByteCount = max(rules.limits.userAgentByteCount, 0)
        self.rules = rules
        self.places = places
        self.scrubber = URLScrubber(keys: rules.scrubbedKeys)
        self.scratch = ScratchText(byteLimit: rules.limits.valueByteCount)
    }

    /// Decides whether an event may be sent, and writes what may be sent of it.
    /// - Parameters:
    ///   - tape: the tape that the event's texts stand on.
    ///   - cleared: overwritten, its memory is used again; of no use unless the verdict is `cleared`.
    ///   - hasher: the SHA-256 of this thread.
    ///   - phones: the phone parser.
    public mutating func clear(
        _ event: borrowing MappedEvent, on tape: borrowing EventTape, into cleared: inout ConversionEvent,
        hasher: inout some TextHashing, phones: some PhoneParsing
    ) -> PrivacyVerdict {
        let standing = rules.standing(of: event.consent, globalPrivacyControl: event.globalPrivacyControl)
        guard standing != .refused else { return .notSent(.noConsent) }
        if rules.dropsBots, isCrawler(event.person.userAgent, on: tape) { return .notSent(.bot) }
        warnings = event.warnings
        copyPlain(event, on: tape, into: &cleared)
        copyIDs(event, on: tape, into: &cleared, &hasher)
        copyCustom(event.custom, on: tape, into: &cleared)
        if event.actionSource.isApp { copyApp(event.app, on: tape, into: &cleared) }
        copyURL(event.sourceURL, on: tape, into: &cleared)
        copyCaller(event.person, on: tape, into: &cleared)
        let usesLDP = flagLDP(event, on: tape, into: &cleared)
        if standing == .optedOut {
            cleared.optOut = true
        } else {
            cleared.user.clickID = cleared.intern(event.clickID, of: tape)
            cleared.user.partnerID = copyTyped(event.partnerID, "user_data.partner_id", on: tape, into: &cleared)
            hashPerson(event.person, on: tape, usesLDP: usesLDP, into: &cleared.user, &hasher, phones)
        }
        if usesLDP, cleared.user.st.isEmpty || cleared.user.country.isEmpty {
            warn("custom_data.opt_out_type", .ldpWithoutPlace)
        }
        defer { warnings = [] }
        return .cleared(warnings: warnings)
    }

    /// Notes a warning once per event.
    mutating func warn(_ field: StaticString, _ kind: WarningKind) { warn(EventWarning(field, kind)) }

    mutating func warn(_ warning: EventWarning) {
        if trace != nil { trace?.lost(warning) }
        if !warnings.contains(warning) { warnings.append(warning) }
    }
}

/// The scratch memory holds the last values in clear, so the stage prints as nothing.
extension PrivacyStage: CustomStringConvertible, CustomReflectable {
    public var description: String { "<privacy stage>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
