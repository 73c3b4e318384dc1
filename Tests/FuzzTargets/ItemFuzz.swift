import Intake
import JSONTape
import RelayModel
import WireCodec

/// One `prN` value. The input is read as a value as it stands; then its lines are written as the fields of an item by
/// the rules of `ga4-wire.md` 1.7, and the item has to give each of them back.
final class ItemFuzz: FuzzRoom {
    private var adapter = GA4WireAdapter()
    private var parser = JSONTapeParser()
    private var tape = EventTape()
    private static let fields: [(code: String, name: StaticString)] = [
        ("id", "item_id"), ("nm", "item_name"), ("br", "item_brand"), ("ca", "item_category"), ("va", "item_variant"),
        ("cp", "coupon"), ("af", "affiliation"), ("ln", "item_list_name"), ("pi", "promotion_id"),
    ]

    func run(_ input: Span<UInt8>) throws(FuzzFinding) {
        let bytes = input.copied(input.indices)
        if let item = try item(from: bytes) {
            var json = JSONWriter()
            try TapeCheck.write(item, on: tape, to: &json)
            try require(tape.memberCount(item) <= 80, "an item has \(tape.memberCount(item)) members")
        }
        // What is no UTF-8 is changed on its way; only what is comes back as it went in.
        guard TapeCheck.isUTF8(input) else { return }
        try checkWritten(bytes.split(separator: UInt8(ascii: "\n")).prefix(Self.fields.count + 2))
    }

    private func checkWritten(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(FuzzFinding) {
        guard lines.count > 2, let name = lines.first, let value = lines.dropFirst().first else { return }
        let texts = lines.dropFirst(2)
        var fields = zip(Self.fields, texts).map { Array($0.code.utf8) + doubled($1) }
        fields += [Array("vQ".utf8) + doubled(value), Array("kQ".utf8) + doubled(name)]
        guard let item = try item(from: Array(fields.joined(separator: [UInt8(ascii: "~")]))) else {
            throw FuzzFinding("an item of \(fields.count) fields is not read")
        }
        for (field, text) in zip(Self.fields, texts) {
            let node = tape.member(item, field.name)
            try require(node.map { tape[tape.string($0)] == text } == true, "\(field.name) is not what was written")
        }
        var last: TapeMember?
        var cursor = tape.firstMember(item)
        while let member = cursor {
            last = member
            cursor = tape.nextMember(after: member, in: item)
        }
        let isPair = last.map { tape[tape.key($0)] == name && tape[tape.string($0.value)] == value }
        try require(isPair == true, "the custom pair is not what was written")
    }

    /// The item that a hit with this value holds; nil where there is none.
    private func item(from value: [UInt8]) throws(FuzzFinding) -> TapeNode? {
        tape.reset()
        var query = Array("v=2&tid=G-1&en=purchase&pr1=".utf8)
        for byte in value { query += escaped(byte) }
        var call = IntakeCall(route: .ga4Collect, isPost: false, facts: CallFacts(receivedAtMicros: receivedAtMicros))
        call.query = tape.append(query)
        var items: [IntakeItem] = []
        let body: [UInt8] = []
        do throws(IntakeFault) {
            try adapter.decode(call, body: body.span, parser: &parser, tape: &tape, into: &items)
        } catch {
            try require(query.count > GA4WireLimits().queryByteCount, "a hit with one item is refused: \(error)")
            return nil
        }
        guard case .event(let event)? = items.first, items.count == 1 else {
            throw FuzzFinding("a hit with one item is no event")
        }
        return tape.value(event.root, "items").flatMap { tape.firstElement($0) }
    }

    private func escaped(_ byte: UInt8) -> [UInt8] {
        let digits = String(byte, radix: 16)
        return Array("%\(digits.count < 2 ? "0" : "")\(digits)".utf8)
    }

    /// A `~` in a text travels doubled.
    private func doubled(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.flatMap { $0 == UInt8(ascii: "~") ? [$0, $0] : [$0] }
    }
}
