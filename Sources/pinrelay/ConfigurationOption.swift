import ArgumentParser
import Foundation
import Settings

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

    /// As ``load()``; where nothing is configured, the default settings: for commands in which an account plays no part.
    func loadOrDefault() throws -> RelaySettings {
        var environment = ProcessInfo.processInfo.environment
        if path != nil || environment["PINRELAY_CONFIG"] != nil { return try load() }
        environment["PINTEREST_AD_ACCOUNT_ID"] = environment["PINTEREST_AD_ACCOUNT_ID"] ?? "0"
        environment["PINTEREST_CONVERSION_TOKEN"] = environment["PINTEREST_CONVERSION_TOKEN"] ?? "none"
        return try RelaySettings(path: nil, environment: environment)
    }
}

/// The exit codes of the commands, after sysexits.
enum CommandExit {
    /// EX_DATAERR: the input cannot be read.
    static let unreadable: Int32 = 65
    /// EX_TEMPFAIL: drained, but cut short; the rest waits in the journal.
    static let cutShort: Int32 = 75
    /// EX_CONFIG: the configuration is at fault.
    static let configuration: Int32 = 78
}

enum StandardError {
    static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
