import RelayModel
import WireCodec

/// Bodies that some senders post as a form (`ga4-wire.md` 2): members with their path in brackets, as
/// `client_id=1.2&events[0][name]=purchase&events[0][params][value]=12.5`, or a whole JSON text in percent escapes.
///
/// Members of one container have to stand together, as every form library writes them. Work and depth are bounded.
struct MeasurementProtocolForm {
    static let pairCount = 4_096
    static let depth = 8

    /// A container that is open, with the part of the path that named it.
    private struct Open {
        var part: TextRef
        var isArray: Bool
    }

    private var open: [Open] = []

    /// - Returns: the body as an object; nil when it is no form.
    static func read(
        _ body: Span<UInt8>, parser: inout some JSONParsing, onto tape: inout EventTape
    ) -> TapeNode? {
        let text = tape.appendRepaired(body)
        if body.hasPrefix(anyCaseOf: "%7b") { return readJSON(text, &parser, &tape) }
        guard body.count > 0, (body[0] | 0x20) &- UInt8(ascii: "a") < 26, tape[text].contains(UInt8(ascii: "=")) else {
            return nil
        }
        var form = MeasurementProtocolForm()
        return form.readPairs(text, &tape)
    }

    /// A form library escapes all of a JSON text and may put a `=` behind it, since it takes it for a key.
    private static func readJSON(
        _ text: TextRef, _ parser: inout some JSONParsing, _ tape: inout EventTape
    ) -> TapeNode? {
        var json = Array(tape[tape.percentDecoded(text)])
        if json.last == UInt8(ascii: "=") { json.removeLast() }
        return try? parser.parse(json.span, onto: &tape)
    }

    private mutating func readPairs(_ text: TextRef, _ tape: inout EventTape) -> TapeNode {
        let root = tape.openObject()
        var scanner = QueryScanner(text)
        var count = 0
        while count < Self.pairCount, let pair = scanner.next(on: tape) {
            count += 1
            let path = Self.parts(of: tape.percentDecoded(pair.key), on: tape)
            guard let last = path.last, path.count <= Self.depth else { continue }
            enter(path, &tape)
            if open.last?.isArray != true { tape.key(last) }
            tape.numberOrString(tape.percentDecoded(pair.value))
        }
        closeAll(downTo: 0, &tape)
        tape.close()
        return root
    }

    /// Closes and opens containers until the last part of `path` belongs into the innermost one.
    private mutating func enter(_ path: [TextRef], _ tape: inout EventTape) {
        var common = 0
        while common < open.count, common < path.count - 1, tape[open[common].part] == tape[path[common]] {
            common += 1
        }
        closeAll(downTo: common, &tape)
        for index in common..<path.count - 1 {
            if open.last?.isArray != true { tape.key(path[index]) }
            let isArray = Self.isPosition(path[index + 1], on: tape)
            if isArray { tape.openArray() } else { tape.openObject() }
            open.append(Open(part: path[index], isArray: isArray))
        }
    }

    private mutating func closeAll(downTo count: Int, _ tape: inout EventTape) {
        while open.count > count {
            open.removeLast()
            tape.close()
        }
    }

    /// `events[0][name]` as `events`, `0`, `name`; a key whose brackets do not pair is one part.
    private static func parts(of key: TextRef, on tape: borrowing EventTape) -> [TextRef] {
        let bytes = tape.text.span.extracting(key.range)
        guard !key.isEmpty, let first = bytes.firstIndex(of: UInt8(ascii: "["), from: 0), first > 0 else {
            return key.isEmpty ? [] : [key]
        }
        var parts = [key.part(0..<first)]
        var index = first
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "["),
                let end = bytes.firstIndex(of: UInt8(ascii: "]"), from: index), parts.count <= depth
            else { return [key] }
            parts.append(key.part(index + 1..<end))
            index = end + 1
        }
        return parts
    }

    /// `0`, `1`, ... and the empty part of `items[]` are positions of a list.
    private static func isPosition(_ part: TextRef, on tape: borrowing EventTape) -> Bool {
        tape[part].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }
}

extension Span<UInt8> {
    fileprivate func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        for index in start..<count where self[index] == byte { return index }
        return nil
    }
}
