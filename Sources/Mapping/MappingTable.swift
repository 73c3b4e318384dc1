// Mapping: a `SourceEvent` (a view of what a sender sent) becomes `MappedEvent`s (the same in Pinterest's terms).
//
// It is pure: no clock (an event brings the time of its receipt), no I/O, no C. It reads the event's tape, appends
// derived texts to it, and holds no text itself. Personal text passes through as `PersonalText`; only its outer form is
// looked at here (a placeholder, an e-mail without `@`), to decide whether the next source is tried.
//
// Invariants: the same event maps to the same result on every table with the same settings, event ids included; an
// event ends in at least one mapped event or in one reason; nothing empty is ever set.
public import RelayModel

/// A source's mapping, compiled once at start and shared by all threads.
public final class MappingTable: Sendable {
    public let settings: MappingSettings
    /// The tables of names in force, for `pinrelay mappings`.
    public let ga4Names: EventNameTable
    public let segmentNames: EventNameTable
    let ga4Paths: PathTable
    let segmentPaths: PathTable

    public init(_ settings: MappingSettings = MappingSettings()) {
        self.settings = settings
        ga4Names = .ga4(viewItemAs: settings.viewItemAs)
        segmentNames = .segment(viewItemAs: settings.viewItemAs)
        let contentIDKeys = Array(settings.contentIDOrder.prefix(MappingSettings.maximumContentIDKeys))
        ga4Paths = .ga4(contentIDKeys: contentIDKeys)
        segmentPaths = .segment(contentIDKeys: contentIDKeys)
    }

    /// Maps one event and appends what it becomes.
    /// - Parameters:
    ///   - event: an event on `tape`.
    ///   - hashing: makes the event id of an event that brings none (`mapping.md` 4.1).
    /// - Returns: nil when at least one event was appended, else why there is none.
    public func map(
        _ event: SourceEvent, on tape: inout EventTape, hashing: inout some TextHashing, into out: inout [MappedEvent]
    ) -> NotSentReason? {
        var trace: MappingTrace?
        return map(event, on: &tape, hashing: &hashing, into: &out, trace: &trace)
    }

    /// As ``map(_:on:hashing:into:)``, and writes down where each field came from when `trace` is not nil.
    public func map(
        _ event: SourceEvent, on tape: inout EventTape, hashing: inout some TextHashing, into out: inout [MappedEvent],
        trace: inout MappingTrace?
    ) -> NotSentReason? {
        if event.kind == .pinterestEvent { return PinterestEventReader.map(event, on: &tape, into: &out) }
        let name: MappedName
        switch resolveName(of: event, on: &tape) {
        case .notSent(let reason): return reason
        case .mapped(let resolved): name = resolved
        }
        trace?.begin(mapping: name.traced(for: tape.copyString(event.name)))
        // The mapper owns the tape while it works, so that its parts need not hand it on.
        var mapper = EventMapper(event, name: name, table: self, tape: tape, trace: trace)
        let reason = mapper.run(hashing: &hashing)
        if reason == nil { out.append(mapper.mapped) }
        trace = mapper.trace
        tape = mapper.tape
        return reason
    }

    private enum Resolution {
        case mapped(MappedName)
        case notSent(NotSentReason)
    }

    private func resolveName(of event: SourceEvent, on tape: inout EventTape) -> Resolution {
        let known: StandardEvent?
        switch event.kind {
        case .segmentPage: known = .pageVisit
        case .segmentTrack: known = segmentNames.event(named: tape.text.span.extracting(event.name.range))
        case .ga4Hit, .measurementProtocol:
            known = ga4Names.event(named: tape.text.span.extracting(event.name.range))
        case .segmentScreen:
            guard let screen = settings.screenAs else { return .notSent(.unsupportedType) }
            known = screen
        // A Pinterest-shaped event brings its own name and never comes here.
        case .segmentIdentify, .segmentGroup, .segmentAlias, .pinterestEvent: return .notSent(.unsupportedType)
        }
        if let known { return .mapped(.standard(known)) }
        return resolveUnknown(on: &tape)
    }

    private func resolveUnknown(on tape: inout EventTape) -> Resolution {
        switch settings.unknownNames {
        case .drop: .notSent(.unmapped)
        case .custom: .mapped(.standard(.custom))
        case .advertiserDefined(let name): .mapped(.advertiserDefined(tape.append(name.text.utf8)))
        }
    }
}

extension MappedName {
    /// The mapping that gives this name, as a trace calls it.
    fileprivate func traced(for incoming: String) -> String {
        switch self {
        case .standard(let standard): "built-in: \(incoming.isEmpty ? "any" : incoming) -> \(standard.apiName)"
        case .advertiserDefined: "built-in: unmapped names"
        }
    }
}
