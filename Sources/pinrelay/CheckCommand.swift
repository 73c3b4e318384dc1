import ArgumentParser
import Foundation
import RelayApp
import Settings

/// `check`: what `run` would say of the configuration, without starting anything. Any fault ends with 78.
struct CheckCommand: ParsableCommand {
    /// How far to look; each level includes those before it.
    enum Level: String, CaseIterable, ExpressibleByArgument {
        /// The file is YAML, and its variables are set.
        case syntax
        /// Every key is known and every value fits; files of secrets are there.
        case semantics
        /// This machine has what it needs: the journal's place, certificates, addresses.
        case environment
    }

    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the configuration and say what is wrong, key by key; exit 78 if anything is.",
        discussion: """
            Levels, each with those before it: syntax (YAML, variables), semantics (keys, values, secrets, mappings), \
            environment (the journal's place, certificates, addresses, file modes; nothing is changed). \
            Exit codes: 0 in order, 64 wrong usage, 78 the configuration is at fault.
            """)

    @OptionGroup var config: ConfigurationOption

    @Option(help: "How far to look: \(Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    var level = Level.semantics

    @Flag(help: "Ask the upstream whether it takes each token, by a call without events.")
    var upstream = false

    @Flag(help: "Print the settings in force as JSON, each with its origin, secrets masked.")
    var effective = false

    @Flag(help: "Print the JSON Schema of the configuration, for editors and other checks; nothing is read.")
    var printSchema = false

    func run() throws {
        if printSchema { return print(try ConfigSchema().text, terminator: "") }
        guard level != .syntax || upstream || effective else { return try checkSyntax() }
        let settings = try config.load()
        for warning in settings.advice { say(warning) }
        var faults: [ConfigError] = []
        if level == .environment {
            let check = EnvironmentCheck(settings)
            for warning in check.warnings { say(warning) }
            faults += check.faults
        }
        if upstream {
            let check = try UpstreamCheck(settings)
            for warning in check.warnings { say(warning) }
            faults += check.faults
        }
        try refuse(faults)
        if effective { return print(settings.effective.json) }
        print(
            "The configuration is in order: \(settings.sources.count) sources, \(settings.destinations.count) destinations."
        )
    }

    private func checkSyntax() throws {
        do throws(ConfigErrors) {
            let read = try RelayConfig(path: config.path, environment: ProcessInfo.processInfo.environment)
            if let errors = read.syntaxErrors { throw errors }
        } catch {
            return try refuse(error.errors)
        }
        print("The configuration can be read.")
    }

    private func say(_ warning: String) { StandardError.say("pinrelay: warning: \(warning)") }

    private func refuse(_ faults: [ConfigError]) throws {
        guard !faults.isEmpty else { return }
        for fault in faults { StandardError.say("pinrelay: \(fault)") }
        throw ExitCode(CommandExit.configuration)
    }
}
