import ArgumentParser
import RelayApp
import Settings

struct MappingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mappings", abstract: "Print every mapping in force: your own and the built-in ones.",
        discussion: """
            The output is YAML that can stand in the configuration: copy what you want to change. Behind the mappings
            stand, as comments, the paths that each field is read from. Without a configuration the defaults are shown.
            """)

    @OptionGroup var config: ConfigurationOption

    @Flag(help: "Print JSON: the mappings, and the fields with their paths.")
    var json = false

    @Option(help: "Only this source's.")
    var source: String?

    func run() throws {
        let settings = try config.loadOffline()
        if let source, !settings.sources.contains(where: { $0.name == source }) {
            let names = settings.sources.map(\.name).joined(separator: ", ")
            throw ValidationError("no source is called \(source): there are \(names)")
        }
        let report = MappingReport(settings, source: source)
        print(json ? report.json : report.yaml, terminator: json ? "\n" : "")
    }
}
