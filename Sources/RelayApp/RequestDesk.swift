import HTTPIngress
import Inspector
import Intake
import Journal
import Logging
import RelayModel
import Telemetry

/// The handler of one ingress loop: routes a request, answers what needs no journal, parks the rest until the journal
/// has spoken. Everything here belongs to the loop's thread.
///
/// Invariants: a parked call is answered by its ticket, exactly once; a call that the journal did not take is told so,
/// and its events are counted as not sent; at most `capacity` tickets are out, calls that were told to come back included.
final class RequestDesk: RequestHandling {
    /// A call whose events are with the journal.
    private struct ParkedCall {
        var caller: IntakeReplies.Caller
        /// The answer once the events are stored, where it is not the route's own.
        var reply: Reply?
        var source: Int
        var eventCount: Int
        var dead: [(destination: DestinationIndex?, reason: DeadReason)]
        /// What becomes of each event, where the caller wants it.
        var results: ItemResults?
        var sinceMillis: Int64
        /// The sender was told to come back before the journal had spoken.
        var isOverdue = false

        /// The answer now that the events are stored.
        /// - Parameter repeats: which of them were before, by ``ItemResults/list(repeats:)``.
        func stored(repeats: [Int]) -> Reply {
            reply ?? IntakeReplies.accepted(caller, results?.list(repeats: repeats) ?? [])
        }
    }

    /// How long a sender waits for the journal before it is told to come back; below the time-outs of SDKs.
    private static let patienceMillis: Int64 = 8_000

    private let loop: Int
    private var prefix: [UInt8]
    private var collectPaths: CollectPaths
    private var intake: IntakeDesk
    private let inspector: AdminInspector
    private let journal: any EventJournal
    private let metrics: RelayMetrics
    private let replies: ParkedReplies
    private let capacity: Int
    private var parked: [UInt64: ParkedCall] = [:]
    private var refusals: RefusalLog

    /// - Parameters:
    ///   - loop: this loop's index, as tickets name it.
    ///   - parkedCapacity: calls that may wait for the journal at once, at least 1.
    init(
        loop: Int, pathPrefix: String, collectPaths: [String] = [], intake: IntakeDesk, inspector: AdminInspector,
        journal: any EventJournal, metrics: RelayMetrics, log: Logger, parkedCapacity: Int
    ) {
        self.loop = loop
        prefix = Array(pathPrefix.utf8)
        self.collectPaths = CollectPaths(prefix: prefix, paths: collectPaths)
        self.intake = intake
        self.inspector = inspector
        self.journal = journal
        self.metrics = metrics
        capacity = parkedCapacity
        replies = ParkedReplies(capacity: parkedCapacity)
        refusals = RefusalLog(log)
    }

    /// Works by another configuration from the next request on. Calls that are parked keep the answer that they have.
    func adopt(_ rules: DeskRules) {
        prefix = rules.prefix
        collectPaths = rules.collectPaths
        intake = rules.intake
    }

    func handle(_ request: borrowing RequestView, _ reply: consuming ReplyHandle) {
        switch target(of: request) {
        case .intake(let route): takeIntake(route, request, reply)
        case .health(let route):
            answerHealth(request.method, reply) { Reply(inspector.respond(route, at: .now())) }
        case .tagHealth:
            answerHealth(request.method, reply) {
                HealthReplies.tagHealth(isReady: inspector.respond(.readyz, at: .now()).status == 200)
            }
        case .unknown: answer(reply, IntakeReplies.notFound, .other, id: RequestID.sent(request), code: "not_found")
        }
    }

    func refuse(_ request: borrowing RequestView, _ refusal: IngressRefusal, _ reply: consuming ReplyHandle) {
        switch target(of: request) {
        case .intake(let route):
            let caller = IntakeReplies.Caller(route: route, origin: allowedOrigin(request))
            answer(
                reply, intake.refused(refusal, caller), MetricRoute(route), id: RequestID.sent(request),
                code: refusal.code)
        case .health, .tagHealth:
            let isMethod = refusal == .methodNotAllowed
            answer(reply, isMethod ? HealthReplies.methodNotAllowed : refusal.reply, .health)
        case .unknown:
            answer(
                reply, refusal == .methodNotAllowed ? IntakeReplies.notFound : refusal.reply, .other,
                id: RequestID.sent(request), code: refusal.code)
        }
    }

    /// The last events that this loop has taken.
    var seenEvents: [SeenEvent] { intake.pipeline.seen.events }

    func turnedAway(status: Int) { metrics.request(.unparsed, status: status).add(1) }

    /// The journal has decided on these calls.
    func settle(_ batch: TicketBatch) {
        for ticket in batch.requests {
            guard let call = parked.removeValue(forKey: ticket) else { continue }
            count(call, batch.outcome)
            guard let reply = replies.take(ticket) else { continue }
            guard batch.outcome == .stored else {
                answerNotStored(reply, call.caller)
                continue
            }
            answer(
                reply, call.stored(repeats: batch.repeats[ticket] ?? []), MetricRoute(call.caller.route),
                id: call.caller.requestID)
        }
    }

    /// Tells senders that have waited too long for the journal to come back. Their events are counted when it speaks.
    func expireOverdue(nowMillis: Int64) {
        for (ticket, call) in parked where !call.isOverdue && nowMillis - call.sinceMillis > Self.patienceMillis {
            parked[ticket]?.isOverdue = true
            guard let reply = replies.take(ticket) else { continue }
            answerNotStored(reply, call.caller)
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
        var caller = IntakeReplies.Caller(
            route: route, origin: Self.origin(request), wantsResults: IntakeReplies.wantsResults(route, request),
            requestID: RequestID.sent(request))
        if request.method == .options {
            return answer(reply, IntakeReplies.preflight(origin: allowedOrigin(request)), .preflight)
        }
        switch intake.take(request, &caller) {
        case .answered(let answered):
            answer(reply, answered, MetricRoute(route), id: caller.requestID, code: intake.lastFault?.label)
        case .stored(let yield, let source, let answered): store(yield, source, caller, answered, reply)
        }
    }

    private func store(
        _ yield: EventPipeline.Yield, _ source: Int, _ caller: IntakeReplies.Caller, _ answered: Reply?,
        _ reply: consuming ReplyHandle
    ) {
        let call = ParkedCall(
            caller: caller, reply: answered, source: source, eventCount: yield.eventCount,
            dead: yield.deadLetters.map { ($0.destination, $0.reason) }, results: yield.results,
            sinceMillis: MonotonicClock.millis())
        metrics.pending.add(call.eventCount)
        guard parked.count < capacity else {
            count(call, .refused)
            return answerNotStored(reply, caller)
        }
        // Each parked reply has an entry in `parked`, so there is a place for this one.
        guard let ticket = replies.park(reply) else { return count(call, .refused) }
        parked[ticket] = call
        let append = JournalAppend(
            ticket: AppendTicket(loop: loop, request: ticket), blocks: yield.blocks, deadLetters: yield.deadLetters,
            source: source, listsRepeats: call.results != nil)
        if !journal.append(append) { settle(TicketBatch(requests: [ticket], outcome: .refused)) }
    }

    private func target(of request: borrowing RequestView) -> PublicTarget {
        let target = request.withPath { PublicTarget(path: $0, prefix: prefix) }
        if case .unknown = target, collectPaths.take(request, holdsHit: { intake.holdsWrappedHit($0) }) {
            return .intake(.ga4Collect)
        }
        return target
    }

    private func answerHealth(
        _ method: RequestMethod, _ handle: consuming ReplyHandle, _ report: () -> Reply
    ) {
        switch method {
        case .get, .head: answer(handle, report(), .health)
        case .options: answer(handle, HealthReplies.options, .health)
        case .post, .other: answer(handle, HealthReplies.methodNotAllowed, .health)
        }
    }

    private func answerNotStored(_ handle: consuming ReplyHandle, _ caller: IntakeReplies.Caller) {
        answer(
            handle, IntakeReplies.notStored(caller), MetricRoute(caller.route), id: caller.requestID,
            code: NotSentReason.journalRefused.rawValue)
    }

    /// - Parameters:
    ///   - id: the request's own; empty when it brings none.
    ///   - code: what the call is at fault for, or why it is refused.
    private func answer(
        _ handle: consuming ReplyHandle, _ reply: borrowing Reply, _ route: MetricRoute, id: [UInt8] = [],
        code: String? = nil
    ) {
        metrics.request(route, status: Int(reply.status.code)).add(1)
        guard !id.isEmpty || code != nil else { return handle.send(reply) }
        handle.send(refusals.named(reply, route, id: id, code: code))
    }

    /// The caller's origin, where some source allows it: all that can be known of a call that is not read.
    private func allowedOrigin(_ request: borrowing RequestView) -> [UInt8] {
        let origin = Self.origin(request)
        return intake.accepts(origin: origin) ? origin : []
    }

    /// The `Origin` header; empty when absent.
    private static func origin(_ request: borrowing RequestView) -> [UInt8] {
        var origin: [UInt8] = []
        _ = request.withHeader("Origin") { origin.append(copying: $0) }
        return origin
    }
}
