import HTTPIngress
import Intake
import RelayModel
import WireCodec

// `/v5/ad_accounts/{id}/events`: who sends is settled before the body is read; each event gets its own verdict, and the
// answer goes out when those that were processed are stored.
extension IntakeDesk {
    func takePinterestEvents(_ request: borrowing RequestView, _ caller: IntakeReplies.Caller) -> Outcome {
        do throws(CallFault) {
            let call = begin(request, caller)
            try checkAddress(of: call)
            let grant = try grant(for: request)
            guard directory.accepts(origin: String(decoding: caller.origin, as: UTF8.self), for: grant.source) else {
                throw .originNotAllowed
            }
            try checkKey(of: call, CallReader.text(request, "Authorization", onto: &tape), grant.source)
            let isTrial = try isTrial(call.query)
            try decodeBody(of: request, call)
            let (yield, verdicts) = pipeline.processPinterestEvents(
                items, source: grant.source, destination: grant.destination, isCounted: !isTrial, on: &tape)
            let reply = PinterestEventsReplies.answered(verdicts, caller)
            return isTrial || yield.isEmpty ? .answered(reply) : .stored(yield, source: grant.source, reply: reply)
        } catch {
            return .answered(refused(error, caller))
        }
    }

    func grant(
        for request: borrowing some IncomingRequest & ~Copyable
    ) throws(CallFault) -> AccountDirectory.Grant {
        let authorization = CallReader.text(request, "Authorization", onto: &tape)
        let bearer = SegmentCredentials.bearer(authorization, on: tape)
        // The id ends the path but for what stands behind it, whatever prefix stands before.
        let account = request.withPath { tape.append($0.extracting($0.accountID)) }
        return try accounts.grant(account: tape[account], bearer: tape[bearer])
    }

    /// The upstream's own flag: events are checked and answered as ever, and nothing is kept of them.
    func isTrial(_ query: TextRef) throws(CallFault) -> Bool {
        let flag = tape.queryValue(query, "test")
        if flag.isEmpty || tape.matches(flag, "false") { return false }
        guard tape.matches(flag, "true") else { throw .badTestFlag }
        return true
    }
}

extension Span<UInt8> {
    /// Where the last part but one of a path stands.
    fileprivate var accountID: Range<Int> {
        let slash = UInt8(ascii: "/")
        var end = count
        while end > 0, self[end - 1] != slash { end -= 1 }
        var start = Swift.max(end - 1, 0)
        while start > 0, self[start - 1] != slash { start -= 1 }
        return start..<Swift.max(end - 1, start)
    }
}
