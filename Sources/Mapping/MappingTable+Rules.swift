import MappingLanguage
import RelayModel

// Mappings of the configuration (`mapping.md` 2): those that match, in their order, then the preset of the event's name.
// The first of two results with the same event name stands; the results of one event share its id.
extension MappingTable {
    func mapByRules(
        _ event: SourceEvent, _ position: Int?, on tape: inout EventTape, hashing: inout some TextHashing,
        into results: inout MappingResults, trace: inout MappingTrace?
    ) -> NotSentReason? {
        let presets = event.kind.isSegment ? segmentPresets : ga4Presets
        var plan = Plan(inherited: resolveName(of: event, position, presets, on: &tape))
        planOwn(event, position, presets, &plan, on: &tape)
        planPreset(event, position, presets, &plan, on: &tape)
        let isBesideCheckout = plan.takings.contains { $0.name == .standard(.checkout) }
        let earlierCount = results.count
        results.failures += plan.failures
        var refusals: [NotSentReason] = []
        var sharedEventID = TextRef.none
        for var taking in plan.takings {
            taking.isBesideCheckout = isBesideCheckout
            taking.sharedEventID = sharedEventID
            let setsID = taking.overrides?.value(of: .eventID) != nil
            let madeCount = results.events.count
            if let reason = take(event, taking, on: &tape, hashing: &hashing, into: &results, trace: &trace) {
                refusals.append(reason)
            } else if !setsID, results.events.count > madeCount, let made = results.events.last {
                sharedEventID = made.eventID
            }
        }
        for drop in plan.drops { trace?.drop(drop) }
        guard results.count > earlierCount else { return refusals.first ?? plan.reason }
        results.notSent += refusals
        return nil
    }

    /// Own mappings that match.
    private func planOwn(
        _ event: SourceEvent, _ position: Int?, _ presets: borrowing PresetTable, _ plan: inout Plan,
        on tape: inout EventTape
    ) {
        for candidate in own.candidates(for: event, on: tape) {
            let object = plan.offered(event, on: &tape)
            guard own.all[candidate].trigger.matches(object, on: tape) else { continue }
            let rule = own.all[candidate].rule
            var name = rule.eventName.map { Self.mapped($0, on: &tape) }
            if name == nil, let position { name = Self.mapped(presets.name(position), on: &tape) }
            if name == nil, case .mapped(let unknown, _) = plan.inherited { name = unknown }
            plan.take(rule.name, name: name, isNameFixed: rule.eventName != nil, rule.fields, object, on: &tape)
        }
    }

    /// The preset, unless it is off or an own mapping stands in for it. What no table knows goes the way of the option,
    /// unless an own mapping has taken it.
    private func planPreset(
        _ event: SourceEvent, _ position: Int?, _ presets: borrowing PresetTable, _ plan: inout Plan,
        on tape: inout EventTape
    ) {
        guard case .mapped(let name, let title) = plan.inherited, position != nil || !plan.hasTaken else { return }
        guard let position, let fields = presets.fields(position) else {
            return plan.take(Taking(name: name, mapping: title), on: tape)
        }
        let object = plan.offered(event, on: &tape)
        plan.take(title, name: name, isNameFixed: false, fields, object, on: &tape)
    }
}

/// What is to become of one event.
private struct Plan {
    let inherited: MappingTable.Resolution
    private(set) var takings: [Taking] = []
    private(set) var failures: [MappingFailure] = []
    private(set) var drops: [MappingTrace.Drop] = []
    private var offeredEvent: TapeNode?
    private var lacksName = false

    init(inherited: MappingTable.Resolution) { self.inherited = inherited }

    var hasTaken: Bool { !takings.isEmpty || !failures.isEmpty }

    /// Why nothing became of the event.
    var reason: NotSentReason {
        if case .notSent(let reason) = inherited, !lacksName { return reason }
        return .unmapped
    }

    mutating func offered(_ event: SourceEvent, on tape: inout EventTape) -> TapeNode {
        if let offeredEvent { return offeredEvent }
        let made = OfferedEvent.make(event, on: &tape)
        offeredEvent = made
        return made
    }

    /// - Parameter name: nil where neither the mapping nor a table says one; the fields may.
    mutating func take(
        _ mapping: String, name: MappedName?, isNameFixed: Bool, _ fields: FieldMapping?, _ object: TapeNode,
        on tape: inout EventTape
    ) {
        do throws(MappingRunFault) {
            let overrides = try fields?.resolve(object, mapping: mapping, on: &tape)
            var name = name
            if !isNameFixed, let said = overrides?.eventName { name = try Self.name(said, on: tape) }
            guard let name else { return lacksName = true }
            take(Taking(name: name, mapping: mapping, overrides: overrides), on: tape)
        } catch {
            failures.append(MappingFailure(mapping: mapping, eventName: name, message: error.message))
        }
    }

    mutating func take(_ taking: Taking, on tape: borrowing EventTape) {
        let earlier =
            takings.first { Self.isSame($0.name, taking.name, on: tape) }?.mapping
            ?? failures.first { $0.eventName.map { Self.isSame($0, taking.name, on: tape) } ?? false }?.mapping
        guard let earlier else { return takings.append(taking) }
        drops.append(
            MappingTrace.Drop(mapping: taking.mapping, eventName: Self.text(taking.name, tape), behind: earlier))
    }

    /// A name that the fields make: one of Pinterest's, since a sender's own never passes through.
    private static func name(_ node: TapeNode, on tape: borrowing EventTape) throws(MappingRunFault) -> MappedName {
        let text = tape.string(node)
        for event in StandardEvent.allCases where tape.matches(text, event.apiName) { return .standard(event) }
        throw MappingRunFault(message: "event_name resolves to none of Pinterest's event names")
    }

    private static func isSame(_ a: MappedName, _ b: MappedName, on tape: borrowing EventTape) -> Bool {
        switch (a, b) {
        case (.standard(let a), .standard(let b)): a == b
        case (.advertiserDefined(let a), .advertiserDefined(let b)): tape[a] == tape[b]
        case (.standard, .advertiserDefined), (.advertiserDefined, .standard): false
        }
    }

    private static func text(_ name: MappedName, _ tape: borrowing EventTape) -> String {
        switch name {
        case .standard(let event): event.apiName.description
        case .advertiserDefined(let ref): tape.copyString(ref)
        }
    }
}
