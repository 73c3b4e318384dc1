import Foundation
import HTTPEgress
import RelayTestKit
import Testing

/// A TLS server from the command line tool, with a certificate that nobody has signed.
private final class TLSServer {
    static let tool = "/usr/bin/openssl"
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: tool) }

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("egress-\(UUID().uuidString)")
    private(set) var port = ""
    private let server = Process()

    var certificate: String { folder.appendingPathComponent("cert.pem").path }
    private var key: String { folder.appendingPathComponent("key.pem").path }

    init(name: String) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let maker = Process()
        try run(
            maker,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", key, "-out", certificate,
            ])
        maker.waitUntilExit()
        let output = Pipe()
        server.standardOutput = output
        try run(server, ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"])
        port = Self.port(from: output.fileHandleForReading)
    }

    deinit {
        // A test's thread blocks the other signals, and a child inherits that.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private func run(_ process: Process, _ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: Self.tool)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        ProcessGuard.shared.watch(process)
    }

    /// The tool tells its port in a line as `ACCEPT 127.0.0.1:40001`.
    private static func port(from output: FileHandle) -> String {
        var text = ""
        while true {
            let more = output.availableData
            guard !more.isEmpty else { return "0" }
            text += String(decoding: more, as: UTF8.self)
            for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
            where line.hasPrefix("ACCEPT") {
                return line.split(separator: ":").last.map(String.init) ?? "0"
            }
        }
    }
}

@Suite("EgressLoop trust", .enabled(if: TLSServer.isAvailable))
struct EgressTrustTests {
    private func request(_ server: TLSServer) -> EgressRequest {
        EgressRequest(id: 1, method: .get, url: "https://127.0.0.1:\(server.port)/")
    }

    private func loop(trusting file: String?) throws -> EgressLoop {
        try EgressLoop(identity: EgressIdentity(version: "1", authorityFile: file))
    }

    @Test("a server that no authority vouches for is not talked to")
    func unknownAuthority() throws {
        let server = try TLSServer(name: "IP:127.0.0.1")
        #expect(try failure(of: request(server), on: loop(trusting: nil)).code == .untrustedPeer)
    }

    @Test("a server whose authority is in the configured file is")
    func configuredAuthority() throws {
        let server = try TLSServer(name: "IP:127.0.0.1")
        #expect(try answer(of: request(server), on: loop(trusting: server.certificate)).status == 200)
    }

    @Test("a trusted certificate for another name is not enough")
    func otherName() throws {
        let server = try TLSServer(name: "DNS:api.example")
        #expect(try failure(of: request(server), on: loop(trusting: server.certificate)).code == .untrustedPeer)
    }

    @Test("a file of authorities that is not there is given up, not retried")
    func missingFile() throws {
        let server = try TLSServer(name: "IP:127.0.0.1")
        let error = try failure(of: request(server), on: loop(trusting: "/nonexistent/authorities.pem"))
        #expect(error.disposition == .giveUp)
    }
}
