import ArgumentParser
import RelayApp
import Settings

/// `check`: what `run` would say of the configuration, without starting anything. ``ConfigurationOption/load()`` prints
/// the faults and ends with 78.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the configuration and say what is wrong, key by key; exit 78 if anything is.")

    @OptionGroup var config: ConfigurationOption

    @Flag(help: "Print the settings in force as JSON, secrets masked.")
    var effective = false

    func run() throws {
        let settings = try config.load()
        for warning in settings.advice { StandardError.say("pinrelay: warning: \(warning)") }
        if effective { return print(settings.effective.json) }
        print(
            "The configuration is in order: \(settings.sources.count) sources, \(settings.destinations.count) destinations."
        )
    }
}
