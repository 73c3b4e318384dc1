import Foundation
import HTTPEgress
import Testing

@testable import PinterestSandbox

/// The real thing on both ends: the relay's HTTP client against the sandbox on a port.
@Suite("SandboxServer")
struct SandboxServerTests {
    private let server: SandboxServer
    private let url: String

    init() throws {
        server = try SandboxServer(SandboxSettings(token: "t0"))
        try server.start()
        url = "http://127.0.0.1:\(server.port)/v5/ad_accounts/549755885175/events"
    }

    private func makeLoop() throws -> EgressLoop { try EgressLoop(identity: EgressIdentity(version: "0")) }

    /// An event whose time is the machine's.
    private func recent(_ id: String) -> String {
        event(time: "\(Int64(Date.now.timeIntervalSince1970))", id: "\"\(id)\"")
    }

    private func post(_ body: String, timeout: Duration = .seconds(10), on loop: EgressLoop) throws -> EgressResponse {
        loop.start(
            EgressRequest(
                id: 1, url: url, headerLines: ["Authorization: Bearer t0", "Content-Type: application/json"],
                body: Array(body.utf8), timeout: timeout))
        return try next(on: loop)
    }

    private func get(_ path: String, on loop: EgressLoop) throws -> [UInt8] {
        loop.start(EgressRequest(id: 2, method: .get, url: "http://127.0.0.1:\(server.port)\(path)"))
        guard case .answered(200, _, let body) = try next(on: loop).result else { return [] }
        return body
    }

    private func next(on loop: EgressLoop) throws -> EgressResponse {
        let deadline = ContinuousClock().now + .seconds(20)
        while ContinuousClock().now < deadline {
            if let response = loop.turn(maxWait: .milliseconds(200)).first { return response }
        }
        throw SandboxError("no response", 0)
    }

    private func failure(_ response: EgressResponse) -> CurlCode? {
        if case .failed(let error) = response.result { error.code } else { nil }
    }

    @Test("a batch goes in, an answer with the upstream's headers comes out, on one connection")
    func roundTrip() throws {
        let loop = try makeLoop()
        for turn in 0..<2 {
            let response = try post(body(recent("a"), recent("b\(turn)")), on: loop)
            #expect(response.openedConnections == (turn == 0 ? 1 : 0))
            guard case .answered(let status, let headers, let body) = response.result else {
                Issue.record("no answer")
                return
            }
            #expect(status == 200)
            #expect(headers.rateLimitRemaining == "\(119_999 - turn)")
            #expect(headers.rateLimitReset != nil && headers.requestID != nil)
            #expect(headers.contentType == "application/json")
            #expect(object(body)["num_events_processed"] as? Int == 2)
        }
        #expect(server.service.summary.duplicates == 1)
        #expect(object(try get("/sandbox/summary", on: loop))["unique_ids"] as? Int == 3)
    }

    @Test("a thousand events in one request")
    func largeBatch() throws {
        let response = try post(body((0..<1000).map { recent("id-\($0)") }), on: makeLoop())
        guard case .answered(200, _, _) = response.result else {
            Issue.record("\(response.result)")
            return
        }
        #expect(server.service.summary.uniqueIDs == 1000)
    }

    @Test("a hang gives nothing and takes nothing until the client's time is up")
    func hang() throws {
        server.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(.hang(taken: false))]))
        let response = try post(body(recent("a")), timeout: .milliseconds(60), on: makeLoop())
        #expect(failure(response) == .timedOut)
        #expect(server.service.summary.events == 0)
    }

    @Test("a reset ends the connection after the events were taken")
    func reset() throws {
        server.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(.reset(taken: true))]))
        #expect(failure(try post(body(recent("a")), on: makeLoop())) == .receiveFailed)
        #expect(server.service.summary.events == 1)
    }

    @Test("a truncated answer is announced whole and breaks off")
    func truncated() throws {
        server.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(.truncated)]))
        #expect(failure(try post(body(recent("a")), on: makeLoop())) == .partialAnswer)
    }

    @Test("a dripped answer takes its time and comes whole")
    func drip() throws {
        server.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(.drip(bytesPerSecond: 8_000))]))
        let response = try post(body(recent("a")), on: makeLoop())
        #expect(failure(response) == nil)
        #expect(response.totalMicros >= 40_000)
    }

    @Test("latency is added to every answer")
    func latency() throws {
        var faults = SandboxFaults()
        faults.latency = .milliseconds(30)
        server.service.setFaults(faults)
        #expect(try post(body(recent("a")), on: makeLoop()).totalMicros >= 30_000)
    }

    @Test("stopping ends the wait of those who hang, and the port")
    func stop() throws {
        server.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(.hang(taken: false))]))
        let loop = try makeLoop()
        loop.start(EgressRequest(id: 1, url: url, body: [1]))
        _ = loop.turn(maxWait: .milliseconds(30))
        server.stop()
        #expect(failure(try next(on: loop)) != nil)
        #expect(failure(try post(body(recent("a")), on: loop)) == .cannotConnect)
    }

    @Test("a taken port is an error with its number")
    func takenPort() throws {
        var settings = SandboxSettings(token: "t0")
        settings.port = server.port
        #expect(throws: SandboxError("bind", 98)) { try SandboxServer(settings) }
        settings.address = "localhost"
        #expect(throws: SandboxError.self) { try SandboxServer(settings) }
    }
}
