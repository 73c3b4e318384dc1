import RelayModel

/// The presets in force for one source and its inputs, found by name at the cost of one look-up.
struct PresetTable: Sendable {
    /// A preset as the configuration leaves it.
    struct Entry: Sendable {
        let preset: MappingPreset
        var isOn: Bool
        /// An own mapping has its name and stands in for it.
        var isReplaced = false
        var name: OutgoingName
        var fields: FieldMapping?
        /// The entry of the configuration that changes it.
        var rule: Int?
    }

    private(set) var entries: [Entry] = []
    private var byName: [PackedName: Int] = [:]
    private var page: Int?
    private var screen: Int?
    /// One of the presets has fields of the configuration.
    private(set) var hasFields = false

    init(_ presets: [CompiledPreset], settings: MappingSettings, rules: [MappingRule]) {
        for compiled in presets {
            let entry = Self.entry(compiled.preset, settings, rules)
            hasFields = hasFields || entry.fields != nil
            index(compiled, entries.count)
            entries.append(entry)
        }
    }

    private static func entry(_ preset: MappingPreset, _ settings: MappingSettings, _ rules: [MappingRule]) -> Entry {
        var entry = Entry(preset: preset, isOn: true, name: .standard(preset.event))
        if preset.isViewItem { entry.name = .standard(settings.viewItemAs) }
        if preset.isScreen {
            entry.isOn = settings.screenAs != nil
            entry.name = .standard(settings.screenAs ?? preset.event)
        }
        for (index, rule) in rules.enumerated() where rule.name == preset.name {
            switch rule.kind {
            case .own: if rule.isEnabled { entry.isReplaced = true }
            case .preset:
                if rule.setsEnabled { entry.isOn = rule.isEnabled }
                if let name = rule.eventName { entry.name = name }
                entry.fields = rule.fields
                entry.rule = index
            }
        }
        return entry
    }

    private mutating func index(_ compiled: CompiledPreset, _ position: Int) {
        guard let names = compiled.names else {
            if compiled.preset.isScreen { screen = position } else { page = position }
            return
        }
        // Where two rows have a name in common, the first one counts.
        for name in names where byName[name] == nil { byName[name] = position }
    }

    /// The position of the preset that the event's type or name belongs to, in force or not.
    func position(of event: SourceEvent, on tape: borrowing EventTape) -> Int? {
        switch event.kind {
        case .segmentTrack, .ga4Hit, .measurementProtocol:
            PackedName(tape.text.span.extracting(event.name.range)).flatMap { byName[$0] }
        case .segmentPage: page
        case .segmentScreen: screen
        case .segmentIdentify, .segmentGroup, .segmentAlias, .pinterestEvent: nil
        }
    }

    /// In force, and not replaced by an own mapping.
    func isOn(_ position: Int) -> Bool { entries[position].isOn && !entries[position].isReplaced }

    func name(_ position: Int) -> OutgoingName { entries[position].name }

    func title(_ position: Int) -> String { entries[position].preset.name }

    func fields(_ position: Int) -> FieldMapping? { entries[position].fields }
}
