/// How a server ends without cutting anybody short: a pure state machine. The driver is `IngressServer+Draining`.
///
///     serving -> announced -> accepting the last -> finishing -> drained
///                                                       \-> cutting -> drained
struct DrainMachine: Equatable, Sendable {
    enum State: Equatable {
        case serving
        /// All is served, and each reply is the last of its connection.
        case announced
        /// The listener's own queue is being emptied: closing it would reset what waits there.
        case acceptingLast
        /// Requests end, idle connections are closed.
        case finishing
        /// The deadline has passed.
        case cutting(cut: Int)
        case drained
    }

    enum Input: Equatable {
        case endAnnounced
        case drainRequested
        case lastConnectionsAccepted
        case loadChanged(DrainLoad)
        case deadlinePassed(DrainLoad)
        case graceElapsed(DrainLoad)
    }

    enum Action: Equatable {
        case acceptLastConnections
        case closeListeners
        case armDeadline
        case cutConnections
        case armGrace
        case freeServer
        case report(DrainOutcome)
    }

    private(set) var state = State.serving

    mutating func receive(_ input: Input) -> [Action] {
        switch (state, input) {
        case (.serving, .endAnnounced):
            state = .announced
            return []
        case (.serving, .drainRequested), (.announced, .drainRequested):
            state = .acceptingLast
            return [.armDeadline, .acceptLastConnections]
        case (.acceptingLast, .lastConnectionsAccepted):
            state = .finishing
            return [.closeListeners]
        case (.finishing, .loadChanged(let load)) where load.isNothing:
            return end(cut: 0)
        case (.acceptingLast, .deadlinePassed(let load)):
            return [.closeListeners] + cut(load)
        case (.finishing, .deadlinePassed(let load)):
            return cut(load)
        case (.cutting(let cut), .loadChanged(let load)) where load.isNothing:
            return end(cut: cut)
        case (.cutting(let cut), .graceElapsed(let load)):
            state = .drained
            // With requests still held evhttp cannot be freed; the program is about to end anyway.
            return [.report(DrainOutcome(cutConnections: cut, heldReplies: load.heldReplies))]
        default:
            return []
        }
    }

    private mutating func cut(_ load: DrainLoad) -> [Action] {
        guard !load.isNothing else { return end(cut: 0) }
        state = .cutting(cut: load.openConnections)
        return [.cutConnections, .armGrace]
    }

    private mutating func end(cut: Int) -> [Action] {
        state = .drained
        return [.freeServer, .report(DrainOutcome(cutConnections: cut, heldReplies: 0))]
    }
}

extension DrainMachine {
    /// The listeners are open and accept.
    var isListening: Bool { state == .serving || state == .announced || state == .acceptingLast }

    /// Replies carry `Connection: close`.
    var closesConnections: Bool { state != .serving }

    /// The sweep closes connections without a request.
    var closesIdle: Bool { !isListening }
}

/// What still keeps a draining server.
struct DrainLoad: Equatable, Sendable {
    var openConnections: Int
    /// Reply handles not answered yet, those whose client has left included.
    var heldReplies: Int

    var isNothing: Bool { openConnections == 0 && heldReplies == 0 }
}

/// How a drain ended.
public struct DrainOutcome: Equatable, Sendable {
    /// Connections that were busy when the deadline passed.
    public var cutConnections: Int
    /// Replies that nobody had sent when even the time after the deadline was over.
    public var heldReplies: Int

    public var isClean: Bool { cutConnections == 0 && heldReplies == 0 }
}
