import Testing

@testable import HTTPEgress

@Suite("EgressLoop failures")
struct EgressFailureTests {
    @Test("no listener: the connect is refused, with the errno, and may be tried again")
    func refused() throws {
        let url = "http://127.0.0.1:\(try StubServer.freePort())/"
        let error = try failure(of: EgressRequest(id: 1, url: url), on: makeLoop())
        #expect(error.code == .cannotConnect)
        #expect(error.systemError == 111)
        #expect(error.disposition == .retry)
    }

    @Test("an answer that does not come in time ends the request")
    func timeout() throws {
        let server = try StubServer { _ in .hang }
        defer { server.stop() }
        let request = EgressRequest(id: 1, url: server.url, timeout: .milliseconds(50))
        let error = try failure(of: request, on: makeLoop())
        #expect(error.code == .timedOut)
        #expect(error.disposition == .retry)
    }

    @Test("the loop's own time limit holds where the request has none")
    func defaultTimeout() throws {
        let server = try StubServer { _ in .hang }
        defer { server.stop() }
        var limits = EgressLimits()
        limits.totalTimeout = .milliseconds(50)
        let error = try failure(of: EgressRequest(id: 1, url: server.url), on: makeLoop(limits))
        #expect(error.code == .timedOut)
    }

    @Test("a connection reset within the body is no answer")
    func resetInBody() throws {
        let server = try StubServer { _ in .reset("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart") }
        defer { server.stop() }
        let error = try failure(of: EgressRequest(id: 1, url: server.url, body: [1]), on: makeLoop())
        #expect([.receiveFailed, .partialAnswer].contains(error.code))
        #expect(error.disposition == .retry)
    }

    @Test("a connection closed within the body is no answer")
    func closedInBody() throws {
        let server = try StubServer { _ in .close("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart") }
        defer { server.stop() }
        let error = try failure(of: EgressRequest(id: 1, url: server.url, body: [1]), on: makeLoop())
        #expect(error.code == .partialAnswer)
    }

    @Test("a connection closed without a byte is no answer")
    func closedAtOnce() throws {
        let server = try StubServer { _ in .close("") }
        defer { server.stop() }
        let error = try failure(of: EgressRequest(id: 1, url: server.url, body: [1]), on: makeLoop())
        #expect(error.code == .noAnswer)
        #expect(error.disposition == .retry)
    }

    enum Oversize: CaseIterable {
        case announcedBody, unannouncedBody, headers

        var wire: String {
            let long = String(repeating: "x", count: 2000)
            return switch self {
            case .announcedBody: "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n\(long)"
            case .unannouncedBody: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\(long)"
            case .headers: "HTTP/1.1 200 OK\r\nX-Long: \(long)\r\nContent-Length: 0\r\n\r\n"
            }
        }
    }

    @Test("an answer beyond the caps fails, announced or not", arguments: Oversize.allCases)
    func responseCap(oversize: Oversize) throws {
        let server = try StubServer { _ in .close(oversize.wire) }
        defer { server.stop() }
        var limits = EgressLimits()
        limits.maxResponseBytes = 1000
        limits.maxHeaderBytes = 1000
        let error = try failure(of: EgressRequest(id: 1, url: server.url, body: [1]), on: makeLoop(limits))
        #expect(error.code == .responseTooLarge)
    }

    @Test("an answer at the cap is taken")
    func responseAtCap() throws {
        let server = try StubServer { _ in .answer(body: String(repeating: "x", count: 1000)) }
        defer { server.stop() }
        var limits = EgressLimits()
        limits.maxResponseBytes = 1000
        let (_, _, body) = try answer(of: EgressRequest(id: 1, url: server.url), on: makeLoop(limits))
        #expect(body.count == 1000)
    }

    @Test(
        "a URL that can never work is given up",
        arguments: ["ftp://127.0.0.1/x", "file:///etc/hostname", "http://", "https://exa mple.test/"])
    func badURL(url: String) throws {
        let error = try failure(of: EgressRequest(id: 1, url: url), on: makeLoop())
        #expect(error.disposition == .giveUp)
    }

    @Test("a header line that would add headers is refused", arguments: ["A: b\r\nC: d", "A: b\n", "A: \u{0}"])
    func headerInjection(line: String) throws {
        let server = try StubServer { _ in .answer() }
        defer { server.stop() }
        let error = try failure(of: EgressRequest(id: 1, url: server.url, headerLines: [line]), on: makeLoop())
        #expect(error.disposition == .bug)
        #expect(server.requests.isEmpty)
    }

    @Test("one request too many is answered so, and the others run on")
    func tooMany() throws {
        let server = try StubServer { _ in .answer() }
        defer { server.stop() }
        var limits = EgressLimits()
        limits.maxInFlight = 2
        let loop = try makeLoop(limits)
        for id in 1...3 { loop.start(EgressRequest(id: UInt64(id), url: server.url)) }
        let ended = collect(3, from: loop)
        let failed = ended.filter { if case .failed = $0.result { true } else { false } }
        #expect(failed.map(\.id) == [3])
        guard case .failed(let error)? = failed.first?.result else { return }
        #expect(error.code == .tooMany)
        #expect(error.disposition == .retry)
    }

    @Test("a plain server behind an https URL is no answer")
    func tlsAgainstPlain() throws {
        let server = try StubServer { _ in .answer() }
        defer { server.stop() }
        let error = try failure(of: EgressRequest(id: 1, url: "https://127.0.0.1:\(server.port)/"), on: makeLoop())
        #expect(error.code.rawValue == 35)
        #expect(error.disposition == .retry)
    }

    @Test(
        "each number of libcurl is to be retried, given up or a fault of ours; unknown ones are retried",
        arguments: [
            (5, .retry), (6, .retry), (7, .retry), (18, .retry), (28, .retry), (35, .retry), (52, .retry),
            (55, .retry), (56, .retry), (60, .retry), (63, .retry), (9_999, .retry), (1, .giveUp), (3, .giveUp),
            (58, .giveUp), (77, .giveUp), (2, .bug), (43, .bug), (48, .bug),
        ] as [(UInt32, CurlError.Disposition)])
    func disposition(number: UInt32, disposition: CurlError.Disposition) {
        let error = CurlError(CurlCode(rawValue: number), operation: "transfer")
        #expect(error.disposition == disposition)
        #expect(error.code.rawValue == number)
        #expect(!error.reason.isEmpty)
    }
}
