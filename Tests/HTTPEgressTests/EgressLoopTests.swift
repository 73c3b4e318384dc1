import Foundation
import HTTPEgress
import Testing

@Suite("EgressLoop")
struct EgressLoopTests {
    @Test("a request arrives as it was given and its answer comes back")
    func roundTrip() throws {
        let server = try StubServer { _ in .answer("201 Created", body: "taken") }
        defer { server.stop() }
        let loop = try makeLoop()
        let request = EgressRequest(
            id: 7, url: server.url, headerLines: ["Authorization: Bearer t0", "Content-Type: application/json"],
            body: Array("{\"data\":[]}".utf8))
        let (status, _, body) = try answer(of: request, on: loop)
        #expect(status == 201)
        #expect(body == Array("taken".utf8))
        let seen = try #require(server.requests.first)
        #expect(seen.head.hasPrefix("POST /events HTTP/1.1\r\n"))
        #expect(seen.header("authorization") == "Bearer t0")
        #expect(seen.header("content-type") == "application/json")
        #expect(seen.header("user-agent") == "pinrelay/1.2.3")
        #expect(seen.body == request.body)
        #expect(loop.inFlightCount == 0)
    }

    @Test("a large body is sent whole and without asking for leave")
    func largeBody() throws {
        let server = try StubServer { request in .answer(body: String(request.body.count)) }
        defer { server.stop() }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        let (_, _, answered) = try answer(of: EgressRequest(id: 1, url: server.url, body: body), on: makeLoop())
        #expect(answered == Array("\(3 << 20)".utf8))
        #expect(server.requests.first?.header("expect") == nil)
    }

    @Test("a second request uses the first one's connection")
    func keepAlive() throws {
        let server = try StubServer { _ in .answer(body: "ok") }
        defer { server.stop() }
        let loop = try makeLoop()
        let first = try outcome(of: EgressRequest(id: 1, url: server.url), on: loop)
        let second = try outcome(of: EgressRequest(id: 2, url: server.url), on: loop)
        #expect(first.openedConnections == 1)
        #expect(second.openedConnections == 0)
        #expect(server.requests.map(\.connection) == [0, 0])
    }

    @Test("nothing of a request is left for the next one")
    func noLeftovers() throws {
        let server = try StubServer { request in .answer(body: String(request.body.count)) }
        defer { server.stop() }
        let loop = try makeLoop()
        _ = try answer(of: EgressRequest(id: 1, url: server.url, headerLines: ["X-One: 1"], body: [1, 2]), on: loop)
        let (_, _, body) = try answer(of: EgressRequest(id: 2, method: .get, url: server.url), on: loop)
        #expect(body == Array("0".utf8))
        #expect(server.requests.last?.header("x-one") == nil)
        #expect(server.requests.last?.head.hasPrefix("GET ") == true)
    }

    @Test("many requests at once all end, on no more connections than allowed")
    func concurrency() throws {
        let server = try StubServer { _ in .answer(body: "ok") }
        defer { server.stop() }
        var limits = EgressLimits()
        limits.maxConnections = 3
        let loop = try makeLoop(limits)
        for id in 1...40 { loop.start(EgressRequest(id: UInt64(id), url: server.url, body: [1])) }
        #expect(loop.inFlightCount == 40)
        let ended = collect(40, from: loop)
        #expect(Set(ended.map(\.id)) == Set(1...40))
        #expect(Set(server.requests.map(\.connection)).count <= 3)
    }

    @Test("the kept headers come back and the others do not count")
    func headers() throws {
        let server = try StubServer { _ in
            .answer(
                "429 Too Many Requests",
                headers: [
                    "Retry-After: 12", "X-RateLimit-Reset:58  ", "x-ratelimit-remaining: 119999",
                    "X-Pinterest-RID: 4711", "Content-Type: application/json", "Set-Cookie: a=b",
                ])
        }
        defer { server.stop() }
        let (status, headers, _) = try answer(of: EgressRequest(id: 1, url: server.url), on: makeLoop())
        #expect(status == 429)
        #expect(
            headers
                == EgressHeaders(
                    retryAfter: "12", rateLimitReset: "58", rateLimitRemaining: "119999", requestID: "4711",
                    contentType: "application/json"))
    }

    @Test("an interim answer's headers do not count")
    func interimAnswer() throws {
        let server = try StubServer { _ in
            .send("HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let (status, headers, _) = try answer(of: EgressRequest(id: 1, url: server.url), on: makeLoop())
        #expect(status == 200)
        #expect(headers == EgressHeaders())
    }

    @Test("a header value that is too long or not printable is dropped")
    func oddHeaders() throws {
        let server = try StubServer { _ in
            .answer(headers: ["Retry-After: \(String(repeating: "9", count: 300))", "X-Pinterest-RID: a\u{1}b"])
        }
        defer { server.stop() }
        let (_, headers, _) = try answer(of: EgressRequest(id: 1, url: server.url), on: makeLoop())
        #expect(headers == EgressHeaders())
    }

    @Test("a redirect is an answer and is not followed")
    func redirect() throws {
        let server = try StubServer { _ in .answer("302 Found", headers: ["Location: /elsewhere"]) }
        defer { server.stop() }
        let (status, _, _) = try answer(of: EgressRequest(id: 1, url: server.url), on: makeLoop())
        #expect(status == 302)
        #expect(server.requests.count == 1)
    }

    @Test("a waker ends the wait from another thread")
    func wakeFromAnotherThread() throws {
        let loop = try makeLoop()
        let waker = loop.waker
        Thread.detachNewThread {
            usleep(20_000)
            waker.wake()
        }
        let elapsed = ContinuousClock().measure { #expect(loop.turn(maxWait: .seconds(30)).isEmpty) }
        #expect(elapsed < .seconds(10))
    }

    @Test("a wake-up before the wait is not lost, and one after the loop is gone does nothing")
    func wakeEarlyAndLate() throws {
        var loop: EgressLoop? = try makeLoop()
        let waker = try #require(loop?.waker)
        waker.wake()
        let elapsed = ContinuousClock().measure { _ = loop?.turn(maxWait: .seconds(30)) }
        #expect(elapsed < .seconds(10))
        loop = nil
        waker.wake()
    }

    @Test("a turn without work waits as long as it is told")
    func idleTurn() throws {
        let loop = try makeLoop()
        let elapsed = ContinuousClock().measure { #expect(loop.turn(maxWait: .milliseconds(30)).isEmpty) }
        #expect(elapsed >= .milliseconds(29))
    }

    @Test("cancelled requests give their ids back, and the loop goes on")
    func cancel() throws {
        let server = try StubServer { request in request.body == [1] ? .hang : .answer(body: "ok") }
        defer { server.stop() }
        let loop = try makeLoop()
        loop.start(EgressRequest(id: 1, url: server.url, body: [1]))
        loop.start(EgressRequest(id: 2, url: server.url, body: [1]))
        #expect(loop.turn(maxWait: .milliseconds(20)).isEmpty)
        #expect(loop.cancelAll().sorted() == [1, 2])
        #expect(loop.inFlightCount == 0)
        let (status, _, _) = try answer(of: EgressRequest(id: 3, url: server.url, body: [2]), on: loop)
        #expect(status == 200)
    }

    @Test("a loop may go away with requests in flight")
    func dropInFlight() throws {
        let server = try StubServer { request in request.body == [1] ? .hang : .answer() }
        defer { server.stop() }
        do {
            let loop = try makeLoop()
            loop.start(EgressRequest(id: 1, url: server.url, body: [1]))
            #expect(loop.turn(maxWait: .milliseconds(20)).isEmpty)
        }
        let (status, _, _) = try answer(of: EgressRequest(id: 2, url: server.url), on: makeLoop())
        #expect(status == 200)
    }

    @Test("a request prints without its token and body")
    func redaction() {
        let request = EgressRequest(id: 9, url: "https://x.test", headerLines: ["Authorization: Bearer s3cret"])
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!"\(request) \(String(reflecting: request)) \(dumped)".contains("s3cret"))
    }
}
