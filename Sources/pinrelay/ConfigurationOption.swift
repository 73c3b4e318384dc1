import ArgumentParser
import Foundation
import RelayApp
import Settings
import Telemetry

/// The option that all commands with a configuration share.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: "The YAML file; PINRELAY_CONFIG names it too. Without one, the environment alone.")
    var path: String?

    /// Reads the settings, or says every fault on standard error and ends with 78.
    func load() throws -> RelaySettings {
        do throws(ConfigErrors) {
            return try RelaySettings(path: path, environment: ProcessInfo.processInfo.environment)
        } catch {
            for fault in error.errors { StandardError.say("pinrelay: \(fault)") }
            throw ExitCode(CommandExit.configuration)
        }
    }
}

extension ConfigurationOption {
    /// Where a running relay reads its configuration again: the same file, the same environment.
    func reloadSource(_ threshold: LogThreshold) -> ReloadSource {
        let path = path
        return ReloadSource(threshold: threshold) { () throws(ConfigErrors) in
            try RelaySettings(path: path, environment: ProcessInfo.processInfo.environment)
        }
    }

    /// Reads the settings for a command that neither listens nor sends, or ends with 78. Without a configuration the
    /// defaults hold; secrets that are not at hand are stood in for, and those of a file are named.
    func loadOffline() throws -> RelaySettings {
        do throws(ConfigErrors) {
            let offline = try RelaySettings.offline(path: path, environment: ProcessInfo.processInfo.environment)
            for name in offline.standIns {
                StandardError.say("pinrelay: \(name) is not set: a stand-in takes its place")
            }
            return offline.settings
        } catch {
            for fault in error.errors { StandardError.say("pinrelay: \(fault)") }
            throw ExitCode(CommandExit.configuration)
        }
    }
}

/// The exit codes of the commands, after sysexits.
enum CommandExit {
    /// EX_DATAERR: the input cannot be read.
    static let unreadable: Int32 = 65
    /// EX_IOERR: the journal's disk failed; a new start reads what is on it.
    static let journalFailed: Int32 = 74
    /// EX_TEMPFAIL: drained, but cut short; the rest waits in the journal.
    static let cutShort: Int32 = 75
    /// EX_CONFIG: the configuration is at fault.
    static let configuration: Int32 = 78
}

enum StandardError {
    static func say(_ line: String) { try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8)) }
}
