/// Trouble that the sandbox makes, one kind for each request.
public enum SandboxFault: Sendable, Equatable {
    /// No trouble.
    case pass
    /// An error answer; the events are not taken. The two hints are headers, in seconds, left out where nil.
    case status(Int, retryAfter: Int? = nil, reset: Int? = nil)
    /// No answer at all. `taken` says whether the events were taken first.
    case hang(taken: Bool)
    /// The connection is reset instead of an answer.
    case reset(taken: Bool)
    /// The events are taken; the connection is reset when half of the answer's body is out.
    case resetMidBody
    /// The events are taken; the answer announces fewer bytes than it has.
    case wrongLength
    /// The events are taken, and the answer comes so many bytes a second.
    case drip(bytesPerSecond: Int)
    /// The events are taken; the body is no JSON.
    case malformed
    /// The events are taken; the body ends halfway.
    case truncated
    /// The events are taken; the answer's list lacks the last event.
    case shortList
}

/// One entry of a fault plan.
public struct SandboxFaultStep: Sendable, Equatable {
    public var fault: SandboxFault
    /// For how many requests; nil for all that follow.
    public var count: Int?
    /// Only requests for this ad account; nil for all.
    public var account: String?

    public init(_ fault: SandboxFault, count: Int? = nil, account: String? = nil) {
        self.fault = fault
        self.count = count
        self.account = account
    }
}

/// Which trouble comes when: a pure plan, used up request by request.
public struct SandboxFaults: Sendable, Equatable {
    /// Added to every answer.
    public var latency: Duration = .zero
    /// Each request takes the first step that is for its account and not used up.
    public var steps: [SandboxFaultStep] = []
    /// Events that fail whatever they hold.
    public var badEventIDs: Set<String> = []
    /// Instead of ``SandboxSettings/mixedStatus``.
    public var mixedStatus: Int?

    public init() {}

    public init(steps: [SandboxFaultStep]) { self.steps = steps }

    /// The fault of the next request.
    public mutating func next(account: String) -> SandboxFault {
        guard let index = steps.firstIndex(where: { $0.count != 0 && ($0.account ?? account) == account }) else {
            return .pass
        }
        let fault = steps[index].fault
        if let count = steps[index].count { steps[index].count = count - 1 }
        steps.removeAll { $0.count == 0 }
        return fault
    }
}
