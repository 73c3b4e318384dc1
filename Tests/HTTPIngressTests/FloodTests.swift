import Glibc
import HTTPIngress
import Reactor
import Testing

/// Thousands of connections that mean no good, and a few that do; each flood in a process of its own, whose open files
/// are nobody else's.
@Suite("Floods", .serialized, .enabled(if: Descriptors.allows(12_000)))
struct FloodTests {
    @Test("5,000 connections that are idle, drip headers or drip bodies delay nobody, and the dripping ones are cut")
    func drips() async {
        await #expect(processExitsWith: .success) { try Flood().drips() }
    }

    @Test("5,000 idle connections against a cap of 500: the oldest go, and honest requests are answered")
    func idleFlood() async {
        await #expect(processExitsWith: .success) { try Flood().idleOverCap() }
    }

    @Test("connections that drip headers hold the cap no longer than a sweep")
    func dripsAtCap() async {
        await #expect(processExitsWith: .success) { try Flood().dripsAtCap() }
    }
}

private struct Flood {
    struct Failure: Error {
        var what: String
    }

    private static let count = 5_000
    private var limits = IngressLimits()

    init() throws {
        try Descriptors.raise(to: 12_000)
        limits.headerDeadline = .seconds(3)
        limits.requestDeadline = .seconds(4)
        limits.backlog = 4_096
    }

    func drips() throws {
        let server = try TestServer(limits: limits)
        let idle = open(Self.count / 5, server)
        let heads = open(Self.count * 2 / 5, server, sending: "POST /slow HTTP/1.1\r\nHost: h\r\nX: ")
        let bodies = open(
            Self.count * 2 / 5, server, sending: "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n")
        try require(eventually { server.counters.connectionsOpen == Self.count }, "not all connections are open")
        var turn = 0
        let slowest = slowestAnswer(server) {
            for index in 0..<100 {
                heads[(turn + index) % heads.count].send("x")
                bodies[(turn + index) % bodies.count].send("x")
            }
            turn += 100
        }
        try require(slowest < .seconds(1), "an honest request took \(slowest)")
        let dripping = UInt64(heads.count + bodies.count)
        let areCut = eventuallyWithin(milliseconds: 8_000) { server.counters.deadlineCuts == dripping }
        try require(areCut, "\(server.counters.deadlineCuts) of \(dripping) were cut")
        try require(eventually { server.counters.connectionsOpen == idle.count }, "idle connections did not stay")
        try require(
            server.counters.connectionsRefused == 0 && server.counters.connectionsEvicted == 0, "the cap was reached")
    }

    func idleOverCap() throws {
        var limits = limits
        limits.maxConnections = 500
        limits.sweepPeriod = .milliseconds(50)
        let server = try TestServer(limits: limits)
        let flood = open(500, server)
        eventually { server.counters.connectionsOpen == 500 }
        _ = eventuallyWithin(milliseconds: 100) { false }
        var more: [RawClient] = []
        let slowest = slowestAnswer(server, requests: 45) {
            more += open(100, server)
            // As fast as a flood may be, a connection counts as idle only when a sweep has passed.
            _ = eventuallyWithin(milliseconds: 60) { false }
        }
        try require(slowest < .seconds(1), "an honest request took \(slowest)")
        try require(server.counters.connectionsEvicted >= 1_000, "\(server.counters.connectionsEvicted) were evicted")
        try require(server.counters.connectionsOpen <= 501, "\(server.counters.connectionsOpen) are open")
        try require(flood[0].readToEnd() == "", "the oldest is still open")
    }

    func dripsAtCap() throws {
        var limits = limits
        limits.maxConnections = 200
        limits.sweepPeriod = .milliseconds(50)
        let server = try TestServer(limits: limits)
        let drips = open(200, server, sending: "GET / HT")
        eventually { server.counters.connectionsOpen == 200 }
        _ = eventuallyWithin(milliseconds: 100) { false }
        let slowest = slowestAnswer(server, requests: 3)
        try require(slowest < .seconds(1), "an honest request took \(slowest)")
        try require(server.counters.connectionsEvicted >= 3, "\(server.counters.connectionsEvicted) were evicted")
        try require(server.counters.deadlineCuts == 0, "a deadline came first")
        _ = drips
    }

    private func require(_ condition: Bool, _ what: String) throws {
        if !condition { throw Failure(what: what) }
    }

    private func open(_ count: Int, _ server: TestServer, sending bytes: String = "") -> [RawClient] {
        (0..<count).map { _ in
            let client = RawClient(port: server.port)
            if !bytes.isEmpty { client.send(bytes) }
            return client
        }
    }

    /// Sends requests, each on a connection of its own, and gives the longest time that one took.
    private func slowestAnswer(_ server: TestServer, requests: Int = 50, meanwhile: () -> Void = {}) -> Duration {
        var slowest = Duration.zero
        for _ in 0..<requests {
            meanwhile()
            let start = LoopInstant.now()
            let client = RawClient(port: server.port)
            client.send("POST /honest HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
            guard client.readReply()?.status == 200 else { return .seconds(3_600) }
            slowest = max(slowest, LoopInstant.now().since(start))
        }
        return slowest
    }
}

/// The limit of open files.
private enum Descriptors {
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    static func allows(_ count: UInt) -> Bool { current.rlim_max >= count }

    static func raise(to count: UInt) throws {
        var limit = current
        limit.rlim_cur = max(limit.rlim_cur, count)
        guard setrlimit(resource, &limit) == 0 else { throw Flood.Failure(what: "the limit of open files stays") }
    }

    private static var current: rlimit {
        var limit = rlimit()
        getrlimit(resource, &limit)
        return limit
    }
}
