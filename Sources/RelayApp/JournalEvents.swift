import Delivery
import Journal
import Logging
import RelayModel
import Synchronization
import Telemetry

/// Hears the journal and passes on what it says: tickets to the loops that parked the requests, work and leases to
/// delivery, sums to the metrics. It runs on the journal's thread, so it posts and returns.
final class JournalEvents: JournalObserver {
    private let tickets: [TicketBox]
    private let delivery: DeliveryInbox
    private let metrics: RelayMetrics
    private let health: HealthState
    private let loopIndex: Int
    private let log: Logger
    private let snapshot: @Sendable () -> JournalSnapshot
    private let lastFaultCode: @Sendable () -> String?
    private let failure = Atomic<Bool>(false)

    /// - Parameters:
    ///   - tickets: the ingress threads' mailboxes, by loop index.
    ///   - loopIndex: the journal's thread in `health`.
    ///   - snapshot: what stands in the journal.
    ///   - lastFaultCode: the code of its last fault.
    init(
        tickets: [TicketBox], delivery: DeliveryInbox, metrics: RelayMetrics, health: HealthState, loopIndex: Int,
        log: Logger, snapshot: @escaping @Sendable () -> JournalSnapshot,
        lastFaultCode: @escaping @Sendable () -> String?
    ) {
        self.tickets = tickets
        self.delivery = delivery
        self.metrics = metrics
        self.health = health
        self.loopIndex = loopIndex
        self.log = log
        self.snapshot = snapshot
        self.lastFaultCode = lastFaultCode
    }

    func repeated(_ counts: [Int: Int]) {
        for (source, count) in counts { metrics.duplicate(source: source).add(count) }
    }

    func appended(_ ended: [AppendTicket], _ outcome: AppendOutcome, repeats: [AppendTicket: [Int]]) {
        publish()
        for loop in tickets.indices {
            let requests = ended.filter { $0.loop == loop }.map(\.request)
            if requests.isEmpty { continue }
            var batch = TicketBatch(requests: requests, outcome: outcome)
            for (ticket, places) in repeats where ticket.loop == loop { batch.repeats[ticket.request] = places }
            tickets[loop].send(batch)
        }
    }

    func ready(_ destinations: [DestinationIndex]) { delivery.ready(destinations) }

    func leased(_ lease: Lease) { delivery.post(.leased(lease)) }

    func settled(_ settlements: [Settlement]) {
        for settlement in settlements {
            for (nameCode, count) in settlement.delivered {
                metrics.delivered(destination: settlement.destination, nameCode: nameCode).add(count)
            }
            for letter in settlement.deadLetters {
                metrics.dead(destination: settlement.destination, letter.reason).add(1)
            }
            if let remaining = settlement.remaining, remaining.attempts > 0 {
                metrics.upstreamRetry(destination: settlement.destination).add(1)
            }
        }
        publish()
    }

    func committed(micros: Int64) { metrics.journalCommit.observe(Int(micros)) }

    func faulted(_ text: String, isFinal: Bool) {
        if isFinal { failure.store(true, ordering: .releasing) }
        health.journalFailed(code: lastFaultCode() ?? "unreadable", nowMillis: MonotonicClock.millis())
        publish()
        log.log(level: isFinal ? .critical : .error, "the journal failed", metadata: ["text": "\(text)"])
    }

    func roomFound() {
        publish()
        log.notice("the journal takes events again")
    }

    func replayed(_ counts: [DestinationIndex: Int]) {
        for (destination, count) in counts { metrics.replayed(destination: destination).add(count) }
        publish()
    }

    func measured() { publish() }

    func turned() { health.beat(loop: loopIndex, nowMillis: MonotonicClock.millis()) }

    func salvaged(_ progress: SalvageProgress) {
        metrics.journalSalvaged.add(progress.queuedAgain)
        metrics.recovered.add(progress.newlyFound)
        for (destination, count) in progress.lost { metrics.dead(destination: destination, .damaged).add(count) }
        publish()
        guard progress.isEnded else { return }
        log.notice(
            "a damaged file was looked through",
            metadata: ["file": "\(progress.file)", "lost": "\(progress.lost.values.reduce(0, +))"])
    }

    /// The store has failed for good: the process is to end, and its next start reads what is on the disk.
    var hasFailed: Bool { failure.load(ordering: .acquiring) }

    /// The gauges that follow the journal.
    func publish() {
        let now = snapshot()
        for (destination, count) in now.queuedEvents.enumerated() {
            metrics.queued(destination: destination).set(count)
            metrics.setOldestStored(destination: destination, millis: now.oldestStoredMillis[destination])
        }
        metrics.deadLetters.set(now.deadLetters)
        metrics.deadLettersDropped.set(now.droppedDeadLetters)
        metrics.dedupKeys.set(now.repeatKeys)
        metrics.dedupKeysForgotten.set(now.repeatKeysForgotten)
        metrics.setJournal(
            bytes: now.liveBytes, logBytes: now.logBytes, headroom: now.headroomBytes, damagedFiles: now.filesSetAside)
        var detail = JournalDetail()
        detail.refusal = now.refusal?.rawValue
        (detail.bytes, detail.logBytes, detail.headroomBytes) = (now.liveBytes, now.logBytes, now.headroomBytes)
        (detail.damagedFiles, detail.deadLetters) = (now.filesSetAside, now.deadLetters)
        health.setJournal(detail)
        health.setJournal(isWritable: now.isWritable && now.takesAppends, nowMillis: MonotonicClock.millis())
    }
}
