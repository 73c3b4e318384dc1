import Intake
import JSONTape
import RelayModel
import WireCodec

/// Queries and GA4 hits. Pairs and escapes are held against a plain reading of the rules; a hit is decoded twice, by
/// an adapter that has seen all earlier inputs and by a fresh one.
final class QueryFuzz: FuzzRoom {
    private var used = GA4WireAdapter()
    private var parser = JSONTapeParser()
    private var tape = EventTape()

    func run(_ input: Span<UInt8>) throws(FuzzFinding) {
        let (line, rest) = input.lineAndRest
        try checkPairs(input.copied(line))
        var fresh = GA4WireAdapter()
        let first = try decode(input.extracting(line), input.extracting(rest), with: &used)
        let second = try decode(input.extracting(line), input.extracting(rest), with: &fresh)
        try require(first == second, "what a hit becomes depends on the hits before it")
    }

    private func checkPairs(_ query: [UInt8]) throws(FuzzFinding) {
        tape.reset()
        var scanner = QueryScanner(tape.append(query))
        for part in query.split(separator: UInt8(ascii: "&")) {
            guard let pair = scanner.next(on: tape) else { throw FuzzFinding("a pair is missing") }
            let halves = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            try checkText(pair.key, halves[0])
            try checkText(pair.value, halves.count > 1 ? halves[1] : [])
        }
        try require(scanner.next(on: tape) == nil, "there is a pair too many")
    }

    private func checkText(_ text: TextRef, _ raw: ArraySlice<UInt8>) throws(FuzzFinding) {
        try require(tape[text].elementsEqual(raw), "a pair is cut at the wrong place")
        for plusIsSpace in [true, false] {
            let decoded = tape.percentDecoded(text, plusIsSpace: plusIsSpace)
            let bytes = Array(tape[decoded])
            try require(TapeCheck.isUTF8(bytes.span), "a decoded text is not UTF-8")
            let expected = plainlyDecoded(raw, plusIsSpace: plusIsSpace)
            guard TapeCheck.isUTF8(expected.span) else { continue }
            try require(bytes == expected, "\(raw) is decoded to \(bytes)")
        }
    }

    private func decode(
        _ query: Span<UInt8>, _ body: Span<UInt8>, with adapter: inout GA4WireAdapter
    ) throws(FuzzFinding) -> [UInt8] {
        tape.reset()
        var call = IntakeCall(
            route: .ga4Collect, isPost: !body.isEmpty, facts: CallFacts(receivedAtMicros: receivedAtMicros))
        call.query = tape.append(query)
        var items: [IntakeItem] = []
        var json = JSONWriter()
        do throws(IntakeFault) {
            try adapter.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
        } catch {
            try require(items.isEmpty, "a refused call leaves items behind")
            return Array(error.rawValue.utf8)
        }
        try require((1...100).contains(items.count), "a hit becomes \(items.count) items")
        try TapeCheck.write(items, on: tape, to: &json)
        return json.bytes
    }
}

/// Every digit in both cases, sixteen places apart.
private let hexDigits = Array("0123456789abcdef0123456789ABCDEF".utf8)

/// The rule of percent escapes, written for clarity.
func plainlyDecoded(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8] {
    var output: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
        let digits = byte == UInt8(ascii: "%") ? rest.prefix(2).compactMap(hexDigits.firstIndex(of:)) : []
        if digits.count == 2 {
            output.append(UInt8(digits[0] % 16 * 16 + digits[1] % 16))
            rest = rest.dropFirst(2)
        } else {
            output.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
    }
    return output
}
