import HTTPIngress
import Inspector
import Intake
import Journal
import RelayModel
import Telemetry

/// The handler of one ingress loop: routes a request, answers what needs no journal, parks the rest until the journal
/// has spoken. Everything here belongs to the loop's thread.
///
/// Invariant: a parked call is answered by its ticket, exactly once; a call that the journal did not take is told so,
/// and its events are counted as not sent.
final class RequestDesk: RequestHandling {
    /// A call whose events are with the journal.
    private struct ParkedCall {
        var caller: IntakeReplies.Caller
        var source: Int
        var eventCount: Int
        var dead: [(destination: DestinationIndex?, reason: DeadReason)]
        var sinceMillis: Int64
        /// The sender was told to come back before the journal had spoken.
        var isOverdue = false
    }

    /// How long a sender waits for the journal before it is told to come back; below the time-outs of SDKs.
    private static let patienceMillis: Int64 = 8_000

    private let loop: Int
    private let prefix: [UInt8]
    private let intake: IntakeDesk
    private let inspector: AdminInspector
    private let journal: any EventJournal
    private let metrics: RelayMetrics
    private let replies: ParkedReplies
    private var parked: [UInt64: ParkedCall] = [:]

    /// - Parameters:
    ///   - loop: this loop's index, as tickets name it.
    ///   - parkedCapacity: calls that may wait for the journal at once.
    init(
        loop: Int, pathPrefix: String, intake: IntakeDesk, inspector: AdminInspector, journal: any EventJournal,
        metrics: RelayMetrics, parkedCapacity: Int
    ) {
        self.loop = loop
        prefix = Array(pathPrefix.utf8)
        self.intake = intake
        self.inspector = inspector
        self.journal = journal
        self.metrics = metrics
        replies = ParkedReplies(capacity: parkedCapacity)
    }

    func handle(_ request: borrowing RequestView, _ reply: consuming ReplyHandle) {
        switch request.withPath({ PublicTarget(path: $0, prefix: prefix) }) {
        case .intake(let route): takeIntake(route, request, reply)
        case .health(let route) where request.method == .get || request.method == .head:
            answer(reply, Reply(inspector.respond(route, at: .now())), .health)
        case .health, .unknown: answer(reply, IntakeReplies.notFound, .other)
        }
    }

    func refuse(_ request: borrowing RequestView, _ refusal: IngressRefusal, _ reply: consuming ReplyHandle) {
        answer(reply, refusal.reply, .other)
    }

    /// The journal has decided on these calls.
    func settle(_ batch: TicketBatch) {
        for ticket in batch.requests {
            guard let call = parked.removeValue(forKey: ticket) else { continue }
            count(call, batch.outcome)
            guard let reply = replies.take(ticket) else { continue }
            let answered =
                batch.outcome == .stored
                ? IntakeReplies.accepted(call.caller) : IntakeReplies.notStored(call.caller)
            answer(reply, answered, MetricRoute(call.caller.route))
        }
    }

    /// Tells senders that have waited too long for the journal to come back. Their events are counted when it speaks.
    func expireOverdue(nowMillis: Int64) {
        for (ticket, call) in parked where !call.isOverdue && nowMillis - call.sinceMillis > Self.patienceMillis {
            parked[ticket]?.isOverdue = true
            guard let reply = replies.take(ticket) else { continue }
            answer(reply, IntakeReplies.notStored(call.caller), MetricRoute(call.caller.route))
        }
    }

    private func count(_ call: ParkedCall, _ outcome: AppendOutcome) {
        metrics.pending.add(-call.eventCount)
        switch outcome {
        case .stored:
            for letter in call.dead { metrics.dead(destination: letter.destination, letter.reason).add(1) }
        case .refused: metrics.notSent(source: call.source, .journalRefused).add(call.eventCount)
        }
    }

    private func takeIntake(_ route: IntakeRoute, _ request: borrowing RequestView, _ reply: consuming ReplyHandle) {
        let caller = Self.caller(route, request)
        if request.method == .options {
            return answer(reply, IntakeReplies.preflight(origin: caller.origin), .preflight)
        }
        switch intake.take(request, caller) {
        case .answered(let answered): answer(reply, answered, MetricRoute(route))
        case .stored(let yield, let source): store(yield, source, caller, reply)
        }
    }

    private func store(
        _ yield: EventPipeline.Yield, _ source: Int, _ caller: IntakeReplies.Caller, _ reply: consuming ReplyHandle
    ) {
        let call = ParkedCall(
            caller: caller, source: source, eventCount: yield.eventCount,
            dead: yield.deadLetters.map { ($0.destination, $0.reason) }, sinceMillis: MonotonicClock.millis())
        metrics.pending.add(call.eventCount)
        guard let ticket = replies.park(reply) else {
            // The table is full and has answered 503 itself.
            metrics.pending.add(-call.eventCount)
            metrics.notSent(source: source, .journalRefused).add(call.eventCount)
            return metrics.request(MetricRoute(caller.route), status: 503).add(1)
        }
        parked[ticket] = call
        let append = JournalAppend(
            ticket: AppendTicket(loop: loop, request: ticket), blocks: yield.blocks, deadLetters: yield.deadLetters,
            source: source)
        if !journal.append(append) { settle(TicketBatch(requests: [ticket], outcome: .refused)) }
    }

    private func answer(_ handle: consuming ReplyHandle, _ reply: borrowing Reply, _ route: MetricRoute) {
        metrics.request(route, status: Int(reply.status.code)).add(1)
        handle.send(reply)
    }

    private static func caller(_ route: IntakeRoute, _ request: borrowing RequestView) -> IntakeReplies.Caller {
        var origin: [UInt8] = []
        _ = request.withHeader("Origin") { origin.append(copying: $0) }
        let asksForStream = route == .ga4Collect && request.withQuery { $0.hasSuffix("richsstsse") }
        return IntakeReplies.Caller(route: route, origin: origin, asksForStream: asksForStream)
    }
}

extension Span<UInt8> {
    fileprivate func hasSuffix(_ suffix: StaticString) -> Bool {
        let wanted = suffix.utf8CodeUnitCount
        return count >= wanted && extracting(count - wanted..<count).matches(suffix)
    }
}
