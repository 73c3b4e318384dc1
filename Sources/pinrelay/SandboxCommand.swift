import ArgumentParser
import Foundation
import PinterestSandbox
import RelayApp

/// `sandbox`: the stand-in upstream as a process of its own, with the faults that its options ask for.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run the stand-in for the Pinterest API: strict about the contract, with faults on request.",
        discussion: """
            What arrived is shown on /sandbox/summary, /sandbox/events and /sandbox/ids; faults can be changed while
            it runs by POST /sandbox/faults, and POST /sandbox/reset forgets it all.
            """)

    @Option(help: "The address to listen on.")
    var address = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one.")
    var port: UInt16 = 8091

    @Option(help: "The only token that is let in.")
    var token = "sandbox"

    @Option(help: "How many of the latest request bodies are kept to be shown.")
    var keep = 10_000

    @Option(help: "Append every body that arrives to a file in this folder, by default PINRELAY_SANDBOX_RECORD.")
    var record: String?

    @Option(help: "Milliseconds added to every answer.")
    var latency = 0

    @Flag(help: "Take no request: never answer.")
    var hang = false

    @Option(help: "Answer every request with this status.")
    var status: Int?

    func run() throws {
        RelayApp.blockSignals()
        var settings = SandboxSettings(token: token)
        settings.address = address
        settings.port = port
        settings.keepBodies = keep
        settings.recordFolder = record ?? SandboxRecord.folder
        settings.faults.latency = .milliseconds(latency)
        if hang { settings.faults.steps = [SandboxFaultStep(.hang(taken: false))] }
        if let status { settings.faults.steps = [SandboxFaultStep(.status(status))] }
        let server = try SandboxServer(settings)
        try server.start()
        StandardError.say("sandbox: listening on http://\(address):\(server.port)")
        RelayApp.waitForEnd()
        server.stop()
    }
}

/// Where a sandbox is to leave the bodies that arrive, when nothing else is said.
enum SandboxRecord {
    static var folder: String? {
        ProcessInfo.processInfo.environment["PINRELAY_SANDBOX_RECORD"].flatMap { $0.isEmpty ? nil : $0 }
    }
}
