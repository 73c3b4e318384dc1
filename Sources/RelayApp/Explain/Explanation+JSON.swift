import Foundation
import WireCodec

// The stable shape of `pinrelay explain --json`; README.md shows it. What is absent is left out; hashes are whole.
extension Explanation {
    /// One JSON document.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("input", kind.rawValue)
        json.list("calls", calls) { $1.write($0) }
        json.list("skipped", skipped) { skipped, json in
            json.beginObject()
            json.member("request", skipped.title)
            json.member("why", skipped.why)
            json.endObject()
        }
        json.key("summary")
        json.beginObject()
        json.member("sent", sums.sent)
        json.member("not_sent", sums.notSent)
        json.member("dead", sums.dead)
        json.member("refused_calls", sums.refused)
        json.endObject()
        json.endObject()
        return json.take()
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ call: ExplainedCall) {
        beginObject()
        member("request", call.title)
        member("route", call.route)
        member("source", call.source)
        member("source_by", call.sourceChoice?.rawValue)
        list("destinations", call.destinations) { $1.string($0) }
        member("received_at", Self.time(call.receivedAtMicros))
        if !call.notes.isEmpty { list("notes", call.notes) { $1.string($0) } }
        if let refusal = call.refusal {
            key("refused")
            beginObject()
            member("code", refusal.code)
            member("message", refusal.message)
            member("status", refusal.status)
            endObject()
        }
        list("events", call.events) { $1.write($0) }
        endObject()
    }

    private mutating func write(_ event: ExplainedInput) {
        beginObject()
        member("kind", event.kind)
        member("name", event.name)
        list("outcomes", event.outcomes) { $1.write($0) }
        if !event.gaveWay.isEmpty { list("gave_way", event.gaveWay) { $1.string($0) } }
        list("unused", event.unused) { $1.string($0) }
        endObject()
    }

    private mutating func write(_ event: ExplainedEvent) {
        beginObject()
        member("result", event.result.rawValue)
        member("reason", event.reason?.label)
        member("message", event.reason?.text)
        member("faulty_field", event.faultyField)
        member("mapping", event.mapping)
        if !event.destinations.isEmpty { list("destinations", event.destinations) { $1.string($0) } }
        member("event_name", event.eventName)
        if !event.json.isEmpty {
            list("fields", event.fields) { $1.write($0) }
            list("left_out", event.leftOut) { $1.write($0) }
            key("pinterest_event")
            raw(event.json.span)
        }
        endObject()
    }

    private mutating func write(_ field: ExplainedField) {
        beginObject()
        member("field", field.name)
        list("sent", field.sent) { $1.string($0) }
        list("from", field.values) { value, json in
            json.beginObject()
            json.member("path", value.path)
            json.member("given", value.given)
            if !value.normalised.isEmpty { json.list("normalised", value.normalised) { $1.string($0) } }
            json.endObject()
        }
        list("rules", field.rules) { rule, json in
            json.beginObject()
            json.member("rule", rule.label)
            json.member("text", rule.text)
            json.member("section", rule.section)
            json.endObject()
        }
        endObject()
    }

    private mutating func write(_ loss: ExplainedLoss) {
        beginObject()
        member("field", loss.field)
        member("path", loss.path)
        list("given", loss.given) { $1.string($0) }
        member("why", loss.kind)
        member("text", loss.text)
        endObject()
    }

    // MARK: Members

    /// An empty or absent text is left out.
    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        integer(Int64(number))
    }

    mutating func list<Element>(
        _ name: StaticString, _ elements: [Element], write: (Element, inout JSONWriter) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements { write(element, &self) }
        endArray()
    }

    private static func time(_ micros: Int64) -> String {
        ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: Double(micros) / 1_000_000))
    }
}
