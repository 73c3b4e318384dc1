import Foundation
import RelayTestKit
import Testing

/// What the suite below drives.
private enum TLSPrograms {
    static let arePresent = ["curl", "openssl"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }
}

/// The built relay with a certificate of its own, and curl as its client.
@Suite("TLS on the public port", .enabled(if: TLSPrograms.arePresent))
struct TLSJourneyTests {
    private let folder = TemporaryFolder()

    private func makeCertificate(_ name: String) throws {
        let made = try BinaryProcess(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", folder.path + "/key.pem",
                "-out", folder.path + "/certificate.pem",
            ], executable: "/usr/bin/openssl")
        #expect(made.exitCode() == 0)
    }

    private var configuration: String {
        "listen: { tls: { certificate: \(folder.path)/certificate.pem, key: \(folder.path)/key.pem } }\n"
    }

    /// - Returns: curl's exit code and what it printed.
    private func curl(_ port: Int, _ name: String, _ target: String) throws -> (Int32?, String) {
        let client = try BinaryProcess(
            [
                "-sS", "-w", "%{http_code}", "--max-time", "5", "--cacert", folder.path + "/certificate.pem",
                "--resolve",
                "\(name):\(port):127.0.0.1", "https://\(name):\(port)\(target)",
            ], executable: "/usr/bin/curl")
        return (client.exitCode(), client.output)
    }

    @Test("a hit over TLS arrives upstream; the certificate is replaced while running; bad files change nothing")
    func journey() throws {
        try makeCertificate("one.example")
        let stack = try RelayStack(configuration: configuration)
        let hit =
            "/g/collect?v=2&tid=G-1&en=page_view&dl=https%3A%2F%2Fshop.example%2F&em=tv.1~em.A-7FOb7eV8iZaB1kfR4kd8QiOWxglBOtOtUH5a1R5ks"
        #expect(try curl(stack.publicPort, "one.example", hit) == (0, "204"))
        #expect(try stack.waitForEvents(1).count == 1)

        try makeCertificate("two.example")
        #expect(try eventually { try curl(stack.publicPort, "two.example", "/healthz").0 == 0 })
        #expect(stack.relay.output.contains("the TLS certificate was read again"))

        try "nothing".write(toFile: folder.path + "/key.pem", atomically: true, encoding: .utf8)
        #expect(eventually { stack.relay.output.contains("the TLS certificate was not replaced") })
        #expect(try curl(stack.publicPort, "two.example", "/healthz").0 == 0)
        #expect(
            try eventually {
                try stack.metrics()["pinrelay_tls_certificate_reload_failures_total"] == 1
            })
    }

    @Test("plain HTTP on the port gets no answer and is counted; the health probe asks the admin port")
    func plainClient() throws {
        try makeCertificate("one.example")
        let stack = try RelayStack(configuration: configuration)
        let answer = try? TestHTTPClient.exchange(
            Array("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8), port: stack.publicPort)
        #expect(!(answer ?? []).starts(with: "HTTP/1".utf8))
        #expect(try eventually { try stack.metrics()["pinrelay_tls_handshakes_failed_total"] == 1 })
        let file = try folder.write("probe.yaml", configuration)
        let probe = try BinaryProcess(
            ["probe", "--config", file],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": RelayStack.account,
                "PINTEREST_CONVERSION_TOKEN": RelayStack.token, "PINRELAY_ADMIN": "127.0.0.1:\(stack.adminPort)",
            ])
        #expect(probe.exitCode() == 0)
        #expect(probe.output.contains("ready"))
    }

    @Test("a certificate that cannot be read keeps the relay from starting, with the reason")
    func missingFile() throws {
        let relay = try BinaryProcess(
            ["run", "--config", try folder.write("pinrelay.yaml", configuration)],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t", "PINRELAY_LISTEN": "127.0.0.1:0",
                "PINRELAY_ADMIN": "127.0.0.1:0", "PINRELAY_JOURNAL_PATH": folder.path + "/journal",
                "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1",
            ])
        #expect(relay.exitCode() == 1)
        #expect(relay.output.contains("certificate.pem and its key cannot be used: No such file or directory"))
    }
}
