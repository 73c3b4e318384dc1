import ArgumentParser
import Foundation
import Logging
import PinterestSandbox
import RelayApp
import Settings

/// `demo`: relay, sandbox and sample traffic in one process, on a journal that is removed at the end. What is shown of it
/// stands in `DemoShow`, the traffic in `DemoSamples`.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run relay, stand-in upstream and sample traffic, and show what arrives. No account is needed.")

    @Option(help: "The relay's port; 0 takes a free one.")
    var port: UInt16 = 8080

    @Option(help: "The admin port; 0 takes a free one.")
    var adminPort: UInt16 = 9090

    @Flag(help: "End by itself: exit 0 when all sample events have arrived, 1 when not.")
    var once = false

    func run() throws {
        RelayApp.blockSignals()
        let journal = NSTemporaryDirectory() + "pinrelay-demo-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: journal) }
        var upstream = SandboxSettings(token: "demo")
        upstream.recordFolder = SandboxRecord.folder
        let sandbox = try SandboxServer(upstream)
        try sandbox.start()
        defer { sandbox.stop() }
        let relay = try start(journal: journal, sandboxPort: sandbox.port)
        let show = DemoShow(sandbox: sandbox.service, publicPort: relay.publicPort, adminPort: relay.adminPort)
        show.introduce(sandboxPort: Int(sandbox.port))
        let isComplete = try show.playSamples()
        guard once else { return show.watch { _ = relay.runUntilSignalled() } }
        relay.stop()
        if !isComplete { throw ExitCode.failure }
    }

    private func start(journal: String, sandboxPort: UInt16) throws -> RelayApp {
        let environment = [
            "PINTEREST_AD_ACCOUNT_ID": "549755885175", "PINTEREST_CONVERSION_TOKEN": "demo",
            "PINRELAY_LISTEN": "127.0.0.1:\(once ? 0 : port)", "PINRELAY_ADMIN": "127.0.0.1:\(once ? 0 : adminPort)",
            "PINRELAY_UPSTREAM_URL": "http://127.0.0.1:\(sandboxPort)", "PINRELAY_JOURNAL_PATH": journal,
            "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1", "PINRELAY_THREADS": "1", "PINRELAY_LOG_LEVEL": "warning",
            "PINRELAY_DRAIN_PRE_STOP": "0",
        ]
        let settings = try RelaySettings(path: nil, environment: environment)
        do {
            return try RelayApp(settings: settings, log: Logger(settings.log))
        } catch {
            StandardError.say("pinrelay: \(error)")
            StandardError.say("pinrelay: if a port is taken, choose others: pinrelay demo --port 0 --admin-port 0")
            throw ExitCode.failure
        }
    }
}
