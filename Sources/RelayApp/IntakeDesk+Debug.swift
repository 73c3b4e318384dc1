import Delivery
import HTTPIngress
import Intake
import Mapping
import RelayModel
import WireCodec

// `/debug/mp/collect`: what Google's route of this name would say, and what the relay would send. Nothing is stored and
// nothing is counted as an event.
extension IntakeDesk {
    func debugReply(_ request: borrowing RequestView, _ caller: inout IntakeReplies.Caller) -> Reply {
        var json = JSONWriter()
        json.beginObject()
        json.key("validationMessages")
        write(validate(request, caller), to: &json)
        json.key("pinrelay")
        json.beginArray()
        do throws(CallFault) {
            if let source = try decode(request, &caller) {
                for item in items { trace(item, source, to: &json) }
            }
        } catch {
            Self.write("refused", event: nil, reason: error.label, message: error.message, to: &json)
        }
        json.endArray()
        json.endObject()
        return IntakeReplies.uncachedJSON(.ok, json.take(), caller)
    }

    private func validate(
        _ request: borrowing RequestView, _ caller: IntakeReplies.Caller
    ) -> [ValidationMessage] {
        let call = begin(request, caller)
        do throws(CallFault) {
            return try bodies.withBody(of: request) { body in
                MeasurementProtocolValidator.validate(
                    body, query: call.query, receivedAtMicros: call.facts.receivedAtMicros, parser: &parser,
                    tape: &tape)
            }
        } catch {
            return [.unreadableBody(error.message)]
        }
    }

    private func write(_ messages: [ValidationMessage], to json: inout JSONWriter) {
        json.beginArray()
        for message in messages {
            json.beginObject()
            if !message.fieldPath.isEmpty {
                json.key("fieldPath")
                json.string(message.fieldPath)
            }
            json.key("description")
            json.string(message.description)
            json.key("validationCode")
            json.string(message.code.rawValue)
            json.endObject()
        }
        json.endArray()
    }

    /// One entry for each event that the item becomes, or for why it becomes none.
    private func trace(_ item: IntakeItem, _ source: Int, to json: inout JSONWriter) {
        switch item {
        case .bad(let bad):
            Self.write(
                "dead", event: tape.copyString(bad.name), reason: bad.reason.rawValue, message: bad.text(on: tape),
                to: &json)
        case .event(let event):
            let name = tape.copyString(event.name)
            for outcome in pipeline.outcomes(of: event, source: source, on: &tape) {
                Self.write(outcome, event: name, to: &json)
            }
        }
    }

    private static func write(_ outcome: ExplainedOutcome, event: String, to json: inout JSONWriter) {
        switch outcome {
        case .notSent(let reason):
            write("not_sent", event: event, reason: reason.rawValue, message: reason.text, to: &json)
        case .failed(let failure):
            write(
                "dead", event: event, reason: DeadReason.mappingFault.rawValue,
                message: "mapping \(failure.mapping): \(failure.message)", to: &json)
        case .event(let upstream, let warnings, let fault):
            write(
                fault == nil ? "sent" : "dead", event: event, reason: fault?.reason.rawValue,
                message: fault.map { "\($0.field): \($0.reason.text)" }, warnings: warnings, upstream: upstream,
                to: &json)
        }
    }

    private static func write(
        _ result: StaticString, event: String?, reason: String?, message: String?, warnings: [EventWarning] = [],
        upstream: [UInt8] = [], to json: inout JSONWriter
    ) {
        json.beginObject()
        member("event", event, to: &json)
        json.key("result")
        json.string(result)
        member("reason", reason, to: &json)
        member("message", message, to: &json)
        if !warnings.isEmpty {
            json.key("warnings")
            json.beginArray()
            for warning in warnings { json.string("\(warning.field): \(warning.kind.text)" as String) }
            json.endArray()
        }
        if !upstream.isEmpty {
            json.key("pinterest_event")
            json.raw(upstream.span)
        }
        json.endObject()
    }

    private static func member(_ name: StaticString, _ text: String?, to json: inout JSONWriter) {
        guard let text, !text.isEmpty else { return }
        json.key(name)
        json.string(text)
    }
}
