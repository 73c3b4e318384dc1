import Delivery
import Foundation
import HTTPEgress
import JSONTape
import Journal
import Reactor
import Synchronization

/// The thread that drives the ``DeliveryMachine``: it owns the upstream client and the batches in flight.
///
/// Thin on purpose: whatever happens (work in the journal, a lease, an ended call, the time) goes into the machine, and
/// the actions that come out are performed here. Other threads reach it through its ``DeliveryInbox`` only.
final class DeliveryThread: Sendable {
    /// Who hears of what the thread does. Called on the delivery thread; implementations count and return.
    struct Listeners: Sendable {
        var fact: @Sendable (DeliveryFact) -> Void
        /// The time that an upstream call took, microseconds.
        var callEnded: @Sendable (Int64) -> Void
        /// A destination stands otherwise than before.
        var status: @Sendable (DestinationIndex, DestinationStatus) -> Void
        /// The thread has turned; at least once a second.
        var turned: @Sendable () -> Void
    }

    let inbox: DeliveryInbox
    private let thread: WorkerThread

    /// - Throws: when the upstream client cannot start.
    init(
        settings: DeliverySettings, limits: EgressLimits, identity: EgressIdentity, journal: any EventJournal,
        inbox: DeliveryInbox, listeners: Listeners
    ) throws {
        self.inbox = inbox
        let started = DispatchSemaphore(value: 0)
        let fault = SharedFault()
        thread = try WorkerThread(name: "delivery") {
            do throws(CurlError) {
                // The client is made on the thread that owns it.
                let egress = try EgressLoop(limits: limits, identity: identity)
                inbox.attach(egress.waker)
                listeners.turned()
                started.signal()
                DeliveryDriver(
                    settings: settings, egress: egress, journal: journal, inbox: inbox, listeners: listeners
                ).run()
            } catch {
                fault.value.withLock { $0 = error }
                started.signal()
            }
        }
        started.wait()
        if let error = fault.value.withLock({ $0 }) {
            thread.join()
            throw error
        }
    }

    /// Leases nothing more and ends what is in flight; `whenDrained` is called on the thread once nothing is.
    func drain(whenDrained: @escaping @Sendable () -> Void) {
        inbox.post(.drain(whenDrained))
    }

    /// Ends the thread and waits for it; calls in flight are cut off and their events stay in the journal.
    func stop() {
        inbox.post(.stop)
        thread.join()
    }
}

/// A fault told from one thread to another.
private final class SharedFault: Sendable {
    let value = Mutex<CurlError?>(nil)
}

/// The body of the delivery thread.
private final class DeliveryDriver {
    private let egress: EgressLoop
    private let machine: DeliveryMachine<JSONTapeParser, SystemRandomNumberGenerator>
    private let journal: any EventJournal
    private let inbox: DeliveryInbox
    private let listeners: DeliveryThread.Listeners
    /// How each destination stood when it was last told.
    private var statuses: [DestinationStatus?]
    /// When the machine wants to hear of the time, milliseconds since 1970.
    private var wakeAtMillis: Int64?
    /// Whom to tell that nothing is in flight any more, once a drain began.
    private var whenDrained: (@Sendable () -> Void)?
    private var isStopped = false
    /// The longest wait for the network: a lost wake-up costs no more than this.
    private let longestWaitMillis: Int64 = 1_000

    init(
        settings: DeliverySettings, egress: EgressLoop, journal: any EventJournal, inbox: DeliveryInbox,
        listeners: DeliveryThread.Listeners
    ) {
        self.egress = egress
        self.journal = journal
        self.inbox = inbox
        self.listeners = listeners
        statuses = Array(repeating: nil, count: settings.destinations.count)
        machine = DeliveryMachine(settings: settings, parser: JSONTapeParser(), random: SystemRandomNumberGenerator())
    }

    func run() {
        while true {
            listeners.turned()
            takeArrivals()
            takeTime()
            tellWhenDrained()
            tellStatuses()
            guard !isStopped else { break }
            for response in egress.turn(maxWait: .milliseconds(waitMillis())) { take(response) }
        }
        egress.cancelAll()
    }

    private func tellWhenDrained() {
        guard let whenDrained, machine.isIdle else { return }
        self.whenDrained = nil
        whenDrained()
    }

    private func tellStatuses() {
        for destination in statuses.indices {
            guard let status = machine.status(destination), status != statuses[destination] else { continue }
            statuses[destination] = status
            listeners.status(destination, status)
        }
    }

    private func takeArrivals() {
        let arrivals = inbox.take()
        for destination in arrivals.ready { perform(machine.journalReady(destination, now: WallClock.millis())) }
        for message in arrivals.messages { take(message) }
    }

    private func take(_ message: DeliveryInbox.Message) {
        let now = WallClock.millis()
        switch message {
        case .leased(let lease): perform(machine.leaseArrived(lease, now: now))
        case .reconfigured(let settings, let changed):
            machine.limitsChanged(settings)
            for destination in changed {
                perform(machine.reconfigured(destination, settings.destinations[destination], now: now))
            }
        case .drain(let whenDrained):
            self.whenDrained = whenDrained
            perform(machine.drainBegan(now: now))
        case .expire:
            perform(machine.drainExpired(now: now))
            for id in egress.cancelAll() {
                perform(machine.responded(id, .failed(.cancelled, retriable: true), now: now))
            }
        case .stop: isStopped = true
        }
    }

    private func takeTime() {
        let now = WallClock.millis()
        guard let due = wakeAtMillis, due <= now else { return }
        wakeAtMillis = nil
        perform(machine.timePassed(now: now))
    }

    private func take(_ response: EgressResponse) {
        listeners.callEnded(response.totalMicros)
        let now = WallClock.millis()
        perform(machine.responded(response.id, UpstreamOutcome(response.result, nowMillis: now), now: now))
    }

    private func waitMillis() -> Int64 {
        guard let due = wakeAtMillis else { return longestWaitMillis }
        return min(max(0, due - WallClock.millis()), longestWaitMillis)
    }

    private func perform(_ actions: [DeliveryAction]) {
        for action in actions {
            switch action {
            case .settle(let settlements): journal.settle(settlements)
            case .requestLease(let request): journal.lease(request)
            case .send(let batch): egress.start(EgressRequest(batch.call))
            case .wakeAt(let millis): wakeAtMillis = millis
            case .report(let fact): listeners.fact(fact)
            }
        }
    }
}
