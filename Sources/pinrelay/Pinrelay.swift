import ArgumentParser
import RelayApp

/// The command line. Each command has a file of its own; none of them decides anything about an event.
@main
struct Pinrelay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pinrelay",
        abstract: "A server-side tagging endpoint for the Pinterest API for Conversions.",
        version: RelayApp.version,
        subcommands: [
            RunCommand.self, CheckCommand.self, ExplainCommand.self, TestCommand.self, MappingsCommand.self,
            DemoCommand.self, SandboxCommand.self, ProbeCommand.self, JournalCommand.self, DeadLettersCommand.self,
            VersionCommand.self,
        ])
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() { print("pinrelay \(RelayApp.version)") }
}
