public import Journal
public import RelayModel

// Delivery: takes leased blocks to the upstream and says what became of each event.
//
// What it is: a state machine per destination behind one face. It is told what happened, in the past tense, with the
// time, and answers with what to do. It touches no clock, no I/O and no C; the driver performs the actions.
//
// Invariants:
// - Every leased event ends once in its block's settlement: delivered, dead, or remaining.
// - What is leased and on its way is bounded per destination; destinations share nothing but the thread.
// - Nothing is retried for ever: an event that cannot be delivered is buried with a reason, seven days after its time
//   at the latest.
//
// `now` is always milliseconds since 1970. Every function returns at once; it is for one thread.

/// Drives the delivery of all destinations.
public final class DeliveryMachine<Parser: JSONParsing, Random: RandomNumberGenerator> {
    private(set) var settings: DeliverySettings
    var lanes: [DeliveryLane]
    var flights: [BatchID: Flight] = [:]
    var isDraining = false
    var parser: Parser
    var random: Random
    var tape = EventTape()
    /// What the input at hand has brought about so far.
    var actions: [DeliveryAction] = []
    private var lastBatchID: BatchID = 0
    private var lastNow = Int64.min
    private var lastWake: Int64?

    /// A call that is on its way.
    struct Flight {
        let destination: DestinationIndex
        let parcel: Parcel
        let sentMillis: Int64
    }

    public init(settings: DeliverySettings, parser: Parser, random: Random) {
        self.settings = settings
        self.parser = parser
        self.random = random
        let limits = LaneLimits(settings)
        lanes = settings.destinations.enumerated().map { index, destination in
            DeliveryLane(destination: index, settings: destination, limits: limits, breaker: settings.breaker)
        }
    }

    // MARK: Inputs

    /// The journal has due blocks for this destination, or may have.
    public func journalReady(_ destination: DestinationIndex, now: Int64) -> [DeliveryAction] {
        input(destination, now) { lanes[destination].isReady = true }
    }

    /// The journal answered the lease request of the lease's destination.
    public func leaseArrived(_ lease: Lease, now: Int64) -> [DeliveryAction] {
        input(lease.destination, now) { take(lease, now) }
    }

    /// A call ended. An id that is not on its way is ignored.
    public func responded(_ batch: BatchID, _ outcome: UpstreamOutcome, now: Int64) -> [DeliveryAction] {
        guard let flight = flights.removeValue(forKey: batch) else { return [] }
        return input(flight.destination, now) {
            lanes[flight.destination].callsInFlight -= 1
            switch outcome {
            case .answered(let answer): answered(flight, answer, now)
            case .failed(let fault, let retriable): failed(flight, fault, retriable: retriable, now)
            }
            // A call that was under way when the gate was shut may have left something to send.
            if case .shut = lanes[flight.destination].gate.state { lanes[flight.destination].release(dueMillis: 0) }
        }
    }

    /// The time of the last ``DeliveryAction/wakeAt(_:)`` has come; calling more often does no harm.
    public func timePassed(now: Int64) -> [DeliveryAction] {
        follow(now)
        for destination in lanes.indices { advance(destination, now) }
        return finish(now)
    }

    /// The process is about to end: nothing more is leased. What is leased goes out once without waiting for company;
    /// what cannot go now is given back.
    public func drainBegan(now: Int64) -> [DeliveryAction] {
        follow(now)
        isDraining = true
        for destination in lanes.indices {
            if lanes[destination].gate.isOpen {
                lanes[destination].releaseParked(dueAfter: now)
            } else {
                lanes[destination].release(dueMillis: 0)
            }
            advance(destination, now)
        }
        return finish(now)
    }

    /// The drain's time is over: what is not on its way is given back. The driver ends the calls in flight and reports
    /// them as failed with ``TransportFault/cancelled``.
    public func drainExpired(now: Int64) -> [DeliveryAction] {
        follow(now)
        isDraining = true
        for destination in lanes.indices { lanes[destination].release(dueMillis: 0) }
        return finish(now)
    }

    /// A destination has new settings, such as another token: one that waited for them is tried again at once. One that
    /// was asked to wait, waits.
    public func reconfigured(
        _ destination: DestinationIndex, _ changed: DestinationSettings, now: Int64
    ) -> [DeliveryAction] {
        input(destination, now) {
            lanes[destination].settings = changed
            let cause = lanes[destination].gate.cause
            if case .shut = lanes[destination].gate.state, cause.needsAttention {
                lanes[destination].gate.shut(cause, untilMillis: now)
            }
        }
    }

    /// Batches, lingering, retries and rests follow these settings from now on. What the lanes were made with stays:
    /// destinations (``reconfigured(_:_:now:)``), calls at once, and breakers.
    public func limitsChanged(_ changed: DeliverySettings) {
        let limits = LaneLimits(changed)
        settings.maxBatch = changed.maxBatch
        settings.lingerMillis = changed.lingerMillis
        settings.retry = changed.retry
        settings.pauseMillis = changed.pauseMillis
        for destination in lanes.indices {
            lanes[destination].limits.maxBatch = limits.maxBatch
            lanes[destination].limits.lingerMillis = limits.lingerMillis
        }
    }

    // MARK: State

    /// True when no event is leased and no call on its way.
    public var isIdle: Bool { flights.isEmpty && lanes.allSatisfy { $0.heldEvents == 0 } }

    /// How a destination stands; nil for one that is not configured.
    public func status(_ destination: DestinationIndex) -> DestinationStatus? {
        guard lanes.indices.contains(destination) else { return nil }
        let lane = lanes[destination]
        var status = DestinationStatus(
            heldEvents: lane.heldEvents, callsInFlight: lane.callsInFlight, callsAllowed: lane.concurrency.limit)
        if !lane.gate.isOpen { status.shut = lane.gate.cause }
        if case .shut(let until) = lane.gate.state { status.shutUntilMillis = until }
        return status
    }

    // MARK: The turn of an input

    private func input(_ destination: DestinationIndex, _ now: Int64, _ change: () -> Void) -> [DeliveryAction] {
        guard lanes.indices.contains(destination) else { return [] }
        follow(now)
        change()
        advance(destination, now)
        return finish(now)
    }

    /// Keeps the waits as long as they were meant when the clock was set back.
    private func follow(_ now: Int64) {
        if now < lastNow {
            let step = now - lastNow
            for destination in lanes.indices { lanes[destination].shiftDeadlines(by: step) }
            lastWake = nil
        }
        lastNow = now
    }

    /// Settlements come first, so that a lease asked for in the same turn sees them.
    private func finish(_ now: Int64) -> [DeliveryAction] {
        let settled = lanes.indices.flatMap { lanes[$0].takeSettled() }
        if !settled.isEmpty { actions.insert(.settle(settled), at: 0) }
        let wake = lanes.compactMap { $0.nextDeadline(after: now) }.min()
        if let wake, wake != lastWake { actions.append(.wakeAt(wake)) }
        lastWake = wake
        defer { actions = [] }
        return actions
    }

    func nextBatchID() -> BatchID {
        lastBatchID += 1
        return lastBatchID
    }
}
