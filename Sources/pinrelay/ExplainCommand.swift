import ArgumentParser
import Foundation
import RelayApp
import Settings

/// `explain`: reads the input and prints what the ``Explainer`` finds; the words for people are in `ExplanationText`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show what one event or hit becomes, field by field. Nothing is sent.",
        discussion: """
            Takes a Segment call or batch, a Measurement Protocol body (JSON), or the URL of a GA4 hit. Without a
            configuration the defaults hold, and no account is needed.
            """)

    @OptionGroup var config: ConfigurationOption

    @Flag(help: "Print the upstream events alone, as JSON, one a line.")
    var json = false

    @Argument(help: "A file, a hit's URL, or - for standard input.")
    var input = "-"

    func run() throws {
        let settings = try config.loadOrDefault()
        let explanations: [Explainer.Explanation]
        do {
            explanations = try Explainer(settings: settings).explain(try text())
        } catch {
            StandardError.say("pinrelay: \((error as? ValidationError)?.message ?? "\(error)")")
            throw ExitCode(CommandExit.unreadable)
        }
        for explanation in explanations {
            if json { explanation.printEvents() } else { print(ExplanationText(explanation).text) }
        }
    }

    private func text() throws -> String {
        if input.contains("/g/collect?") { return input }
        if input == "-" { return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) }
        guard let text = try? String(contentsOfFile: input, encoding: .utf8) else {
            throw ValidationError("\(input) is neither a readable file nor the URL of a /g/collect hit")
        }
        return text
    }
}

extension Explainer.Explanation {
    /// The events that would be sent or buried, each as one line of JSON.
    fileprivate func printEvents() {
        for case .event(let event) in results { print(event.json) }
    }
}
