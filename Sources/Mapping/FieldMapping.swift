public import MappingLanguage
import RelayModel

/// The `fields` of a mapping, compiled: one mapping whose result is an object that is read by field names.
///
/// A field that a mapping sets is explicit: it beats what the paths of the presets find. Where it resolves to nothing
/// usable it is left out. What the upstream cannot do without, and what an event says against being tracked, is taken
/// from the ordinary sources then: ``MappedField/fallsBack``.
public struct FieldMapping: Sendable {
    /// What the configuration says, as it was written.
    public let source: MappingValue
    /// The `event_name` that `fields` hold as plain text; Segment's export has it there.
    public let eventName: OutgoingName?

    private let compiled: CompiledMapping?
    /// For each product, `contents[].item_price` and the like: the paths start at the product.
    let items: CompiledMapping?
    /// What the mapping sets whatever it resolves to; without those that only the result shows.
    let fixed: FieldSet
    let fixedItems: FieldSet
    /// The paths of the event that it reads, and the fields that are one path and no more.
    let paths: [String]
    let plainPaths: [MappedField: String]

    /// What keeps a mapping from being compiled.
    public struct Faults: Error, Sendable {
        /// Each with the keys that lead to it in ``FieldMapping/source``, dotted keys taken apart.
        public var all: [MappingFault] = []
        /// Names that no field has.
        public var unknown: [[String]] = []

        var isEmpty: Bool { all.isEmpty && unknown.isEmpty }
    }

    /// Every name that a field may be set by, for a word to the person who misspelt one.
    public static var knownNames: [String] { FieldNames.all }

    public init(_ source: MappingValue) throws(Faults) {
        let layout = FieldLayout(source)
        var faults = layout.faults
        compiled = Self.compile(layout.event, prefix: [], &faults)
        items = Self.compile(layout.items, prefix: layout.itemPrefix, &faults)
        guard faults.isEmpty else { throw faults }
        self.source = source
        eventName = layout.eventName
        fixed = layout.fixed
        fixedItems = layout.fixedItems
        paths = compiled?.paths ?? []
        plainPaths = layout.plainPaths
    }

    private static func compile(_ value: MappingValue?, prefix: [String], _ faults: inout Faults) -> CompiledMapping? {
        guard let value else { return nil }
        do throws(CompiledMapping.Faults) {
            return try CompiledMapping(value)
        } catch {
            for fault in error.all {
                faults.all.append(MappingFault(path: prefix + fault.path, message: fault.message))
            }
            return nil
        }
    }

    /// Runs the mapping on an event.
    /// - Parameter event: the event as it is offered to mappings.
    func resolve(
        _ event: TapeNode, mapping: String, on tape: inout EventTape
    ) throws(MappingRunFault) -> FieldOverrides {
        var overrides = FieldOverrides(mapping: mapping, self)
        guard let compiled, let result = try compiled.resolve(event, on: &tape) else { return overrides }
        guard tape.kind(result) == .object else {
            throw MappingRunFault(message: "the fields resolve to no object")
        }
        overrides.read(result, .event, on: tape)
        return overrides
    }
}

extension MappedField {
    /// The event's own word counts where a mapping gives none: the upstream demands the field, or it protects a person.
    var fallsBack: Bool {
        switch self {
        case .eventID, .eventTime, .actionSource, .optOut, .optOutType: true
        default: false
        }
    }
}
