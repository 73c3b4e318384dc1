import HTTPIngress
import Reactor
import Testing

@Suite("Room for connections and their input")
struct RoomTests {
    private static let bodyByteCount = 100_000

    /// Room for four bodies.
    private static var fourBodies: IngressLimits {
        var limits = IngressLimits.forTests
        limits.bodyByteCount = bodyByteCount
        limits.refusedBodyByteCount = 0
        limits.unfinishedByteCount = 0
        limits.requestDeadline = .seconds(20)
        return limits
    }

    @Test("bodies that lack their last bytes take up no more than the limit, and honest requests are answered")
    func unfinishedBodies() throws {
        let server = try TestServer(limits: Self.fourBodies)
        let flood = (0..<20).map { _ in
            let client = RawClient(port: server.port)
            client.send(post(Self.bodyByteCount, missing: 9))
            return client
        }
        #expect(eventually { server.counters.connectionsEvicted >= 16 })
        #expect(eventually { server.counters.connectionsOpen <= 4 })
        #expect(flood[0].readToEnd() == "")
        #expect(server.onLoop { $0.server.heldByteCount } <= 4 * Self.bodyByteCount)
        let honest = RawClient(port: server.port)
        honest.send(post(Self.bodyByteCount))
        #expect(honest.readReply()?.status == 200)
        #expect(server.counters.deadlineCuts == 0)
    }

    @Test("bodies that stand still go before a larger one that is coming in")
    func standingBodies() throws {
        let server = try TestServer(limits: Self.fourBodies)
        let standing = (0..<6).map { _ in
            let client = RawClient(port: server.port)
            client.send(post(Self.bodyByteCount, missing: Self.bodyByteCount * 2 / 5))
            return client
        }
        #expect(eventually { server.onLoop { $0.server.heldByteCount } >= 6 * Self.bodyByteCount * 3 / 5 })
        _ = eventuallyWithin(milliseconds: 300) { false }
        let honest = RawClient(port: server.port)
        let request = post(Self.bodyByteCount)
        honest.send(String(request.dropLast(9)))
        #expect(eventually { server.counters.connectionsEvicted >= 1 })
        honest.send(String(request.suffix(9)))
        #expect(honest.readReply()?.status == 200)
        _ = standing
    }

    @Test("a body that comes byte by byte counts with the blocks it is kept in")
    func byteByByte() throws {
        let server = try TestServer(limits: Self.fourBodies)
        let client = RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n")
        for _ in 0..<5 {
            client.send("x")
            _ = eventuallyWithin(milliseconds: 20) { false }
        }
        #expect(server.onLoop { $0.server.heldByteCount } >= 3 * 1_024)
    }

    @Test("what is answered, refused, cut or left behind is not counted any more")
    func nothingStays() throws {
        let server = try TestServer(limits: Self.fourBodies)
        let held = { server.onLoop { $0.server.heldByteCount } }
        let kept = RawClient(port: server.port)
        kept.send(post(50_000) + post(3) + post(20_000))
        for _ in 0..<3 { #expect(kept.readReply()?.status == 200) }
        #expect(eventually { held() == 0 })
        let refused = RawClient(port: server.port)
        refused.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz")
        #expect(refused.readReply()?.status == 400)
        let left = RawClient(port: server.port)
        left.send(post(50_000, missing: 9))
        #expect(eventually { held() >= 40_000 })
        refused.reset()
        left.reset()
        #expect(eventually { held() == 0 })
        kept.send(post(3))
        #expect(kept.readReply()?.status == 200)
    }

    @Test("over the cap, connections that never sent a whole request go before an idle one that did")
    func unfinishedGoFirst() throws {
        var limits = Self.fourBodies
        limits.maxConnections = 3
        limits.firstRequestGrace = .milliseconds(50)
        let server = try TestServer(limits: limits)
        let good = RawClient(port: server.port)
        #expect(isServed(good))
        let inHead = RawClient(port: server.port)
        inHead.send("G")
        let inBody = RawClient(port: server.port)
        inBody.send(post(100, missing: 9))
        _ = eventuallyWithin(milliseconds: 150) { false }
        let newcomers = (0..<2).map { _ in RawClient(port: server.port) }
        for newcomer in newcomers { #expect(isServed(newcomer)) }
        #expect(inHead.readToEnd() == "")
        #expect(inBody.readToEnd() == "")
        #expect(isServed(good))
        #expect(server.counters.connectionsEvicted == 2)
        #expect(server.counters.connectionsRefused == 0)
    }

    @Test("over the cap, a connection that has sent nothing goes before one that rests between requests")
    func silentGoBeforeIdle() throws {
        var limits = Self.fourBodies
        limits.maxConnections = 2
        limits.firstRequestGrace = .seconds(20)
        let server = try TestServer(limits: limits)
        let good = RawClient(port: server.port)
        #expect(isServed(good))
        let silent = RawClient(port: server.port)
        eventually { server.counters.connectionsOpen == 2 }
        _ = eventuallyWithin(milliseconds: 100) { false }
        #expect(isServed(RawClient(port: server.port)))
        #expect(silent.readToEnd() == "")
        #expect(isServed(good))
    }

    private func isServed(_ client: RawClient) -> Bool {
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        return client.readReply()?.status == 200
    }

    private func post(_ byteCount: Int, missing: Int = 0) -> String {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(byteCount)\r\n\r\n"
            + String(repeating: "x", count: byteCount - missing)
    }
}
