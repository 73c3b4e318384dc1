import Mapping
import MappingLanguage
public import Settings

/// What `pinrelay mappings` prints: every mapping in force, source by source, and the paths of every field.
public struct MappingReport: Sendable {
    /// One mapping, as it holds for a source.
    struct Row: Sendable {
        enum Kind: String, Sendable { case own, preset }

        var name: String
        var kind: Kind
        /// Of a preset: where its row comes from.
        var origin = ""
        var trigger: String
        /// Empty: what the presets say of the event.
        var eventName: String
        /// `on`, `off`, or `replaced` by an own mapping of the same name.
        var state: String
        var sources: [String]
        /// Empty: all.
        var destinations: [String]
        var fields: MappingValue?
    }

    /// Where the paths of the fields stand.
    struct FieldTable: Sendable {
        var source: String
        var fields: [MappingTable.ListedField]
    }

    let rows: [Row]
    let fieldTables: [FieldTable]

    /// - Parameter source: the name of a source, to see its mappings alone; nil shows those of all.
    public init(_ settings: RelaySettings, source: String? = nil) {
        let shown = settings.sources.indices.filter { source == nil || settings.sources[$0].name == source }
        var rows: [Row] = []
        for entry in settings.mappings where !Set(shown).isDisjoint(with: entry.sources) {
            if let row = Row(own: entry, settings, shown) { rows.append(row) }
        }
        var tables: [FieldTable] = []
        for index in shown {
            let lanes = settings.lanes(of: index)
            for lane in lanes { rows += Self.presets(lane, of: index, settings, isOnlyLane: lanes.count == 1) }
            let isSegment = settings.sources[index].kind == .segment
            tables.append(
                FieldTable(
                    source: settings.sources[index].name, fields: lanes[0].mapping.fields(isSegment: isSegment)))
        }
        self.rows = rows
        fieldTables = tables
    }

    private static func presets(
        _ lane: MappingLane, of source: Int, _ settings: RelaySettings, isOnlyLane: Bool
    ) -> [Row] {
        lane.mapping.presets(isSegment: settings.sources[source].kind == .segment).map { listed in
            Row(
                name: listed.preset.name, kind: .preset, origin: listed.preset.origin, trigger: listed.preset.trigger,
                eventName: listed.eventName, state: listed.state.rawValue, sources: [settings.sources[source].name],
                destinations: isOnlyLane ? [] : lane.destinations.map { settings.destinations[$0].name },
                fields: listed.fields)
        }
    }
}

extension MappingReport.Row {
    fileprivate init?(own entry: MappingEntry, _ settings: RelaySettings, _ shown: [Int]) {
        guard case .own(let trigger) = entry.rule.kind else { return nil }
        let holdsEverywhere = entry.destinations.count == settings.destinations.count
        self.init(
            name: entry.rule.name, kind: .own, trigger: trigger.text, eventName: entry.rule.eventName?.text ?? "",
            state: entry.rule.isEnabled ? "on" : "off",
            sources: entry.sources.filter(shown.contains).map { settings.sources[$0].name },
            destinations: holdsEverywhere ? [] : entry.destinations.map { settings.destinations[$0].name },
            fields: entry.rule.fields?.source)
    }
}
