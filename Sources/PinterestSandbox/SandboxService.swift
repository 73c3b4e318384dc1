import Synchronization

/// The sandbox without its port: requests in, replies out, from any thread.
public final class SandboxService: Sendable {
    private struct State {
        var faults: SandboxFaults
        var recorder: SandboxRecorder
        var rates: RateWindow
        var requestCount: UInt64 = 0
    }

    let settings: SandboxSettings
    private let log: BodyLog?
    private let state: Mutex<State>

    public convenience init(_ settings: SandboxSettings) { self.init(settings, log: nil) }

    init(_ settings: SandboxSettings, log: BodyLog?) {
        self.settings = settings
        self.log = log
        state = Mutex(
            State(
                faults: settings.faults, recorder: SandboxRecorder(settings),
                rates: RateWindow(limit: settings.requestsPerMinute)))
    }

    // MARK: For tests in the same process

    public var summary: SandboxSummary { state.withLock { $0.recorder.snapshot } }

    /// The event objects that arrived last, byte for byte, newest last.
    public func events(limit: Int) -> [[UInt8]] {
        let bodies = state.withLock { $0.recorder.bodies }
        var found: [[UInt8]] = []
        for body in bodies.reversed() where found.count < limit {
            found += RawEvents.split(body).reversed().prefix(limit - found.count).map(Array.init)
        }
        return found.reversed()
    }

    /// How often each event arrived; in no order.
    public func arrivals(atLeast minimum: Int = 1, limit: Int = .max) -> [SandboxArrival] {
        state.withLock { $0.recorder.arrivals(atLeast: minimum, limit: limit) }
    }

    /// Replaces the fault plan.
    public func setFaults(_ faults: SandboxFaults) { state.withLock { $0.faults = faults } }

    /// Forgets what arrived and drops the fault plan.
    public func reset() {
        state.withLock { state in
            state.recorder.reset()
            state.faults = SandboxFaults()
            state.rates = RateWindow(limit: settings.requestsPerMinute)
        }
    }

    // MARK: Requests

    /// - Parameters:
    ///   - judge: the calling thread's own.
    ///   - nowMillis: milliseconds since 1970.
    func reply(
        to call: SandboxCall, body: Span<UInt8>, judge: inout SandboxContract, nowMillis: Int64
    ) -> SandboxReply {
        let now = nowMillis / 1000
        if call.path.hasPrefix("/sandbox/") {
            return SandboxReply(answer: administer(call, body: body), manner: .whole, delay: .zero)
        }
        if let log, SandboxContract.account(in: call.path) != nil { log.append(Self.copy(body)) }
        let plan = plan(for: call, now: now)
        if case .status(let status, let retryAfter, let reset) = plan.fault {
            return plan.refusal(status, retryAfter: retryAfter, reset: reset, in: self)
        }
        guard plan.left >= 0 else { return plan.refusal(429, retryAfter: nil, reset: nil, in: self) }
        guard plan.fault.takesEvents else { return plan.loss(in: self) }
        let verdict = judge.judge(
            call, body: body, now: now, badEventIDs: plan.badEventIDs, mixedStatus: plan.mixedStatus)
        let kept = verdict.events.isEmpty ? [] : Self.copy(body)
        let isAnswered = plan.fault.isAnswered
        state.withLock { state in
            state.recorder.recordRequest(status: isAnswered ? verdict.status : 0)
            if !verdict.events.isEmpty {
                state.recorder.record(verdict.events, isTest: verdict.isTest, body: kept, nowMillis: nowMillis)
            }
        }
        return plan.reply(to: verdict)
    }

    func recordRequest(status: Int) { state.withLock { $0.recorder.recordRequest(status: status) } }

    private func plan(for call: SandboxCall, now: Int64) -> RequestPlan {
        let account = SandboxContract.account(in: call.path) ?? ""
        return state.withLock { state in
            let quota = state.rates.take(account, now: now)
            state.requestCount += 1
            var headers = state.rates.headers(left: quota.left, reset: quota.reset)
            headers.append(SandboxHeader("X-Pinterest-RID", "\(1_000_000 + state.requestCount)"))
            return RequestPlan(
                fault: state.faults.next(account: account), headers: headers, left: quota.left,
                latency: state.faults.latency, badEventIDs: state.faults.badEventIDs,
                mixedStatus: state.faults.mixedStatus)
        }
    }

    private static func copy(_ body: Span<UInt8>) -> [UInt8] {
        // The bytes are copied within the call.
        unsafe body.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
