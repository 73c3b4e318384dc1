import ArgumentParser
import RelayApp
import Settings

/// `probe`: for a container's health check. It reads the same configuration as the relay, to know where to ask.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Ask the relay of this configuration whether it is ready, or alive: exit 0 or 1.")

    @OptionGroup var config: ConfigurationOption

    @Option(help: "The port to ask instead of the configured one.")
    var port: Int?

    @Option(
        help: "What to ask: readyz (can it store an event now), livez (do its loops turn), startupz (has it started).",
        transform: Self.route(named:))
    var route = HealthProbe.Route.readyz

    func run() throws {
        let settings = try config.load()
        let answer = probe(settings).ask()
        print(answer.text)
        if !answer.isGood { throw ExitCode.failure }
    }

    private static func route(named name: String) throws -> HealthProbe.Route {
        if let route = HealthProbe.Route(rawValue: name) { return route }
        throw ValidationError("there are \(HealthProbe.Route.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    /// A public port that speaks TLS has a certificate for its public name, not for this machine's: the admin port tells
    /// the same.
    private func probe(_ settings: RelaySettings) -> HealthProbe {
        settings.listen.tls == nil
            ? HealthProbe(address: settings.listen.address, port: port ?? settings.listen.port, route: route)
            : HealthProbe(address: settings.admin.address, port: port ?? settings.admin.port, route: route)
    }
}
