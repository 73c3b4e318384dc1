import Intake
import RelayModel
import WireCodec

/// Walks values of a tape from end to end and writes them as JSON, numbers as strings of their digits. Whoever compares
/// two such texts compares all that can be read off the tape.
enum TapeCheck {
    /// - Throws: a text that is not UTF-8, a number that is none.
    static func write(
        _ node: TapeNode, on tape: borrowing EventTape, to json: inout JSONWriter
    ) throws(FuzzFinding) {
        switch tape.kind(node) {
        case .object: try writeMembers(node, on: tape, to: &json)
        case .array: try writeElements(node, on: tape, to: &json)
        case .string: try write(tape.string(node), on: tape, to: &json)
        case .number:
            let digits = Array(tape.copyNumberText(node).utf8)
            try require(digits.isEmpty || NumberShape(digits.span) == .plain, "a number reads as \(digits)")
            json.string(digits.span)
        case .bool: json.bool(tape.bool(node) ?? false)
        case .null: json.null()
        }
    }

    static func write(
        _ text: TextRef, on tape: borrowing EventTape, to json: inout JSONWriter
    ) throws(FuzzFinding) {
        let bytes = tape.text.span.extracting(text.range)
        try require(isUTF8(bytes), "a text on the tape is not UTF-8: \(bytes.copied(bytes.indices))")
        json.string(bytes)
    }

    /// Writes what a call was decoded to.
    static func write(
        _ items: [IntakeItem], on tape: borrowing EventTape, to json: inout JSONWriter
    ) throws(FuzzFinding) {
        json.beginArray()
        for item in items {
            switch item {
            case .event(let event):
                try write(event.name, on: tape, to: &json)
                try write(event.messageID, on: tape, to: &json)
                try write(event.sentAt, on: tape, to: &json)
                try write(event.root, on: tape, to: &json)
                if let context = event.batchContext { try write(context, on: tape, to: &json) }
            case .bad(let bad):
                json.string("\(bad.reason)")
                try write(bad.name, on: tape, to: &json)
                try write(bad.messageID, on: tape, to: &json)
            }
        }
        json.endArray()
    }

    static func isUTF8(_ bytes: Span<UInt8>) -> Bool { (try? UTF8Span(validating: bytes)) != nil }

    private static func writeMembers(
        _ object: TapeNode, on tape: borrowing EventTape, to json: inout JSONWriter
    ) throws(FuzzFinding) {
        json.beginObject()
        var count = 0
        var cursor = tape.firstMember(object)
        while let member = cursor {
            let key = tape.text.span.extracting(tape.key(member).range)
            try require(isUTF8(key), "a key on the tape is not UTF-8")
            json.key(key)
            try write(member.value, on: tape, to: &json)
            count += 1
            cursor = tape.nextMember(after: member, in: object)
        }
        try require(count == tape.memberCount(object), "an object's members are counted otherwise than walked")
        json.endObject()
    }

    private static func writeElements(
        _ array: TapeNode, on tape: borrowing EventTape, to json: inout JSONWriter
    ) throws(FuzzFinding) {
        json.beginArray()
        var cursor = tape.firstElement(array)
        while let element = cursor {
            try write(element, on: tape, to: &json)
            cursor = tape.nextElement(after: element, in: array)
        }
        json.endArray()
    }
}

/// A time of receipt for all runs: 13 November 2025.
let receivedAtMicros: Int64 = 1_763_000_000_000_000
