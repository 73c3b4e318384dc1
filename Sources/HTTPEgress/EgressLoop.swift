// HTTPEgress: the HTTP client towards the upstream, libcurl's multi interface behind one class.
//
// It may touch libcurl and nothing else: no clock, no policy. What is sent, when, and whether it is tried again is
// decided by its caller (`Delivery`), which hands in requests and takes out responses.
//
// Invariants:
// - An `EgressLoop` belongs to the thread that first uses it; only its `EgressWaker` may go to others.
// - Every started request gives exactly one response, from `turn` or, by its id, from `cancelAll`.
// - At most `maxConnections` transfers are in the multi, the others wait here: libcurl's own waiting list (that of its
//   connection limits) leaves transfers behind in 7.88, and counts the wait into their time limit.
// - A transfer is in `running` exactly while its handle is in the multi; `turn` removes it, never a callback.
// - No type of libcurl is part of the public interface.
import CLibcurl
import Glibc

/// A set of HTTP requests in flight, driven by its thread: `start` some, then `turn` again and again.
public final class EgressLoop {
    public let waker = EgressWaker()
    private let limits: EgressLimits
    private let identity: EgressIdentity
    private var multi: MultiHandle
    /// By the handle's address.
    private var running: [UInt: Transfer] = [:]
    /// Requests that wait for others to end, in order.
    private var waiting: [EgressRequest] = []
    private var idle: [Transfer] = []
    /// Requests that failed before they reached the network.
    private var stillborn: [EgressResponse] = []
    private var owner: pthread_t?

    /// - Throws: when libcurl cannot start, or looks names up in a way that would block the loop.
    public init(limits: EgressLimits = EgressLimits(), identity: EgressIdentity) throws(CurlError) {
        try LibcurlSetup.check()
        self.limits = limits
        self.identity = identity
        multi = try Self.makeMulti(limits)
        waker.aim(at: multi)
    }

    /// Unfinished transfers are dropped. In libcurl's order: the handles leave the multi and are freed, then the multi.
    deinit {
        waker.disarm()
        for transfer in running.values { multi.remove(transfer.easy) }
        running = [:]
        idle = []
    }

    /// Requests that were started and not yet answered.
    public var inFlightCount: Int { running.count + waiting.count + stillborn.count }

    /// Starts a request. Whatever goes wrong comes back as its response.
    public func start(_ request: EgressRequest) {
        assertOnOwnThread()
        guard inFlightCount < limits.maxInFlight else {
            return fail(request, CurlError(.tooMany, operation: "start"))
        }
        waiting.append(request)
        launchWaiting()
    }

    /// Moves all transfers on, and waits for the network, a wake-up or `maxWait` where nothing has ended yet.
    /// - Returns: the requests that ended, in the order in which they did.
    public func turn(maxWait: Duration) -> [EgressResponse] {
        assertOnOwnThread()
        do throws(CurlError) {
            try multi.perform()
            let ended = takeEnded()
            guard ended.isEmpty else { return ended }
            try multi.poll(milliseconds: maxWait.curlMilliseconds)
            try multi.perform()
            return takeEnded()
        } catch {
            return abandonMulti(error)
        }
    }

    /// Drops all transfers; what the other side did with them is unknown.
    /// - Returns: the ids of the dropped requests.
    @discardableResult
    public func cancelAll() -> [UInt64] {
        assertOnOwnThread()
        let ids = stillborn.map(\.id) + running.values.map(\.id) + waiting.map(\.id)
        stillborn = []
        waiting = []
        for transfer in running.values { retire(transfer) }
        return ids
    }

    private func launchWaiting() {
        let free = min(waiting.count, max(1, limits.maxConnections) - running.count)
        guard free > 0 else { return }
        let next = waiting.prefix(free)
        waiting.removeFirst(free)
        for request in next {
            do throws(CurlError) {
                try launch(request)
            } catch {
                fail(request, error)
            }
        }
    }

    private func fail(_ request: EgressRequest, _ error: CurlError) {
        stillborn.append(EgressResponse(id: request.id, result: .failed(error), totalMicros: 0, openedConnections: 0))
    }

    private func launch(_ request: EgressRequest) throws(CurlError) {
        let transfer = if let used = idle.popLast() { used } else { try Transfer() }
        do throws(CurlError) {
            try transfer.prepare(request, limits: limits, identity: identity)
            try multi.add(transfer.easy)
        } catch {
            transfer.clear()
            idle.append(transfer)
            throw error
        }
        running[transfer.key] = transfer
    }

    private func takeEnded() -> [EgressResponse] {
        var ended: [EgressResponse] = []
        while let (handle, code) = multi.nextEnded() {
            guard let transfer = running[handle] else { continue }
            ended.append(transfer.outcome(code))
            retire(transfer)
        }
        launchWaiting()
        defer { stillborn = [] }
        return stillborn + ended
    }

    private func retire(_ transfer: Transfer) {
        multi.remove(transfer.easy)
        transfer.clear()
        running[transfer.key] = nil
        idle.append(transfer)
    }

    /// Ends all transfers with `error` and starts over: a multi that has failed once is not used again.
    private func abandonMulti(_ error: CurlError) -> [EgressResponse] {
        let ended = running.values.map { transfer in
            EgressResponse(id: transfer.id, result: .failed(error), totalMicros: 0, openedConnections: 0)
        }
        for transfer in running.values { retire(transfer) }
        if let fresh = try? Self.makeMulti(limits) {
            waker.disarm()
            multi = fresh
            waker.aim(at: multi)
        }
        return ended
    }

    private static func makeMulti(_ limits: EgressLimits) throws(CurlError) -> MultiHandle {
        let multi = try MultiHandle()
        try multi.set(CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        try multi.set(CURLMOPT_MAXCONNECTS, max(1, limits.maxConnections))
        return multi
    }

    private func assertOnOwnThread() {
        let current = pthread_self()
        precondition(owner ?? current == current, "an EgressLoop belongs to the thread that first used it")
        owner = current
    }
}
