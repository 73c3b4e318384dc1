import ArgumentParser
import Logging
import RelayApp
import Settings
import Telemetry

/// `run`: the relay, from the settings to the drain. Signals are blocked before the first thread starts, so that the main
/// thread alone takes them.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the relay until SIGTERM.")

    @OptionGroup var config: ConfigurationOption

    func run() throws {
        RelayApp.blockSignals()
        let settings = try config.load()
        let threshold = LogThreshold(settings.log.level.swiftLog)
        let log = Logger(settings.log, threshold)
        for warning in settings.advice { log.warning("settings", metadata: ["text": "\(warning)"]) }
        RelayApp.limitProcess(settings, log: log)
        let relay: RelayApp
        do {
            relay = try RelayApp(settings: settings, log: log, source: config.reloadSource(threshold))
        } catch {
            log.critical("the relay cannot start", metadata: ["error": "\(error)"])
            throw ExitCode.failure
        }
        log.notice(
            "ready",
            metadata: [
                "address": "\(settings.listen.address)", "public_port": "\(relay.publicPort)",
                "admin_port": "\(relay.adminPort)", "queued": "\(relay.queuedEvents)", "version": "\(RelayApp.version)",
            ])
        switch relay.runUntilSignalled() {
        case .drained: break
        case .cutShort: throw ExitCode(CommandExit.cutShort)
        case .journalFailed: throw ExitCode(CommandExit.journalFailed)
        }
    }
}

extension Logger {
    init(_ settings: LogSettings) { self.init(settings, LogThreshold(settings.level.swiftLog)) }

    init(_ settings: LogSettings, _ threshold: LogThreshold) {
        let output = LogOutput.standardError(settings.format == .json ? .json : .text)
        self.init(label: "pinrelay") { JSONLinesLogHandler(label: $0, threshold: threshold, output: output) }
    }
}
