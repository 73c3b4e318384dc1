import Glibc
import HTTPIngress
import Reactor
import Synchronization

/// A server on its own loop and thread, with a handler made of closures.
final class TestServer: Sendable {
    let loop: EventLoop
    let counters: IngressCounters
    let port: UInt16
    private let bound: LoopBound<Parts>
    private let thread: WorkerThread

    final class Parts {
        let server: IngressServer
        let handler: ScriptedHandler

        init(server: IngressServer, handler: ScriptedHandler) {
            self.server = server
            self.handler = handler
        }
    }

    init(
        limits: IngressLimits = .forTests, port: UInt16 = 0, address: String = "127.0.0.1",
        certificate: TLSCertificate? = nil,
        _ script: @escaping ScriptedHandler.Script = { _, reply, _ in reply.send(.hello) }
    ) throws {
        let loop = try EventLoop(name: "ingress")
        let handler = ScriptedHandler(script)
        let server = try IngressServer(loop: loop, limits: limits, handler: handler, certificate: certificate)
        try server.listen(address: address, port: port)
        self.loop = loop
        self.port = server.boundPort ?? 0
        counters = server.counters
        bound = LoopBound(Parts(server: server, handler: handler), on: loop)
        thread = try WorkerThread(name: "ingress") { loop.run() }
    }

    deinit {
        loop.stop()
        thread.join()
        bound.value.handler.parked.takeAll { $0.send(.hello) }
    }

    /// Runs on the loop and waits for the result.
    func onLoop<Value: Sendable>(_ body: @escaping @Sendable (Parts) -> Value) -> Value {
        let box = ResultBox<Value>()
        loop.post { [bound] in box.set(body(bound.value)) }
        return box.wait()
    }

    func parkedCount() -> Int { onLoop { $0.handler.parked.count } }

    func drain(deadline: Duration) -> ResultBox<DrainOutcome> {
        let box = ResultBox<DrainOutcome>()
        loop.post { [bound] in
            bound.value.server.beginDrain(deadline: deadline) { box.set($0) }
        }
        return box
    }
}

final class ScriptedHandler: RequestHandling {
    typealias Script = @Sendable (borrowing RequestView, consuming ReplyHandle, ScriptedHandler) -> Void

    let parked = ParkedReplies(capacity: 100)
    var tickets: [UInt64] = []
    private(set) var turnedAwayStatuses: [Int] = []
    private let script: Script

    init(_ script: @escaping Script) { self.script = script }

    func handle(_ request: borrowing RequestView, _ reply: consuming ReplyHandle) {
        script(request, reply, self)
    }

    func turnedAway(status: Int) { turnedAwayStatuses.append(status) }

    func park(_ reply: consuming ReplyHandle) {
        if let ticket = parked.park(reply) { tickets.append(ticket) }
    }
}

/// A value that another thread delivers.
final class ResultBox<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func set(_ new: Value) { value.withLock { $0 = new } }
    func get() -> Value? { value.withLock { $0 } }

    func wait() -> Value {
        eventually { self.get() != nil }
        guard let value = get() else { preconditionFailure("nothing came within 5 s") }
        return value
    }
}

/// Waits until a condition holds, at most 5 s.
@discardableResult
func eventually(_ condition: () -> Bool) -> Bool {
    let start = LoopInstant.now()
    while !condition() {
        if LoopInstant.now().since(start) > .seconds(5) { return false }
        usleep(2_000)
    }
    return true
}

extension Reply {
    static let hello = Reply(.ok, contentType: "text/plain", body: .fixed("hello"))
    static let empty = Reply(.noContent)

    static func text(_ text: String) -> Reply {
        Reply(.ok, contentType: "text/plain", body: .bytes(Array(text.utf8)))
    }
}

extension IngressLimits {
    /// Short times, small sizes.
    static var forTests: IngressLimits {
        var limits = IngressLimits()
        limits.headerByteCount = 2_000
        limits.bodyByteCount = 1_000
        limits.refusedBodyByteCount = 1_000
        limits.requestDeadline = .milliseconds(300)
        limits.replyDeadline = .milliseconds(300)
        limits.sweepPeriod = .milliseconds(20)
        limits.idleTimeout = .seconds(5)
        return limits
    }
}

extension Span<UInt8> {
    var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
}

/// Waits until a condition holds, at most the time given.
func eventuallyWithin(milliseconds: Int64, _ condition: () -> Bool) -> Bool {
    let start = LoopInstant.now()
    while !condition() {
        if LoopInstant.now().since(start) > .milliseconds(milliseconds) { return false }
        usleep(2_000)
    }
    return true
}
