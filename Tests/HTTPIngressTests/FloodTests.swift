import Glibc
import HTTPIngress
import Reactor
import Testing

/// Thousands of connections that mean no good, and a few that do.
@Suite("Floods", .serialized, .enabled(if: Descriptors.allow(12_000)))
struct FloodTests {
    private static let count = 5_000

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

    private var limits: IngressLimits {
        var limits = IngressLimits()
        limits.headerDeadline = .seconds(3)
        limits.requestDeadline = .seconds(4)
        limits.backlog = 4_096
        return limits
    }

    @Test("5,000 connections that are idle, drip headers or drip bodies delay nobody, and the dripping ones are cut")
    func drips() throws {
        let server = try TestServer(limits: limits)
        let idle = open(Self.count / 5, server)
        let heads = open(Self.count * 2 / 5, server, sending: "POST /slow HTTP/1.1\r\nHost: h\r\nX: ")
        let bodies = open(
            Self.count * 2 / 5, server, sending: "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n")
        #expect(eventually { server.counters.connectionsOpen == Self.count })
        var turn = 0
        let slowest = slowestAnswer(server) {
            for index in 0..<100 {
                heads[(turn + index) % heads.count].send("x")
                bodies[(turn + index) % bodies.count].send("x")
            }
            turn += 100
        }
        #expect(slowest < .seconds(1))
        let dripping = UInt64(heads.count + bodies.count)
        #expect(eventuallyWithin(milliseconds: 8_000) { server.counters.deadlineCuts == dripping })
        #expect(eventually { server.counters.connectionsOpen == idle.count })
        #expect(server.counters.connectionsRefused == 0 && server.counters.connectionsEvicted == 0)
    }

    @Test("5,000 idle connections against a cap of 500: the oldest go, and honest requests are answered")
    func idleFlood() throws {
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
        #expect(slowest < .seconds(1))
        #expect(server.counters.connectionsEvicted >= 1_000)
        #expect(server.counters.connectionsOpen <= 501)
        #expect(flood[0].readToEnd() == "")
    }

    @Test("connections that drip headers hold the cap no longer than a sweep")
    func dripsAtCap() throws {
        var limits = limits
        limits.maxConnections = 200
        limits.sweepPeriod = .milliseconds(50)
        let server = try TestServer(limits: limits)
        let drips = open(200, server, sending: "GET / HT")
        eventually { server.counters.connectionsOpen == 200 }
        _ = eventuallyWithin(milliseconds: 100) { false }
        #expect(slowestAnswer(server, requests: 3) < .seconds(1))
        #expect(server.counters.connectionsEvicted >= 3)
        #expect(server.counters.deadlineCuts == 0)
        _ = drips
    }
}

enum Descriptors {
    /// Raises the limit of open files as far as needed and allowed.
    static func allow(_ count: UInt) -> Bool {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < count else { return true }
        limit.rlim_cur = min(count, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_cur >= count
    }
}
