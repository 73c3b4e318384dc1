import JSONTape
import MappingLanguage
import RelayModel
import RelayTestKit
import Testing

/// The event of `mapping-language.md` 3.2.
let orderEvent = #"""
    {"type": "track", "event": "Order Completed", "userId": "u-17",
     "properties": {"total": 42.5, "qty": 2, "currency": "eur", "coupon": null, "gift": false, "zero": 0, "note": "",
      "email": "Ann@Shop.Example", "list price": 9, "order": "SO-10-77", "json": "{\"k\":[1,2]}",
      "tags": ["new", "red"], "ship": {"city": "Ulm", "geo": {"lat": 48.4, "lon": null}},
      "products": [{"sku": "A1", "price": 5, "q": 2}, {"sku": "B2", "price": 7.25}]}}
    """#

/// What becomes of a mapping on an event.
enum MappingOutcome: Equatable {
    /// The mapping is refused when it is compiled.
    case refused
    /// It fails on this event.
    case failed
    case absent
    /// The result as compact JSON.
    case value(String)
}

/// A mapping written as JSON.
func mappingValue(_ json: String) throws -> MappingValue {
    try withTape(json) { tape, root in mappingValue(tape, root) }
}

func mappingValue(_ tape: borrowing EventTape, _ node: TapeNode) -> MappingValue {
    switch tape.kind(node) {
    case .null: return .null
    case .bool: return .bool(tape.bool(node) == true)
    case .number: return .number(tape.copyNumberText(node))
    case .string: return .text(tape.copyString(tape.string(node)))
    case .array:
        var elements: [MappingValue] = []
        var cursor = tape.firstElement(node)
        while let element = cursor {
            elements.append(mappingValue(tape, element))
            cursor = tape.nextElement(after: element, in: node)
        }
        return .list(elements)
    case .object:
        var members: [MappingMember] = []
        var cursor = tape.firstMember(node)
        while let member = cursor {
            members.append(MappingMember(tape.copyString(tape.key(member)), mappingValue(tape, member.value)))
            cursor = tape.nextMember(after: member, in: node)
        }
        return .object(members)
    }
}

/// Compiles and resolves a whole mapping.
func outcome(
    ofRoot mapping: String, on event: String = orderEvent, limits: MappingLimits = MappingLimits()
) throws -> MappingOutcome {
    guard let compiled = try? CompiledMapping(mappingValue(mapping), limits: limits) else { return .refused }
    return try withTape(event) { tape, root in
        do {
            guard let result = try compiled.resolve(root, on: &tape) else { return .absent }
            return .value(renderJSON(tape, result))
        } catch is MappingRunFault {
            return .failed
        }
    }
}

/// Compiles and resolves a mapping that is the value of a key, as all but roots are.
func outcome(
    of mapping: String, on event: String = orderEvent, limits: MappingLimits = MappingLimits()
) throws -> MappingOutcome {
    let whole = try outcome(ofRoot: "{\"key\":\(mapping)}", on: event, limits: limits)
    guard case .value(let object) = whole else { return whole }
    guard object != "{}" else { return .absent }
    return .value(String(object.dropFirst("{\"key\":".count).dropLast()))
}

/// What goes wrong with a mapping on an event.
func runFault(of mapping: CompiledMapping, on event: TapeNode, _ tape: inout EventTape) -> MappingRunFault? {
    do {
        _ = try mapping.resolve(event, on: &tape)
        return nil
    } catch {
        return error
    }
}

/// The faults of a mapping in their written form.
func faults(of mapping: String) throws -> [String] {
    do {
        _ = try CompiledMapping(mappingValue(mapping))
        return []
    } catch let faults as CompiledMapping.Faults {
        return faults.all.map(\.description)
    }
}

/// A mapping of the table with what it gives.
struct MappingRow: Sendable, CustomTestStringConvertible {
    let mapping: String
    let expected: MappingOutcome

    init(_ mapping: String, _ expected: MappingOutcome) {
        self.mapping = mapping
        self.expected = expected
    }

    init(_ mapping: String, _ value: String) { self.init(mapping, .value(value)) }

    var testDescription: String { mapping }
}
