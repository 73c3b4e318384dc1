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
        let answer = probe(settings).ask()
        print(answer.text)
        if !answer.isReady { throw ExitCode.failure }
    }

    /// A public port that speaks TLS has a certificate for its public name, not for this machine's: the admin port tells
    /// the same.
    private func probe(_ settings: RelaySettings) -> HealthProbe {
        settings.listen.tls == nil
            ? HealthProbe(address: settings.listen.address, port: port ?? settings.listen.port)
            : HealthProbe(address: settings.admin.address, port: port ?? settings.admin.port)
    }
}
