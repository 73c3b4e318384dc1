// Mapping: a `SourceEvent` (a view of what a sender sent) becomes `MappedEvent`s (the same in Pinterest's terms).
//
// It is pure: no clock (an event brings the time of its receipt), no I/O, no C. It reads the event's tape, appends
// derived texts to it, and holds no text itself. Personal text passes through as `PersonalText`; only its outer form is
// looked at here (a placeholder, an e-mail without `@`), to decide whether the next source is tried.
//
// Invariants: the same event maps to the same result on every table with the same settings and rules, event ids
// included; an event ends in at least one result or in one reason; no two results have the same event name; nothing
// empty is ever set.
import MappingLanguage
public import RelayModel

/// A source's mapping, compiled once at start and shared by all threads.
public final class MappingTable: Sendable {
    public let settings: MappingSettings
    let ga4Presets: PresetTable
    let segmentPresets: PresetTable
    let own: OwnMappings
    let ga4Paths: PathTable
    let segmentPaths: PathTable

    /// - Parameter rules: the configuration's own entries that hold here, in their order.
    public init(_ settings: MappingSettings = MappingSettings(), rules: [MappingRule] = []) {
        self.settings = settings
        ga4Presets = PresetTable(CompiledPreset.ga4, settings: settings, rules: rules)
        segmentPresets = PresetTable(CompiledPreset.segment, settings: settings, rules: rules)
        own = OwnMappings(rules)
        let contentIDKeys = Array(settings.contentIDOrder.prefix(MappingSettings.maximumContentIDKeys))
        ga4Paths = .ga4(contentIDKeys: contentIDKeys)
        segmentPaths = .segment(contentIDKeys: contentIDKeys)
    }

    /// Maps one event and adds what it becomes.
    /// - Parameters:
    ///   - event: an event on `tape`.
    ///   - hashing: makes the event id of an event that brings none (`mapping.md` 4.1).
    /// - Returns: nil when at least one result was added, else why there is none.
    public func map(
        _ event: SourceEvent, on tape: inout EventTape, hashing: inout some TextHashing,
        into results: inout MappingResults
    ) -> NotSentReason? {
        var trace: MappingTrace?
        return map(event, on: &tape, hashing: &hashing, into: &results, trace: &trace)
    }

    /// As ``map(_:on:hashing:into:)``, and writes down where each field came from when `trace` is not nil.
    public func map(
        _ event: SourceEvent, on tape: inout EventTape, hashing: inout some TextHashing,
        into results: inout MappingResults, trace: inout MappingTrace?
    ) -> NotSentReason? {
        if event.kind == .pinterestEvent {
            return PinterestEventReader.map(event, on: &tape, into: &results.events)
        }
        let presets = event.kind.isSegment ? segmentPresets : ga4Presets
        let position = presets.position(of: event, on: tape)
        if !own.isEmpty || presets.hasFields {
            return mapByRules(event, position, on: &tape, hashing: &hashing, into: &results, trace: &trace)
        }
        switch resolveName(of: event, position, presets, on: &tape) {
        case .notSent(let reason): return reason
        case .mapped(let name, let mapping):
            let taking = Taking(name: name, mapping: mapping)
            return take(event, taking, on: &tape, hashing: &hashing, into: &results, trace: &trace)
        }
    }

    /// Makes one result.
    /// - Returns: nil when it was added, else why it is not sent.
    func take(
        _ event: SourceEvent, _ taking: Taking, on tape: inout EventTape, hashing: inout some TextHashing,
        into results: inout MappingResults, trace: inout MappingTrace?
    ) -> NotSentReason? {
        trace?.begin(mapping: taking.mapping)
        // The mapper owns the tape while it works, so that its parts need not hand it on.
        var mapper = EventMapper(event, taking, table: self, tape: tape, trace: trace)
        let reason = mapper.run(hashing: &hashing)
        trace = mapper.trace
        trace?.note(paths: taking.overrides?.paths ?? [])
        if let fault = mapper.fault {
            results.failures.append(
                MappingFailure(mapping: taking.mapping, eventName: taking.name, message: fault.message))
        } else if reason == nil {
            mapper.hand(to: &results.events)
        }
        let hasFault = mapper.fault != nil
        if hasFault || reason != nil { trace?.refuse() }
        tape = mapper.tape
        return hasFault ? nil : reason
    }

    enum Resolution {
        case mapped(MappedName, by: String)
        case notSent(NotSentReason)
    }

    /// The name that an event gets from the presets, or from the option for names that none knows.
    func resolveName(
        of event: SourceEvent, _ position: Int?, _ presets: borrowing PresetTable, on tape: inout EventTape
    ) -> Resolution {
        if let position {
            let isScreen = event.kind == .segmentScreen
            guard presets.isOn(position) else { return .notSent(isScreen ? .unsupportedType : .unmapped) }
            return .mapped(Self.mapped(presets.name(position), on: &tape), by: presets.title(position))
        }
        switch event.kind {
        case .segmentTrack, .ga4Hit, .measurementProtocol: return resolveUnknown(on: &tape)
        // A Pinterest-shaped event brings its own name and never comes here.
        case .segmentPage, .segmentScreen, .segmentIdentify, .segmentGroup, .segmentAlias, .pinterestEvent:
            return .notSent(.unsupportedType)
        }
    }

    private func resolveUnknown(on tape: inout EventTape) -> Resolution {
        switch settings.unknownNames {
        case .drop: .notSent(.unmapped)
        case .custom: .mapped(.standard(.custom), by: "unmapped")
        case .advertiserDefined(let name): .mapped(.advertiserDefined(tape.append(name.text.utf8)), by: "unmapped")
        }
    }

    static func mapped(_ name: OutgoingName, on tape: inout EventTape) -> MappedName {
        switch name {
        case .standard(let event): .standard(event)
        case .advertiserDefined(let name): .advertiserDefined(tape.append(name.text.utf8))
        }
    }
}

/// One result to be made of an event.
struct Taking {
    var name: MappedName
    /// The preset's or own mapping's name, for people.
    var mapping: String
    var overrides: FieldOverrides?
    var isBesideCheckout = false
    var sharedEventID = TextRef.none
}
