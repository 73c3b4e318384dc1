import Foundation
import Glibc
import RelayTestKit
import Testing

/// Each trouble that an upstream can make, from the built sandbox, against the built relay. In the suite a fault holds for
/// a moment; `make faults` lets each hold for long.
@Suite("Upstream faults: intake answers success, the relay stays ready, all arrives, the sums add up", .serialized)
struct FaultMatrixTests {
    /// A fault that holds until it is taken away.
    static let lastingFaults: [(String, String)] = [
        ("latency", #"{"latency_ms":300}"#),
        ("hang", #"{"steps":[{"kind":"hang"}]}"#),
        ("hang after taking the events", #"{"steps":[{"kind":"hang","taken":true}]}"#),
        ("reset", #"{"steps":[{"kind":"reset"}]}"#),
        ("reset after taking the events", #"{"steps":[{"kind":"reset","taken":true}]}"#),
        ("reset in mid-body", #"{"steps":[{"kind":"reset_mid_body"}]}"#),
        ("truncated answer", #"{"steps":[{"kind":"truncated"}]}"#),
        ("slow drip", #"{"steps":[{"kind":"drip","bytes_per_second":40}]}"#),
        ("500", #"{"steps":[{"kind":"status","status":500}]}"#),
        ("503", #"{"steps":[{"kind":"status","status":503}]}"#),
        ("429 without headers", #"{"steps":[{"kind":"status","status":429}]}"#),
        ("429 with X-RateLimit-Reset", #"{"steps":[{"kind":"status","status":429,"reset":1}]}"#),
        ("429 with Retry-After", #"{"steps":[{"kind":"status","status":429,"retry_after":1}]}"#),
        ("401", #"{"steps":[{"kind":"status","status":401}]}"#),
        ("403", #"{"steps":[{"kind":"status","status":403}]}"#),
        ("404", #"{"steps":[{"kind":"status","status":404}]}"#),
    ]

    /// A fault of so many answers: lasting ones would end in dead letters, as they should.
    static let passingFaults: [(String, String)] = [
        (
            "burst of 5xx",
            #"{"steps":[{"kind":"status","status":502,"count":3},{"kind":"pass","count":1},"#
                + #"{"kind":"status","status":503,"count":5}]}"#
        ),
        ("malformed JSON", #"{"steps":[{"kind":"malformed","count":3}]}"#),
        ("wrong length of the list", #"{"steps":[{"kind":"short_list","count":3}]}"#),
        ("wrong Content-Length", #"{"steps":[{"kind":"wrong_length","count":3}]}"#),
        ("400 for a whole request", #"{"steps":[{"kind":"status","status":400,"count":1}]}"#),
    ]

    @Test("a fault that lasts", arguments: lastingFaults.map(\.0))
    func lasting(name: String) throws {
        let fault = try #require(Self.lastingFaults.first { $0.0 == name })
        let stage = try FaultStage()
        try stage.setFaults(fault.1)
        try stage.sendWhileFaulty()
        try stage.setFaults("{}")
        try stage.send()
        try stage.expectAllArrived()
    }

    @Test("a fault that passes", arguments: passingFaults.map(\.0))
    func passing(name: String) throws {
        let fault = try #require(Self.passingFaults.first { $0.0 == name })
        let stage = try FaultStage()
        let rounds = FaultStage.isLong ? 20 : 1
        for _ in 0..<rounds {
            try stage.setFaults(fault.1)
            // A whole batch first, so that a refused request has two halves.
            try stage.send(40)
            try stage.sendWhileFaulty(for: FaultStage.holdSeconds / Double(rounds))
            try stage.setFaults("{}")
        }
        try stage.expectAllArrived()
    }

    @Test("events that fail among others become dead letters, the others are delivered", arguments: [200, 422])
    func mixed(status: Int) throws {
        let stage = try FaultStage()
        let bad = ["3", "17", "25"].map { "\"\(stage.id($0))\"" }.joined(separator: ",")
        try stage.setFaults(#"{"bad_event_ids":[\#(bad)],"mixed_status":\#(status)}"#)
        try stage.send(40)
        try stage.expectAllArrived(dead: 3)
    }

    @Test("an upstream that refuses connections")
    func refusedConnections() throws {
        let stage = try FaultStage()
        stage.killSandbox()
        try stage.sendWhileFaulty()
        try stage.restartSandbox()
        try stage.send()
        try stage.expectAllArrived()
    }

    @Test("a 401 and an untrusted certificate raise the alarm metric; it ends with the fault")
    func alarm() throws {
        let stage = try FaultStage()
        try stage.setFaults(#"{"steps":[{"kind":"status","status":401}]}"#)
        try stage.send()
        #expect(try stage.waitForStop("refused"))
        try stage.setFaults("{}")
        try stage.expectAllArrived()
        #expect(
            FaultStage.sum(try RelayStack.metrics(adminPort: stage.adminPort), "pinrelay_upstream_stopped") == 0)
    }
}

/// Trouble below HTTP, against real TLS and real names.
@Suite("Upstream faults: certificates and addresses", .serialized)
struct TransportFaultTests {
    static var hasTLS: Bool {
        [ClientFiles.python, "/usr/bin/openssl"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A certificate that signs itself, for this name.
    private func certificate(_ file: String, _ name: String, in folder: TemporaryFolder) throws {
        let maker = try BinaryProcess(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", "\(folder.path)/\(file).key",
                "-out", "\(folder.path)/\(file).pem",
            ], executable: "/usr/bin/openssl")
        #expect(maker.exitCode() == 0, "\(maker.output)")
    }

    private func proxy(_ certificate: String, _ port: Int, to upstream: Int, _ folder: TemporaryFolder) throws
        -> (BinaryProcess, Int)
    {
        let process = try BinaryProcess(
            [
                "-B", ClientFiles.path("tls_proxy.py"), "\(folder.path)/\(certificate).pem",
                "\(folder.path)/\(certificate).key", "\(port)", "\(upstream)",
            ], executable: ClientFiles.python)
        return (process, try #require(process.number(after: "listening on "), "\(process.output)"))
    }

    @Test(
        "a TLS server with a certificate that is not trusted, or names another host, stops the account and keeps its queue",
        .enabled(if: hasTLS), arguments: ["untrusted", "misnamed"])
    func certificates(wrong: String) throws {
        let folder = TemporaryFolder()
        try certificate("good", "IP:127.0.0.1", in: folder)
        try certificate("untrusted", "IP:127.0.0.1", in: folder)
        try certificate("misnamed", "DNS:other.example", in: folder)
        let trusted = ["good", "misnamed"].map {
            (try? String(contentsOfFile: "\(folder.path)/\($0).pem", encoding: .utf8)) ?? ""
        }
        let bundle = try folder.write("trusted.pem", trusted.joined())
        let configuration = FaultStage.configuration
            .replacing("name_cache: 1s", with: "name_cache: 1s, ca_file: \"\(bundle)\"")
        var server: BinaryProcess?
        var port = 0
        let stage = try FaultStage(
            upstream: { sandboxPort in
                if let started = try? proxy(wrong, 0, to: sandboxPort, folder) { (server, port) = started }
                return "https://127.0.0.1:\(port)"
            }, configuration: configuration)
        try stage.sendWhileFaulty()
        #expect(try stage.waitForStop("unreachable"))
        #expect(try ArrivalCounts(sandboxPort: stage.sandboxPort).byID.isEmpty)
        server?.kill(SIGKILL)
        _ = server?.exitCode()
        let (good, _) = try proxy("good", port, to: stage.sandboxPort, folder)
        try stage.send()
        try stage.expectAllArrived()
        good.kill(SIGKILL)
    }

    @Test("a server that speaks no TLS is retried until it does", .enabled(if: hasTLS))
    func noTLS() throws {
        let stage = try FaultStage(upstream: { "https://127.0.0.1:\($0)" })
        try stage.sendWhileFaulty()
        #expect(try TestHTTPClient.get(port: stage.publicPort, "/readyz").status == 200)
        #expect(try RelayStack.metrics(adminPort: stage.adminPort)["pinrelay_events_unaccounted"] == 0)
        #expect(stage.relay.isRunning)
    }

    /// A file of its own in the place of `/etc/hosts` takes root.
    static var canChangeHosts: Bool {
        geteuid() == 0
            && (try? BinaryProcess(["-m", "true"], executable: "/usr/bin/unshare"))?.exitCode() == 0
    }

    @Test("a host that moves to another address is followed", .enabled(if: canChangeHosts))
    func movedHost() throws {
        let folder = TemporaryFolder()
        let first = try BinaryProcess(["sandbox", "--port", "0", "--token", RelayStack.token])
        let port = try #require(first.number(after: "listening on http://127.0.0.1:"))
        let hosts = try folder.write("hosts", "127.0.0.1 localhost upstream.test\n")
        let configuration = try folder.write("pinrelay.yaml", FaultStage.configuration)
        let relay = try BinaryProcess(
            [
                "-m", "sh", "-c",
                "mount --bind '\(hosts)' /etc/hosts && exec '\(BinaryProcess.binaryPath)' run --config '\(configuration)'",
            ],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": RelayStack.account, "PINTEREST_CONVERSION_TOKEN": RelayStack.token,
                "PINRELAY_LISTEN": "127.0.0.1:0", "PINRELAY_ADMIN": "127.0.0.1:0",
                "PINRELAY_UPSTREAM_URL": "http://upstream.test:\(port)",
                "PINRELAY_JOURNAL_PATH": folder.path + "/journal", "PINRELAY_DRAIN_PRE_STOP": "0",
                "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1",
            ], executable: "/usr/bin/unshare")
        let publicPort = try #require(relay.number(after: "\"public_port\":\""), "\(relay.output)")
        func send(_ id: String) throws {
            let event = """
                {"writeKey":"wk","event":"Order Completed","messageId":"\(id)","userId":"u",
                 "context":{"traits":{"email":"jane@example.com"}},"properties":{"value":1}}
                """
            #expect(try TestHTTPClient.post(port: publicPort, "/v1/track", event).status == 200)
        }
        try send("before")
        #expect(try ArrivalCounts.waiting(for: 1, sandboxPort: port).ids == ["before"])
        first.kill(SIGKILL)
        _ = first.exitCode()
        let second = try BinaryProcess(
            ["sandbox", "--address", "127.0.0.2", "--port", "\(port)", "--token", RelayStack.token])
        _ = try #require(second.number(after: "listening on http://127.0.0.2:"))
        try send("between")
        // In place: the relay sees this very file.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: hosts))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data("127.0.0.2 localhost upstream.test\n".utf8))
        try file.close()
        try send("after")
        // The second sandbox is on another loopback address; the relay's own count tells.
        let adminPort = try #require(relay.number(after: "\"admin_port\":\""))
        let arrived = try eventually(within: 40) {
            FaultStage.sum(try RelayStack.metrics(adminPort: adminPort), "pinrelay_events_delivered_total") == 3
        }
        #expect(arrived, "\(relay.output.suffix(2000))")
        second.kill(SIGKILL)
    }
}
