import MappingLanguage
public import RelayModel

/// One of the built-in mappings (`mapping.md` 1): a trigger in the language of one's own mappings, and what it gives.
///
/// A preset is laxer than its trigger says: names are compared trimmed, in any case, with a run of space, `_` and `-`
/// as one (`mapping.md` 1, 9.1). That is a property of presets; a trigger of one's own compares to the letter.
public struct MappingPreset: Sendable, Hashable {
    /// What the configuration calls it, as `segment-order-completed`.
    public let name: String
    /// For Segment calls; else for GA4 hits and Measurement Protocol events.
    public let isSegment: Bool
    public let trigger: String
    public let event: StandardEvent
    /// Where the row comes from, as `mapping.md` 1 names it.
    public let origin: String
    /// The option `view_item_as` says what it gives.
    let isViewItem: Bool

    /// All presets, the rows of GA4 first.
    public static let all = ga4 + segment

    public static func named(_ name: String) -> MappingPreset? { all.first { $0.name == name } }

    /// A screen call is sent only when the configuration says as what.
    var isScreen: Bool { name == "segment-screen" }

    static func ga4(_ name: String, _ event: StandardEvent, _ origin: String, isViewItem: Bool = false) -> Self {
        MappingPreset(
            name: presetName("ga4", name), isSegment: false, trigger: "event_name = \"\(name)\"", event: event,
            origin: origin, isViewItem: isViewItem)
    }

    static func track(_ name: String, _ event: StandardEvent, _ origin: String, isViewItem: Bool = false) -> Self {
        MappingPreset(
            name: presetName("segment", name), isSegment: true, trigger: "type = \"track\" and event = \"\(name)\"",
            event: event, origin: origin, isViewItem: isViewItem)
    }

    static func call(_ type: String, _ event: StandardEvent, _ origin: String) -> Self {
        MappingPreset(
            name: "segment-\(type)", isSegment: true, trigger: "type = \"\(type)\"", event: event, origin: origin,
            isViewItem: false)
    }

    /// A name that is already one of Pinterest's 22 is itself, in the API's spelling and in the browser tag's, which is
    /// the same without separators (`mapping.md` 9.1).
    static func pinterest(isSegment: Bool) -> [MappingPreset] {
        StandardEvent.allCases.map { event in
            let name = event.apiName.description
            let tagName = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            let path = isSegment ? "event" : "event_name"
            let hasTwoWords = name.contains("_")
            let names = hasTwoWords ? "\(path) = \"\(name)\" or \(path) = \"\(tagName)\"" : "\(path) = \"\(name)\""
            let condition = hasTwoWords ? "(\(names))" : names
            return MappingPreset(
                name: presetName(isSegment ? "segment" : "ga4", name), isSegment: isSegment,
                trigger: isSegment ? "type = \"track\" and \(condition)" : names, event: event,
                origin: (isSegment ? segmentOrigins : ga4Origins)[event] ?? "one of Pinterest's own names",
                isViewItem: false)
        }
    }

    private static func presetName(_ kind: String, _ name: String) -> String {
        kind + "-" + String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
    }
}

/// A preset with its trigger taken apart: every trigger of a preset asks for a type, or for names.
struct CompiledPreset: Sendable {
    let preset: MappingPreset
    /// The event names that it takes; nil when it takes any.
    let names: [PackedName]?

    static let ga4 = MappingPreset.ga4.map { CompiledPreset($0) }
    static let segment = MappingPreset.segment.map { CompiledPreset($0) }

    private init(_ preset: MappingPreset) {
        self.preset = preset
        do throws(MappingFault) {
            let trigger = try Trigger(preset.trigger)
            let names = trigger.eventNames(atPath: preset.isSegment ? "event" : "event_name")
            self.names = names?.map { name in
                guard let packed = PackedName(name) else { preconditionFailure("a built-in name is too long") }
                return packed
            }
        } catch {
            preconditionFailure("the built-in trigger \(preset.trigger): \(error.message)")
        }
    }
}
