import Foundation
import HTTPIngress
import Reactor
import Testing

@Suite("TLS listener", .enabled(if: TestIdentity.isAvailable))
struct TLSTests {
    private let identity: TestIdentity
    private let certificate: TLSCertificate

    init() throws {
        identity = try TestIdentity()
        certificate = try TLSCertificate(certificatePath: identity.certificatePath, keyPath: identity.keyPath)
    }

    private func curl(_ server: TestServer, _ more: [String] = [], name: String = "first.example") -> Program.Result {
        Program.run(
            "curl",
            [
                "-sS", "--cacert", identity.certificatePath, "--resolve", "\(name):\(server.port):127.0.0.1",
                "https://\(name):\(server.port)/x",
            ] + more)
    }

    private func handshake(_ server: TestServer, _ more: [String]) -> Program.Result {
        Program.run("openssl", ["s_client", "-connect", "127.0.0.1:\(server.port)"] + more)
    }

    @Test("a real client verifies the certificate and is answered, over TLS 1.3 and over 1.2")
    func served() throws {
        let server = try TestServer(certificate: certificate)
        #expect(curl(server).output == "hello")
        #expect(curl(server, ["--tls-max", "1.2"]).output == "hello")
        #expect(server.counters.requestsReceived == 2)
        #expect(eventually { server.counters.connectionsOpen == 0 })
        #expect(server.counters.handshakesFailed == 0)
    }

    @Test("a connection is kept for the next request")
    func kept() throws {
        let server = try TestServer(certificate: certificate)
        let address = "https://first.example:\(server.port)/y"
        #expect(curl(server, [address, address]).output == "hellohellohello")
        #expect(server.counters.connectionsAccepted == 1)
    }

    @Test("large bodies pass in both directions, also with Expect: 100-continue")
    func largeBodies() throws {
        var limits = IngressLimits.forTests
        limits.bodyByteCount = 4_000_000
        limits.requestDeadline = .seconds(10)
        limits.replyDeadline = .seconds(10)
        let server = try TestServer(limits: limits, certificate: certificate) { request, reply, _ in
            reply.send(.text(request.withBody { $0.text }))
        }
        let body = (0..<300_000).map { "\($0)" }.joined(separator: ",")
        let path = identity.folder + "/body"
        try body.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(curl(server, ["--data-binary", "@\(path)"]).output == body)
        #expect(curl(server, ["--data-binary", "@\(path)", "-H", "Expect: 100-continue"]).output == body)
    }

    @Test("replies may come later, and pipelined requests are answered in order")
    func parked() throws {
        let server = try TestServer(certificate: certificate) { request, reply, handler in
            if request.withPath({ $0.text }) == "/park" { handler.park(reply) } else { reply.send(.text("second")) }
        }
        let requests = "GET /park HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        let release = Task.detached {
            eventually { server.parkedCount() == 1 }
            server.onLoop { parts in parts.handler.parked.takeAll { $0.send(.text("first")) } }
        }
        let output = Program.run(
            "openssl", ["s_client", "-quiet", "-connect", "127.0.0.1:\(server.port)"], input: requests
        ).output
        release.cancel()
        let first = try #require(output.range(of: "first"))
        let second = try #require(output.range(of: "second"))
        #expect(first.upperBound <= second.lowerBound)
    }

    @Test("TLS 1.1 is refused and counted")
    func oldVersion() throws {
        let server = try TestServer(certificate: certificate)
        let old = handshake(server, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(old.status != 0)
        #expect(!old.output.contains("Cipher is ECDHE"))
        #expect(eventually { server.counters.handshakesFailed == 1 && server.counters.connectionsOpen == 0 })
    }

    @Test("ciphers without forward secrecy or authentication are refused", arguments: ["AES128-SHA", "ECDHE+AES+SHA1"])
    func weakCiphers(_ ciphers: String) throws {
        let server = try TestServer(certificate: certificate)
        #expect(handshake(server, ["-tls1_2", "-cipher", ciphers]).status != 0)
        #expect(eventually { server.counters.handshakesFailed == 1 })
    }

    @Test("of the protocols that a client names, http/1.1 is taken, and without it there is no connection")
    func protocols() throws {
        let server = try TestServer(certificate: certificate)
        #expect(handshake(server, ["-alpn", "h2,http/1.1"]).output.contains("ALPN protocol: http/1.1"))
        #expect(handshake(server, ["-alpn", "h2"]).status != 0)
    }

    @Test("a client that speaks plain HTTP is closed, and the next one is served")
    func plainClient() throws {
        let server = try TestServer(certificate: certificate)
        let plain = RawClient(port: server.port)
        plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(plain.readToEnd()?.contains("HTTP/1.1") == false)
        #expect(eventually { server.counters.handshakesFailed == 1 && server.counters.connectionsOpen == 0 })
        #expect(server.counters.requestsReceived == 0)
        #expect(curl(server).output == "hello")
    }

    @Test("a connection that comes and goes without a word is no failed handshake")
    func silentClient() throws {
        let server = try TestServer(certificate: certificate)
        do { _ = RawClient(port: server.port) }
        #expect(eventually { server.counters.connectionsAccepted == 1 && server.counters.connectionsOpen == 0 })
        #expect(server.counters.handshakesFailed == 0)
    }

    @Test("a handshake that does not end is cut at its deadline", arguments: ["", "\u{16}\u{03}\u{01}"])
    func slowHandshake(_ start: String) throws {
        var limits = IngressLimits.forTests
        limits.handshakeDeadline = .milliseconds(200)
        let server = try TestServer(limits: limits, certificate: certificate)
        let client = RawClient(port: server.port)
        client.send(start)
        #expect(client.readToEnd() == "")
        #expect(server.counters.deadlineCuts == 1)
        #expect(eventually { server.counters.handshakesFailed == (start.isEmpty ? 0 : 1) })
    }

    @Test("new files are taken up: new connections get them, and what is open goes on")
    func reload() throws {
        let server = try TestServer(certificate: certificate)
        #expect(try !certificate.reloadIfChanged())
        let before = try TLSClient(port: server.port)
        #expect(before.ask().contains("hello"))
        identity.make(name: "second.example")
        #expect(try certificate.reloadIfChanged())
        #expect(try !certificate.reloadIfChanged())
        #expect(curl(server, name: "second.example").output == "hello")
        #expect(curl(server, name: "first.example").status != 0)
        #expect(before.ask().contains("hello"))
        #expect(before.certificateName == "first.example")
    }

    @Test("files that cannot be used leave the old certificate in force, are told once and counted")
    func badReload() throws {
        let server = try TestServer(certificate: certificate)
        let kept = try String(contentsOfFile: identity.keyPath, encoding: .utf8)
        try "no key".write(toFile: identity.keyPath, atomically: true, encoding: .utf8)
        #expect(throws: TLSError.self) { try certificate.reloadIfChanged() }
        #expect(try !certificate.reloadIfChanged())
        #expect(certificate.reloadFailures == 1)
        #expect(curl(server).output == "hello")
        try kept.write(toFile: identity.keyPath, atomically: true, encoding: .utf8)
        #expect(try certificate.reloadIfChanged())
        #expect(curl(server).output == "hello")
    }

    @Test("a missing file, a key that is another's, and a key with a passphrase are errors with a reason")
    func badFiles() throws {
        let other = try TestIdentity(name: "other.example")
        let locked = identity.folder + "/locked.pem"
        _ = Program.run("openssl", ["ec", "-in", identity.keyPath, "-aes256", "-passout", "pass:x", "-out", locked])
        for key in [other.keyPath, locked, identity.folder + "/none.pem"] {
            let error = #expect(throws: TLSError.self) {
                try TLSCertificate(certificatePath: identity.certificatePath, keyPath: key)
            }
            #expect(error?.code != 0)
        }
    }

    @Test("a drain lets TLS connections end")
    func drain() throws {
        let server = try TestServer(certificate: certificate)
        let client = try TLSClient(port: server.port)
        #expect(client.ask().contains("hello"))
        #expect(server.drain(deadline: .seconds(2)).wait().isClean)
    }

    @Test("a handshake that does not end does not hold a drain")
    func drainWhileHandshaking() throws {
        var limits = IngressLimits.forTests
        limits.handshakeDeadline = .seconds(60)
        limits.drainingRequestDeadline = .milliseconds(200)
        let server = try TestServer(limits: limits, certificate: certificate)
        let silent = RawClient(port: server.port)
        eventually { server.counters.connectionsOpen == 1 }
        #expect(server.drain(deadline: .seconds(4)).wait().isClean)
        #expect(silent.readToEnd() == "")
    }
}

/// `openssl s_client` with a connection kept open.
private final class TLSClient {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var seen = ""

    init(port: UInt16) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-nocommands"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { process.terminate() }

    /// Sends a request and reads until a body has come.
    func ask() -> String {
        try? input.fileHandleForWriting.write(contentsOf: Data("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
        var answer = ""
        while !answer.contains("hello") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            answer += String(decoding: data, as: UTF8.self)
        }
        seen += answer
        return answer
    }

    var certificateName: String? {
        guard let range = seen.range(of: "subject=CN = ") else { return nil }
        return String(seen[range.upperBound...].prefix { $0 != "\n" })
    }
}
