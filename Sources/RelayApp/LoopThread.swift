import HTTPIngress
import Reactor
import Settings
import Telemetry

/// A thread with one event loop and one HTTP server on it; the ingress threads and the admin thread are such.
///
/// It is set up by the thread that calls `init`, then runs until ``stop()``. The server is the loop's from then on.
final class LoopThread: Sendable {
    let loop: EventLoop
    let port: UInt16
    let counters: IngressCounters
    private let server: LoopBound<IngressServer>
    private let heartbeat: LoopBound<LoopTimer>
    private let thread: WorkerThread

    /// - Parameters:
    ///   - beat: called on the loop every second: the proof that it turns.
    ///   - sharesPort: several loops listen on this port.
    init(
        name: String, loop: EventLoop, address: String, port: UInt16, sharesPort: Bool, limits: IngressLimits,
        handler: any RequestHandling, beat: @escaping @Sendable () -> Void
    ) throws {
        let server = try IngressServer(loop: loop, limits: limits, handler: handler)
        try server.listen(address: address, port: port, sharesPort: sharesPort)
        self.loop = loop
        self.port = server.boundPort ?? port
        counters = server.counters
        self.server = LoopBound(server, on: loop)
        let timer = LoopTimer(on: loop, action: beat)
        timer.schedule(every: .seconds(1))
        heartbeat = LoopBound(timer, on: loop)
        beat()
        thread = try WorkerThread(name: name) { loop.run() }
    }

    /// No new connections from now on; `whenDrained` is called on the loop once nothing is in flight, or what was left
    /// at the deadline is cut.
    func drain(deadline: Duration, whenDrained: @escaping @Sendable (DrainOutcome) -> Void) {
        let server = server
        loop.post { server.value.beginDrain(deadline: deadline, whenDrained: whenDrained) }
    }

    /// Ends the loop and waits for its thread.
    func stop() {
        loop.stop()
        thread.join()
        heartbeat.value.cancel()
    }
}

extension IngressLimits {
    /// - Parameter share: over how many loops the connections spread.
    init(_ limits: ListenSettings.Limits, share: Int) {
        self.init()
        headerByteCount = limits.headerByteCount
        bodyByteCount = limits.bodyByteCount
        idleTimeout = limits.idleTimeout
        requestDeadline = limits.requestTimeout
        maxConnections = max(1, limits.connectionCount / share)
    }
}
