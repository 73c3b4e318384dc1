import Mapping
import MappingLanguage
import RelayModel

extension MappingEntry {
    typealias Source = (name: String, kind: SourceSettings.Kind)

    /// - Parameter file: the configuration's name, for errors.
    static func list(
        reading root: ConfigSection, file: String, sources: [Source], destinations: [String]
    ) -> [MappingEntry] {
        var entries: [MappingEntry] = []
        var readers: [MappingReader] = []
        _ = root.sections("mappings") { section in
            let reader = MappingReader(section, file: file, sources: sources, destinations: destinations)
            reader.refuseRepeatedName(among: readers)
            readers.append(reader)
            guard let entry = reader.entry() else { return }
            reader.refuseRepeat(of: entry, among: entries)
            entries.append(entry)
        }
        for reader in readers { reader.nameErrors() }
        return entries
    }
}

/// Reads one entry. The keys of Segment's export (`subscribe`, `mapping`, ...) are taken for ours.
private struct MappingReader {
    private let section: ConfigSection
    private let file: String
    private let sources: [MappingEntry.Source]
    private let destinations: [String]
    private let name: String
    private let preset: MappingPreset?

    /// What else Segment's export says of a mapping; it decides nothing here.
    private static let ignoredKeys = [
        "partnerAction", "actionSlug", "actionId", "id", "destinationId", "modelId", "type", "reverseETLSchedule",
    ]

    init(_ section: ConfigSection, file: String, sources: [MappingEntry.Source], destinations: [String]) {
        self.section = section
        self.file = file
        self.sources = sources
        self.destinations = destinations
        for key in Self.ignoredKeys { _ = section.value(key) }
        let own = section.text("name", expected: "a name of at most 100 characters", where: Self.isName)
        let presetName = section.text("preset", expected: "the name of a preset")
        preset = presetName.flatMap { MappingPreset.named($0) }
        name = own ?? presetName ?? ""
        if section.node?["name"] != nil, section.node?["preset"] != nil {
            section.fault("preset", "a mapping has a name of its own, or changes a preset: not both")
        } else if section.node?["name"] == nil, section.node?["preset"] == nil {
            section.fault("name", "is missing: a name for a mapping of your own, or preset: with a built-in one's")
        } else if let presetName, preset == nil {
            let guess = KeySpelling.nearest(to: presetName, among: MappingPreset.all.map(\.name))
            let hint = guess.map { "did you mean \($0)?" } ?? "`pinrelay mappings` lists them"
            section.fault("preset", "no preset is called \(presetName) (\(hint))")
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...100).contains(text.count) && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }

    func entry() -> MappingEntry? {
        let sourceIndices = indices("sources", sources.map(\.name), what: "source")
        let destinationIndices = indices("destinations", destinations, what: "destination")
        refuseStrangeKind(sourceIndices)
        let isEnabled = section.node?["enabled"] == nil ? nil : section.flag("enabled", default: true)
        if isEnabled == nil { _ = section.value("enabled") }
        let trigger = isOwn ? self.trigger() : noTrigger()
        let eventName = self.eventName()
        let fields = self.fields(eventName)
        guard !name.isEmpty, isOwn ? trigger != nil : preset != nil else { return nil }
        let rule = MappingRule(
            name: name, kind: trigger.map { .own($0) } ?? .preset, isEnabled: isEnabled, eventName: eventName,
            fields: fields)
        return MappingEntry(rule: rule, sources: sourceIndices, destinations: destinationIndices)
    }

    /// Names as indices; all of them when the key is absent.
    private func indices(_ key: String, _ known: [String], what: String) -> [Int] {
        let choices = known.filter { !$0.isEmpty }.joined(separator: ", ")
        let named: [Int] = section.list(
            key, default: Array(known.indices), expected: "the name of a \(what) (\(choices))", defaultText: "all",
            render: { known[$0] },
            parse: { known.firstIndex(of: $0) })
        if let list = section.node?[key]?.items, list.isEmpty { section.fault(key, "the list is empty") }
        return Set(named).sorted()
    }

    /// A preset of one input changes nothing at sources of the other.
    private func refuseStrangeKind(_ indices: [Int]) {
        guard let preset, section.node?["sources"] != nil else { return }
        let wanted = preset.isSegment ? SourceSettings.Kind.segment : .ga4
        for index in indices where sources[index].kind != wanted {
            section.fault("sources", "\(sources[index].name) is no source of kind \(wanted.rawValue)")
        }
    }

    private var isOwn: Bool { section.node?["preset"] == nil || section.node?["name"] != nil }

    func refuseRepeatedName(among earlier: [MappingReader]) {
        guard isOwn, !name.isEmpty, earlier.contains(where: { $0.isOwn && $0.name == name }) else { return }
        section.fault("name", "a mapping of this name stands above")
    }

    /// A preset may be changed in several ways, and replaced, as long as each source and destination has one of them.
    func refuseRepeat(of entry: MappingEntry, among earlier: [MappingEntry]) {
        for other in earlier where other.rule.name == entry.rule.name {
            if case .own = other.rule.kind, isOwn { continue }
            let areApart =
                Set(other.sources).isDisjoint(with: entry.sources)
                || Set(other.destinations).isDisjoint(with: entry.destinations)
            guard !areApart else { continue }
            section.fault(
                isOwn ? "name" : "preset", "an entry for this preset with the same source and destination stands above")
        }
    }

    /// Errors name the mapping and the file, whichever key they are about.
    func nameErrors() { section.findings.prefixErrors(below: section.path, with: title) }

    // MARK: Trigger and event name

    /// The one of several names of a key that is there.
    private func key(_ names: [String]) -> String? {
        let present = names.filter { section.value($0) != nil }
        for extra in present.dropFirst() {
            section.fault(extra, "says the same as \(present[0]): only one of the two may stand")
        }
        return present.first
    }

    private func trigger() -> Trigger? {
        guard let key = key(["trigger", "subscribe"]) else {
            section.fault("trigger", "is missing: which events it takes, as type = \"track\"")
            return nil
        }
        guard let text = section.text(key, expected: "a trigger") else { return nil }
        do throws(MappingFault) {
            let trigger = try Trigger(text)
            warn(of: trigger, at: key)
            return trigger
        } catch {
            section.fault(key, error.message)
            return nil
        }
    }

    private func warn(of trigger: Trigger, at key: String) {
        guard !trigger.warnings.isEmpty else { return }
        let line = line(of: key).map { " (line \($0))" } ?? ""
        for warning in trigger.warnings {
            section.findings.warn("\(section.path.key(key).text)\(line): \(title): \(warning)")
        }
    }

    private func line(of key: String) -> Int? {
        guard let node = section.node, let value = node[key] else { return nil }
        return value.line
    }

    private func noTrigger() -> Trigger? {
        for key in ["trigger", "subscribe"] where section.value(key) != nil {
            section.fault(key, "a preset has a trigger; give the mapping a name of its own instead")
        }
        return nil
    }

    private func eventName() -> OutgoingName? {
        let expected = "one of Pinterest's event names, or a name of letters, digits, '-', '_', at most 100"
        let name = section.optional("event_name", expected: expected, render: \.text) { OutgoingName($0) }
        warn(of: name)
        return name
    }

    private func warn(of name: OutgoingName?) {
        guard case .advertiserDefined(let own)? = name else { return }
        let guess = KeySpelling.nearest(to: own.text, among: StandardEvent.allCases.map(\.apiName.description))
        let hint = guess.map { " (did you mean \($0)?)" } ?? ""
        section.findings.warn(
            "\(title): \(own.text) is none of Pinterest's event names: it must be defined in the ad account\(hint)")
    }

    // MARK: Fields

    private func fields(_ eventName: OutgoingName?) -> FieldMapping? {
        guard let key = key(["fields", "mapping", "settings"]), let node = section.node?[key] else { return nil }
        section.findings.keys.describe(section.path.key(key), .open, "Pinterest's fields with their values")
        guard node.entries != nil else {
            section.fault(key, "expected fields with their values, found \(node.account)")
            return nil
        }
        let value = MappingValue(node)
        section.findings.record(section.path.key(key), value.json, node.origin)
        do throws(FieldMapping.Faults) {
            let fields = try FieldMapping(value)
            if let eventName, let said = fields.eventName, said != eventName {
                fault(["event_name"], of: key, "says \(said.text), event_name of the mapping \(eventName.text)")
            } else if eventName == nil {
                warn(of: fields.eventName)
            }
            return fields
        } catch {
            for fault in error.all { self.fault(fault.path, of: key, fault.message) }
            for path in error.unknown { refuse(path, of: key) }
            return nil
        }
    }

    private func refuse(_ path: [String], of key: String) {
        let name = path.joined(separator: ".")
        let guess = KeySpelling.nearest(to: name, among: FieldMapping.knownNames)
        fault(path, of: key, "there is no field \(name)" + (guess.map { " (did you mean \($0)?)" } ?? ""))
    }

    /// Names the line of the very key that a path of a compiled mapping leads to.
    private func fault(_ path: [String], of key: String, _ message: String) {
        let place = section.node?[key]?.place(of: path[...])
        let whole = path.reduce(section.path.key(key)) { parent, part in
            Int(part).map { parent.position($0) } ?? parent.key(part)
        }
        var node = section.node?[key] ?? ConfigNode(content: .null, origin: .standard)
        if let place { node.origin = place }
        section.findings.fault(whole, node, message)
    }

    private var title: String { "mapping \(name.isEmpty ? "without name" : name) in \(file)" }
}
