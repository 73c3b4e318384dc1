import HTTPIngress
import RelayModel
import WireCodec

/// The answers of `/v5/ad_accounts/{id}/events`, in Pinterest's own shapes and codes (`pinterest-api.md` 3).
enum PinterestEventsReplies {
    static let notStoredBody: StaticString =
        #"{"code":4197,"message":"The events cannot be stored now. Send them again."}"#

    /// One entry an event, in the call's order: 200, or 422 with the same as `details` where every event failed.
    static func answered(_ verdicts: [EventVerdict], _ caller: IntakeReplies.Caller) -> Reply {
        let processed = verdicts.count(where: \.isProcessed)
        var json = JSONWriter(reserving: 64 + 80 * verdicts.count)
        guard processed == 0, !verdicts.isEmpty else {
            write(verdicts, processed, to: &json)
            return IntakeReplies.uncachedJSON(.ok, json.take(), caller)
        }
        json.beginObject()
        json.key("code")
        json.integer(953)
        json.key("message")
        json.string("The action could not be processed properly due to some or all data provided being invalid.")
        json.key("details")
        write(verdicts, processed, to: &json)
        json.endObject()
        return IntakeReplies.uncachedJSON(.unprocessableContent, json.take(), caller)
    }

    /// The whole call is refused; nothing of it counts.
    static func refused(_ fault: CallFault, _ caller: IntakeReplies.Caller) -> Reply {
        var json = JSONWriter()
        json.beginObject()
        json.key("code")
        json.integer(code(of: fault))
        json.key("message")
        json.string(fault.status == .badRequest ? "Invalid request: " + fault.message : fault.message)
        json.endObject()
        var reply = IntakeReplies.uncachedJSON(fault.status, json.take(), caller)
        reply.headers += fault.rateHeaders
        return reply
    }

    private static func code(of fault: CallFault) -> Int64 {
        switch fault {
        case .unauthenticated, .unknownAccount: 2
        case .rateLimited: 8
        case .originNotAllowed: 29
        default: 4196
        }
    }

    private static func write(_ verdicts: [EventVerdict], _ processed: Int, to json: inout JSONWriter) {
        json.beginObject()
        json.key("num_events_received")
        json.integer(Int64(verdicts.count))
        json.key("num_events_processed")
        json.integer(Int64(processed))
        json.key("events")
        json.beginArray()
        for verdict in verdicts {
            json.beginObject()
            json.key("status")
            json.string(verdict.isProcessed ? "processed" : "failed" as StaticString)
            json.key("error_message")
            json.string(verdict.error)
            json.key("warning_message")
            json.string(verdict.warnings.map { "\($0.field): \($0.kind.text)" }.joined(separator: "; "))
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
