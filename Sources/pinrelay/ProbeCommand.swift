import ArgumentParser
import RelayApp
import Settings

/// `probe`: for a container's health check. It reads the same configuration as the relay, to know where to ask.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Ask the relay of this configuration whether it is ready: exit 0 or 1.")

    @OptionGroup var config: ConfigurationOption

    @Option(help: "The port to ask instead of the configured one.")
    var port: Int?

    func run() throws {
        let settings = try config.load()
        let answer = HealthProbe(address: settings.listen.address, port: port ?? settings.listen.port).ask()
        print(answer.text)
        if !answer.isReady { throw ExitCode.failure }
    }
}
