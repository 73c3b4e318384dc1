import ArgumentParser
import Foundation
import RelayApp
import Settings

/// `explain`: reads the input and prints what the ``Explainer`` finds; the words for people are in `ExplanationText`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show what pasted events or requests become, field by field. Nothing is sent.",
        discussion: """
            Takes a Segment call, batch or array, sGTM event data, a GA4 hit's URL or body lines, a Measurement \
            Protocol body, Pinterest-shaped events, curl commands, or an HTTP archive (HAR).

            Values are shown in clear, since you pasted them: mind who reads the terminal. Nothing is sent, stored or \
            counted. Repeats are not looked for. Without a configuration the defaults hold, and no account is needed; \
            secrets that are not at hand are stood in for.

            Numbers in [brackets] name the section of the mapping rules.

            Exit codes: 0 all events would be sent; 1 some would not; 64 wrong usage; 65 the input cannot be read; \
            78 the configuration is at fault.
            """)

    @OptionGroup var config: ConfigurationOption

    @Flag(help: "Print the explanation as JSON, hashes whole.")
    var json = false

    @Option(
        name: .customLong("as"),
        help:
            "What the input is, where its form does not tell: \(PastedKind.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var kind: String?

    @Option(help: "The source whose rules hold, whatever key the input brings.")
    var source: String?

    @Option(name: .customLong("at"), help: "The time of receipt: ISO 8601 with zone, or seconds since 1970.")
    var time: String?

    @Argument(help: "A file, a URL, a curl command, JSON, or - for standard input.")
    var input = "-"

    func validate() throws {
        if let kind, PastedKind(rawValue: kind) == nil {
            let kinds = PastedKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--as takes one of \(kinds)")
        }
        guard let time, WrittenTime.micros(time) == nil else { return }
        throw ValidationError("--at takes a time such as 2026-05-01T12:00:00Z")
    }

    func run() throws {
        var options = Explainer.Options()
        options.kind = kind.flatMap { PastedKind(rawValue: $0) }
        options.source = source
        options.receivedAtMicros = time.flatMap { WrittenTime.micros($0) }
        let explanation: Explanation
        do {
            explanation = try Explainer(settings: try config.loadOffline()).explain(try text(), options)
        } catch let error as Explainer.UnknownSource {
            throw ValidationError(error.description)
        } catch let error as Explainer.Unreadable {
            StandardError.say("pinrelay: \(error)")
            throw ExitCode(CommandExit.unreadable)
        }
        print(json ? String(decoding: explanation.json, as: UTF8.self) : ExplanationText(explanation).text)
        if !explanation.sums.isAllSent { throw ExitCode.failure }
    }

    private func text() throws -> String {
        if isItself { return input }
        let data: Data
        if input == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else if let read = FileManager.default.contents(atPath: input) {
            data = read
        } else {
            throw Explainer.Unreadable(description: "\(input) is neither a readable file nor input of any kind")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Explainer.Unreadable(description: "the input is not UTF-8 text")
        }
        return text
    }

    /// The argument is the input, not a file's name.
    private var isItself: Bool {
        let start = input.drop { $0.isWhitespace }
        return start.hasPrefix("{") || start.hasPrefix("[") || start.hasPrefix("curl ") || input.contains("://")
            || (input.contains("?") && input.contains("="))
    }
}
