import JSONTape
import MappingLanguage
import RelayModel
import RelayTestKit
import Testing

@Suite("Random mappings on random events")
struct RandomMappingTests {
    @Test("nothing traps, results are well formed, and the same again gives the same")
    func random() {
        var source = RandomMappings(seed: 20_261_121)
        var (compiledCount, valueCount) = (0, 0)
        var limits = MappingLimits()
        limits.textByteCount = 4000
        limits.wordCount = 2000
        limits.valueCount = 2000
        for round in 0..<20_000 {
            let value = source.mapping(depth: 4)
            let event = source.event()
            guard let mapping = try? CompiledMapping(value, limits: limits) else { continue }
            compiledCount += 1
            var tape = EventTape()
            let root = write(event, on: &tape)
            let first = resolve(mapping, root, &tape)
            let second = resolve(mapping, root, &tape)
            #expect(first == second, "round \(round): \(value)")
            if first != nil { valueCount += 1 }
        }
        // Most mappings and most results must be real ones, or the test says nothing.
        #expect(compiledCount > 8000)
        #expect(valueCount > 5000)
    }

    private func resolve(_ mapping: CompiledMapping, _ event: TapeNode, _ tape: inout EventTape) -> String? {
        do {
            let result = try mapping.resolve(event, on: &tape)
            let after = tape.openArray()
            tape.close()
            #expect(tape.elementCount(after) == 0)
            return result.map { renderJSON(tape, $0) } ?? "absent"
        } catch {
            return nil
        }
    }

    @discardableResult
    private func write(_ value: MappingValue, on tape: inout EventTape) -> TapeNode {
        switch value {
        case .null: return tape.null()
        case .bool(let value): return tape.bool(value)
        case .number(let text): return tape.numberOrString(tape.append(text.utf8))
        case .text(let text): return tape.string(copying: text.utf8)
        case .list(let elements):
            let list = tape.openArray()
            for element in elements { write(element, on: &tape) }
            tape.close()
            return list
        case .object(let members):
            let object = tape.openObject()
            for member in members {
                tape.key(member.key.utf8)
                write(member.value, on: &tape)
            }
            tape.close()
            return object
        }
    }
}

/// Makes mappings that are right more often than not, and events that they find something in.
private struct RandomMappings {
    private var random: SeededRandom
    private static let keys = ["a", "b", "c", "0", "1", "", "length", "l", "@path", "_metadata", "é😀", "a.b"]
    private static let texts = [
        "", "a", "b.c", "$.a", "a[0]", "{{a}}", "{{{a}}}", "{{{a}}} {{b}} }}", "x-y", "[1,{\"a\":\"{{b}}\"}]",
        "{\"a\":1}",
        "ΑΣ", "straße😀", "l[0].a", "'", "]", "[\"0\"]", "lower", "upper", "left", "encode", "decode", ".",
    ]
    private static let numbers = ["0", "1", "-7", "42.50", "1e3", "0.000001", "123456789012345678901"]

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func event() -> MappingValue { .object(members(depth: 4) { $0.plain(depth: $1) }) }

    mutating func mapping(depth: Int) -> MappingValue {
        .object((0..<number(below: 4)).map { MappingMember("k\($0)", value(depth: depth)) })
    }

    private mutating func value(depth: Int) -> MappingValue {
        guard depth > 0 else { return scalar() }
        switch number(below: 10) {
        case 0: return scalar()
        case 1: return .list((0..<number(below: 3)).map { _ in value(depth: depth - 1) })
        case 2: return .object(members(depth: depth) { $0.value(depth: $1) })
        default: return directive(depth: depth - 1)
        }
    }

    private mutating func directive(depth: Int) -> MappingValue {
        func some(_ parts: [(String, MappingValue)]) -> MappingValue {
            .object(parts.map { MappingMember($0.0, $0.1) })
        }
        let inner = value(depth: depth)
        let other = number(below: 4) == 0 ? value(depth: depth) : .text(pick(Self.texts))
        let word = MappingValue.text(pick(["lower", "upper", "left", "right", "encode", "decode", "LEFT"]))
        let (name, argument): (String, MappingValue) =
            switch number(below: 14) {
            case 0...2: ("@path", other)
            case 3, 4: ("@template", other)
            case 5:
                ("@if", some([(pick(["exists", "blank"]), inner), ("then", value(depth: depth)), ("else", other)]))
            case 6: ("@case", some([("operator", word), ("value", inner)]))
            case 7:
                (
                    "@replace",
                    some([
                        ("pattern", other), ("replacement", .text(pick(["", "$&", "$`", "$'", "{{"]))),
                        ("value", inner),
                    ])
                )
            case 8: ("@arrayPath", .list([other, value(depth: depth)]))
            case 9: ("@merge", some([("direction", word), ("objects", .list([inner, other, value(depth: depth)]))]))
            case 10: ("@flatten", some([("value", inner), ("separator", .text(pick([".", "_", ""])))]))
            case 11: ("@json", some([("mode", word), ("value", inner)]))
            case 12: ("@transform", some([("apply", inner), ("mapping", value(depth: depth))]))
            default: (pick(["@literal", "@excludeWhenNull", "@oops"]), inner)
            }
        return .object([MappingMember(name, argument)])
    }

    private mutating func plain(depth: Int) -> MappingValue {
        guard depth > 0 else { return scalar() }
        switch number(below: 5) {
        case 0: return .list((0..<number(below: 4)).map { _ in plain(depth: depth - 1) })
        case 1, 2: return .object(members(depth: depth) { $0.plain(depth: $1) })
        default: return scalar()
        }
    }

    private mutating func members(
        depth: Int, _ value: (inout Self, Int) -> MappingValue
    ) -> [MappingMember] {
        var members: [MappingMember] = []
        for _ in 0..<number(below: 5) { members.append(MappingMember(pick(Self.keys), value(&self, depth - 1))) }
        return members
    }

    private mutating func scalar() -> MappingValue {
        switch number(below: 8) {
        case 0: .null
        case 1: .bool(number(below: 2) == 0)
        case 2, 3: .number(pick(Self.numbers))
        default: .text(pick(Self.texts))
        }
    }

    private mutating func number(below limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(below: elements.count)] }
}
