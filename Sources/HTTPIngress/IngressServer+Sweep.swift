import CLibevent
import Reactor

// The deadlines.
extension IngressServer {
    /// evhttp's only timeout is idle time, which a client that drips bytes never reaches. So each connection's phase
    /// has a deadline here, checked every `sweepPeriod`.
    func sweep() {
        let now = LoopInstant.now()
        nothingToEvict = false
        for connection in connections.values {
            connection.notice(at: now)
            if let limit = deadline(of: connection), now.since(connection.phaseStart) > limit {
                overdue(connection)
            } else if drain.closesIdle {
                connection.closeIfStillIdle()
            }
        }
        if drain.isListening {
            for listener in listeners { listener.wake() }
        }
        loadChanged()
    }

    /// While the server ends, a request that has only begun to arrive is not waited for as long as usual.
    private func deadline(of connection: IngressConnection) -> Duration? {
        guard var limit = limits.deadline(of: connection.phase) else { return nil }
        if connection.phase == .reading, connection.isWithoutRequest { limit = min(limit, limits.headerDeadline) }
        let isArriving = connection.phase == .reading || connection.phase == .handshaking
        return drain.closesIdle && isArriving ? min(limit, limits.drainingRequestDeadline) : limit
    }

    private func overdue(_ connection: IngressConnection) {
        if !connection.isCut, connection.phase != .refusing { counters.deadlineMissed() }
        connection.cut()
    }
}

extension IngressLimits {
    /// How long a connection may stay in a phase. Idle time is evhttp's own timeout, and the time to answer is the
    /// handler's affair.
    func deadline(of phase: IngressConnection.Phase) -> Duration? {
        switch phase {
        case .handshaking: handshakeDeadline
        case .reading: requestDeadline
        case .writing: replyDeadline
        case .refusing: lingerDeadline
        case .idle, .answering: nil
        }
    }
}
