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
        let log = Logger(settings.log)
        for warning in settings.advice { log.warning("settings", metadata: ["text": "\(warning)"]) }
        RelayApp.limitProcess(settings, log: log)
        let relay: RelayApp
        do {
            relay = try RelayApp(settings: settings, log: log)
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
    init(_ settings: LogSettings) {
        let output = LogOutput.standardError(settings.format == .json ? .json : .text)
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        self.init(label: "pinrelay") { JSONLinesLogHandler(label: $0, level: level, output: output) }
    }
}
