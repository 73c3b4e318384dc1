import Reactor

/// What a drain in progress needs: its timers and whom to tell.
final class DrainPlan {
    let deadline: Duration
    let whenDrained: (DrainOutcome) -> Void
    var deadlineTimer: LoopTimer?
    var stepTimer: LoopTimer?

    init(deadline: Duration, whenDrained: @escaping (DrainOutcome) -> Void) {
        self.deadline = deadline
        self.whenDrained = whenDrained
    }
}

extension IngressServer {
    /// How long cut connections and their handlers have to let go, after the deadline.
    private static let grace = Duration.seconds(1)

    /// From now on replies say `Connection: close`, while all is served: clients with kept connections move elsewhere
    /// before the drain begins.
    public func announceEnd() {
        loop.assertOnLoop()
        feed(.endAnnounced)
    }

    /// Ends the server: replies say `Connection: close` from now on, the listener's queue is emptied and the listener
    /// closed, idle connections are closed, requests in flight are waited for. What is left at the deadline is cut.
    ///
    /// Call it after the time in which load balancers notice that the relay is not ready any more; a second call does
    /// nothing. `whenDrained` is called once, on the loop.
    public func beginDrain(deadline: Duration, whenDrained: @escaping (DrainOutcome) -> Void) {
        loop.assertOnLoop()
        guard drainPlan == nil else { return }
        drainPlan = DrainPlan(deadline: deadline, whenDrained: whenDrained)
        feed(.drainRequested)
    }

    /// Tells the drain that connections or replies have become fewer. Called from within evhttp's callbacks, where
    /// nothing may be freed; so the machine hears of it in the next turn.
    func loadChanged() {
        guard drain.closesIdle, drain.state != .drained, load.isNothing else { return }
        later { server in server.feed(.loadChanged(server.load)) }
    }

    private var load: DrainLoad {
        DrainLoad(openConnections: connections.count + newcomers.count, heldReplies: heldReplies)
    }

    private func feed(_ input: DrainMachine.Input) {
        for action in drain.receive(input) { perform(action) }
    }

    private func perform(_ action: DrainMachine.Action) {
        switch action {
        case .acceptLastConnections: later { $0.feed(.lastConnectionsAccepted) }
        case .closeListeners: closeListeners()
        case .armDeadline: armDeadline()
        case .cutConnections: for connection in connections.values { connection.cut() }
        case .armGrace: armGrace()
        case .freeServer: tearDown()
        case .report(let outcome): finish(outcome)
        }
    }

    private func closeListeners() {
        for listener in listeners { listener.close() }
        listeners = []
    }

    /// A timer of zero fires after the sockets found ready in the next look, the listener among them; and a listener
    /// accepts until its queue is empty.
    private func later(_ step: @escaping (IngressServer) -> Void) {
        let timer = LoopTimer(on: loop) { [unowned self] in step(self) }
        drainPlan?.stepTimer = timer
        timer.schedule(after: .zero)
    }

    private func armDeadline() {
        guard let plan = drainPlan else { return }
        let timer = LoopTimer(on: loop) { [unowned self] in feed(.deadlinePassed(load)) }
        plan.deadlineTimer = timer
        timer.schedule(after: plan.deadline)
    }

    private func armGrace() {
        let timer = LoopTimer(on: loop) { [unowned self] in feed(.graceElapsed(load)) }
        drainPlan?.deadlineTimer = timer
        timer.schedule(after: Self.grace)
    }

    private func finish(_ outcome: DrainOutcome) {
        let plan = drainPlan
        plan?.deadlineTimer = nil
        plan?.stepTimer = nil
        sweeper.cancel()
        plan?.whenDrained(outcome)
    }
}
