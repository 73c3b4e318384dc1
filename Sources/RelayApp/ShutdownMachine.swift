/// The order in which the relay ends, as a pure state machine: what happened goes in, what to do comes out.
///
/// serving -> announced (unready, still serving, so that load balancers notice) -> closing (no new connections; what is
/// in flight ends) -> ended. A second request to end skips to `ended`. Invariant: the journal is closed last, after
/// ingress and delivery have nothing more to say to it, or the deadline has passed.
struct ShutdownMachine {
    enum State: Equatable {
        case serving
        case announced(untilMillis: Int64)
        case closing(deadlineMillis: Int64, ingressIsDone: Bool, deliveryIsDone: Bool)
        case ended
    }

    enum Input {
        case terminationRequested
        /// The journal has failed for good: nothing can be stored or settled any more.
        case journalFailed
        case timePassed
        case ingressDrained
        case deliveryDrained
    }

    enum Action: Equatable {
        case announceUnready
        case drainIngress
        case drainDelivery
        /// Close the journal, stop all threads and exit; `cutShort` when something in flight was not waited for.
        case stop(cutShort: Bool)
    }

    /// How long senders may take to read their refusals after the journal has failed.
    private static let refusalMillis: Int64 = 2_000

    private(set) var state = State.serving
    private let preStopMillis: Int64
    private let deadlineMillis: Int64

    /// - Parameters:
    ///   - preStopMillis: how long to go on serving after the announcement.
    ///   - deadlineMillis: how long to wait for what is in flight, counted from the end of `preStopMillis`.
    init(preStopMillis: Int64, deadlineMillis: Int64) {
        self.preStopMillis = preStopMillis
        self.deadlineMillis = deadlineMillis
    }

    mutating func handle(_ input: Input, nowMillis: Int64) -> [Action] {
        switch (state, input) {
        case (.serving, .terminationRequested):
            state = .announced(untilMillis: nowMillis + preStopMillis)
            return [.announceUnready] + (preStopMillis == 0 ? close(nowMillis) : [])
        case (.serving, .journalFailed), (.announced, .journalFailed):
            // Only the refusals go out yet.
            state = .closing(
                deadlineMillis: nowMillis + Self.refusalMillis, ingressIsDone: false, deliveryIsDone: true)
            return [.announceUnready, .drainIngress]
        case (.announced, .terminationRequested), (.closing, .terminationRequested):
            return end(cutShort: true)
        case (.announced(let until), .timePassed) where nowMillis >= until:
            return close(nowMillis)
        case (.closing(let deadline, _, _), .timePassed) where nowMillis >= deadline:
            return end(cutShort: true)
        case (.closing(let deadline, _, let delivery), .ingressDrained):
            return progress(deadline, ingress: true, delivery: delivery)
        case (.closing(let deadline, let ingress, _), .deliveryDrained):
            return progress(deadline, ingress: ingress, delivery: true)
        default:
            return []
        }
    }

    private mutating func close(_ nowMillis: Int64) -> [Action] {
        state = .closing(deadlineMillis: nowMillis + deadlineMillis, ingressIsDone: false, deliveryIsDone: false)
        return [.drainIngress, .drainDelivery]
    }

    private mutating func progress(_ deadline: Int64, ingress: Bool, delivery: Bool) -> [Action] {
        state = .closing(deadlineMillis: deadline, ingressIsDone: ingress, deliveryIsDone: delivery)
        return ingress && delivery ? end(cutShort: false) : []
    }

    private mutating func end(cutShort: Bool) -> [Action] {
        state = .ended
        return [.stop(cutShort: cutShort)]
    }
}
