public import RelayModel

/// What an event says of its person's choices in members that a source has to be told to read (`mapping.md` 5, 9.7):
/// Segment's consent object, and the US privacy signals of Segment and GA4 events. All off by default.
///
/// Pure and total; it changes the event's signals only.
public struct PrivacySignals: Sendable {
    /// The category of `context.consent.categoryPreferences` that is consent to advertising; empty: the object is no
    /// signal.
    public var consentCategory: [UInt8] = []
    public var readsUSPrivacy = false
    public var readsGPP = false

    public init() {}

    public func read(into event: inout SourceEvent, on tape: inout EventTape) {
        guard event.kind != .pinterestEvent else { return }
        if !consentCategory.isEmpty, event.kind.isSegment {
            event.consent = ConsentSignal(category: consentCategory, of: event, on: tape)
        }
        guard readsUSPrivacy || readsGPP else { return }
        for holder in holders(of: event, on: tape) {
            if readsUSPrivacy, usPrivacyOptsOut(in: holder, &tape) { event.optsOutOfSale = true }
            if readsGPP, gppOptsOut(in: holder, &tape) { event.optsOutOfSale = true }
        }
    }

    /// The objects in which privacy strings may stand. One opt-out among them is an opt-out.
    private func holders(of event: SourceEvent, on tape: borrowing EventTape) -> [TapeNode] {
        let holders =
            event.kind.isSegment
            ? [tape.value(event.root, "properties"), tape.value(event.root, "context"), event.batchContext]
            : [event.root, tape.value(event.root, "x-sst-system_properties")]
        return holders.compactMap { $0 }
    }

    private func usPrivacyOptsOut(in holder: TapeNode, _ tape: inout EventTape) -> Bool {
        // A hit's plain query parameter is an event parameter under another name.
        for node in [tape.value(holder, "us_privacy"), tape.value(holder, "x-ga-mp2-us_privacy")] {
            guard let node else { continue }
            if USPrivacyString.optsOut(tape.text.span.extracting(tape.string(node).range)) { return true }
        }
        return false
    }

    private func gppOptsOut(in holder: TapeNode, _ tape: inout EventTape) -> Bool {
        guard let node = tape.value(holder, "gpp") ?? tape.value(holder, "x-ga-mp2-gpp") else { return false }
        let sections = (tape.value(holder, "gpp_sid") ?? tape.value(holder, "x-ga-mp2-gpp_sid"))
            .flatMap { GPPSections($0, on: &tape) }
        return GPPString.optsOut(tape.text.span.extracting(tape.string(node).range), in: sections)
    }
}

extension ConsentSignal {
    /// Reads `context.consent.categoryPreferences` of a Segment event, or of its batch where the event's own context has
    /// no `consent`. `true` grants, a category that is absent or null is unsaid, everything else denies.
    init(category: [UInt8], of event: SourceEvent, on tape: borrowing EventTape) {
        self.init()
        let own = tape.value(event.root, "context", "consent")
        guard let consent = own ?? event.batchContext.flatMap({ tape.value($0, "consent") }),
            let preferences = tape.value(consent, "categoryPreferences"),
            let choice = tape.member(preferences, named: category.span), tape.kind(choice) != .null
        else { return }
        let isGranted = tape.bool(choice) == true || tape.matches(tape.string(choice), "true")
        adStorage = isGranted ? .granted : .denied
        adUserData = adStorage
    }
}
