import ArgumentParser
import Foundation
import RelayApp
import Settings

/// `dead-letters`: what could not be delivered, and sending it again. A running relay is asked through its admin port;
/// without one the journal is read.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "List, show or replay the events that could not be delivered.",
        discussion: """
            A running relay of this configuration is asked through its admin port (and its token). Where none runs, the
            journal is opened, and no relay can start on it before the command has ended.
            """,
        subcommands: [ListCommand.self, ShowCommand.self, ReplayCommand.self])

    /// Where the dead letters are.
    struct Place: ParsableArguments {
        @OptionGroup var config: ConfigurationOption

        @Option(help: "The running relay's admin port, as http://127.0.0.1:9090, instead of finding out.")
        var admin: String?

        @Flag(help: "Print JSON.")
        var json = false

        func open() throws -> DeadLetterAccess {
            let settings = try config.load()
            return try DeadLettersCommand.orExit { try DeadLetterAccess(settings: settings, adminURL: admin) }
        }
    }

    /// Which of them are meant.
    struct Filter: ParsableArguments {
        @Option(help: "Only those of this destination.")
        var destination: String?

        @Option(help: "Only those of this source; events that fell in delivery have none.")
        var source: String?

        @Option(help: "Only those with this reason, as refused or too_old.")
        var reason: String?

        @Option(help: "Only those with this event name.")
        var eventName: String?

        @Option(help: "Only those stored since then: 2026-01-31T12:00:00Z, 2026-01-31, 90m or 2d ago.")
        var since: String?

        @Option(help: "Only those stored before then.")
        var until: String?

        @Option(help: "Only the one with this number.")
        var id: Int?

        var parameters: [String: String] {
            let values = [
                "destination": destination, "source": source, "reason": reason, "event_name": eventName,
                "since": since, "until": until, "id": id.map(String.init),
            ]
            return values.compactMapValues { $0 }
        }
    }

    struct ListCommand: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "The newest first.")

        @OptionGroup var place: Place
        @OptionGroup var filter: Filter

        @Option(help: "So many at most, up to 1000.")
        var limit = 100

        @Option(help: "Only those with a lower number: the next page.")
        var before: Int?

        func run() throws {
            var parameters = filter.parameters
            parameters["limit"] = "\(limit)"
            parameters["before"] = before.map(String.init)
            let answer = try DeadLettersCommand.ask(
                place.open(), DeadLetterCall(.list, parameters: parameters))
            if place.json { return DeadLettersCommand.printBody(answer) }
            guard let list: DeadLetterList = answer.decoded() else { throw ExitCode.failure }
            print(DeadLetterText.table(list))
        }
    }

    struct ShowCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One of them with its event, hashed; client address and user agent masked.")

        @OptionGroup var place: Place

        @Argument(help: "Its number.")
        var id: Int

        func run() throws {
            let answer = try DeadLettersCommand.ask(place.open(), DeadLetterCall(.show(Int64(id))))
            if place.json { return DeadLettersCommand.printBody(answer) }
            guard let line: DeadLetterLine = answer.decoded() else { throw ExitCode.failure }
            print(DeadLetterText.page(line, event: DeadLetterText.event(in: answer.body)))
        }
    }

    /// Prints what was answered.
    static func printBody(_ answer: DeadLetterAnswer) {
        let text = answer.body.last == UInt8(ascii: "\n") ? answer.body : answer.body + [10]
        // Whoever reads may leave before the end, as `head` does.
        try? FileHandle.standardOutput.write(contentsOf: Data(text))
    }

    /// Asks, and ends the command with a sentence where the answer is none.
    static func ask(_ access: DeadLetterAccess, _ call: DeadLetterCall) throws -> DeadLetterAnswer {
        let answer = try orExit { try access.ask(call) }
        guard answer.status != 200 else { return answer }
        let problem: DeadLetterProblem? = answer.decoded()
        StandardError.say("pinrelay: \(problem?.message ?? "the relay answered \(answer.status)")")
        throw ExitCode.failure
    }

    static func orExit<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            StandardError.say("pinrelay: \(error)")
            throw ExitCode.failure
        }
    }
}
