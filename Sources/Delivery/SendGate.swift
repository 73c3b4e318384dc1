/// Whether calls to one destination may be made. A gate that was shut lets one call through as a probe when its time
/// has come, and opens when that call is answered.
struct SendGate {
    private(set) var state = State.open
    /// Why it is, or was last, shut.
    private(set) var cause = ShutCause.failing

    enum State: Equatable {
        case open
        case shut(untilMillis: Int64)
        case probing
    }

    /// True when `inFlight` calls leave room for one more.
    func admits(now: Int64, inFlight: Int, maxInFlight: Int) -> Bool {
        switch state {
        case .open: inFlight < maxInFlight
        case .shut(let until): now >= until && inFlight == 0
        case .probing: false
        }
    }

    /// True when work may be taken on: the gate is open, or its probe is due.
    func wantsWork(now: Int64) -> Bool {
        switch state {
        case .open: true
        case .shut(let until): now >= until
        case .probing: false
        }
    }

    var isOpen: Bool { state == .open }
    var isProbing: Bool { state == .probing }

    mutating func shut(_ cause: ShutCause, untilMillis: Int64) {
        self.cause = cause
        state = .shut(untilMillis: untilMillis)
    }

    mutating func callStarted() {
        if !isOpen { state = .probing }
    }

    /// A call came to nothing for a reason of our own: the probe is still to be made.
    mutating func callAbandoned(now: Int64) {
        if isProbing { state = .shut(untilMillis: now) }
    }

    /// The probe was answered.
    mutating func open() { state = .open }

    mutating func shiftDeadlines(by millis: Int64) {
        if case .shut(let until) = state { state = .shut(untilMillis: until + millis) }
    }
}

/// Why calls to a destination rest.
public enum ShutCause: Sendable, Hashable {
    /// 429: the account's rate limit.
    case rateLimited
    /// The upstream refuses us (401, 403, 404 and the like): only a person can end this.
    case refused(status: Int)
    /// The call cannot be made at all, as with an untrusted certificate: only a person can end this.
    case unreachable(TransportFault)
    /// Too many calls failed: the circuit breaker is open.
    case failing

    /// True when delivery goes on only after someone has changed something.
    public var needsAttention: Bool {
        switch self {
        case .refused, .unreachable: true
        case .rateLimited, .failing: false
        }
    }
}
