import HTTPIngress
import Reactor
import Settings
import Synchronization
import Telemetry

/// A thread with one event loop and one HTTP server on it; the ingress threads and the admin thread are such.
///
/// `init` takes the port and may fail; ``start()`` starts the thread, which owns loop and server until ``stop()``.
/// Clients that connect in between wait in the kernel's queue.
final class LoopThread: Sendable {
    let loop: EventLoop
    let port: UInt16
    let counters: IngressCounters
    private let server: LoopBound<IngressServer>
    private let heartbeat: LoopBound<LoopTimer>
    private let thread = Mutex<WorkerThread?>(nil)

    /// - Parameters:
    ///   - sharesPort: several loops listen on this port.
    ///   - beat: called on the loop every second: the proof that it turns.
    init(
        loop: EventLoop, address: String, port: UInt16, sharesPort: Bool, limits: IngressLimits,
        handler: any RequestHandling, certificate: TLSCertificate? = nil, beat: @escaping () -> Void
    ) throws {
        let server = try IngressServer(loop: loop, limits: limits, handler: handler, certificate: certificate)
        do throws(IngressError) {
            try server.listen(address: address, port: port, sharesPort: sharesPort)
        } catch {
            throw ListenFault(address: address, port: port, cause: error)
        }
        self.loop = loop
        self.port = server.boundPort ?? port
        counters = server.counters
        self.server = LoopBound(server, on: loop)
        let timer = LoopTimer(on: loop, action: beat)
        timer.schedule(every: .seconds(1))
        heartbeat = LoopBound(timer, on: loop)
    }

    func start() throws {
        heartbeat.value.fireNow()
        let loop = loop
        let started = try WorkerThread(name: loop.name) { loop.run() }
        thread.withLock { $0 = started }
    }

    /// Replies end their connections from now on, so that clients move elsewhere.
    func announceEnd() {
        let server = server
        loop.post { server.value.announceEnd() }
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
        thread.withLock { $0.take() }?.join()
        heartbeat.value.cancel()
    }
}

/// A port that cannot be taken, with the next step.
struct ListenFault: Error, CustomStringConvertible {
    let address: String
    let port: UInt16
    let cause: IngressError

    var description: String {
        "cannot listen on \(address):\(port) (\(cause)); if another process is there, stop it or choose another port"
    }
}

extension IngressLimits {
    /// - Parameter share: over how many loops the connections spread.
    init(_ limits: ListenSettings.Limits, share: Int) {
        self.init()
        headerByteCount = limits.headerByteCount
        bodyByteCount = limits.bodyByteCount
        // What is read beyond the cap only to be refused in our own words costs memory too.
        refusedBodyByteCount = min(256 << 10, limits.bodyByteCount)
        idleTimeout = limits.idleTimeout
        headerDeadline = limits.headerTimeout
        handshakeDeadline = limits.headerTimeout
        requestDeadline = limits.requestTimeout
        maxConnections = max(1, limits.connectionCount / share)
    }
}
