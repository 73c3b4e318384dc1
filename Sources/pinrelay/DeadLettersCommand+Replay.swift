import ArgumentParser
import Foundation
import RelayApp

extension DeadLettersCommand {
    /// `dead-letters replay`: part by part, each in one transaction, as fast as the rate allows.
    struct ReplayCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay",
            abstract: "Put dead letters back into the queue, with their event id and event time.",
            discussion: """
                What cannot be sent again stays, and the reason is told: older than seven days, no event, not fit for
                the upstream, destination not configured. Interrupted, it leaves each event in one place.
                """)

        @OptionGroup var place: Place
        @OptionGroup var filter: Filter

        @Flag(help: "Say what would happen, and change nothing.")
        var dryRun = false

        @Flag(help: "Replay all that there are: needed where no filter is given.")
        var all = false

        @Option(help: "Events a second, at most.")
        var rate: Int?

        func validate() throws {
            if let rate, rate < 1 { throw ValidationError("--rate takes a number from 1 on") }
            if filter.parameters.isEmpty, !all, !dryRun { throw ValidationError("give a filter, or --all") }
        }

        func run() throws {
            let access = try place.open()
            var parameters = filter.parameters
            if dryRun { parameters["dry_run"] = "true" }
            // Parts of a tenth of a second, so that a low rate is even.
            let part = rate.map { min(1000, max(1, $0 / 10)) } ?? 1000
            parameters["limit"] = "\(part)"
            var sum: DeadLetterReplayReport?
            while true {
                let start = ContinuousClock.now
                let answer = try DeadLettersCommand.ask(access, DeadLetterCall(.replay, parameters: parameters))
                guard let report: DeadLetterReplayReport = answer.decoded() else { throw ExitCode.failure }
                if sum == nil { sum = report } else { sum?.add(report) }
                guard let next = report.next else { break }
                parameters["after"] = "\(next)"
                parameters["through"] = "\(report.through)"
                pause(report, since: start)
            }
            if let sum { show(sum) }
        }

        private func pause(_ report: DeadLetterReplayReport, since start: ContinuousClock.Instant) {
            guard let rate, !dryRun else { return }
            let due = Double(report.replayed) / Double(rate)
            let spent = (ContinuousClock.now - start) / .seconds(1)
            if due > spent { Thread.sleep(forTimeInterval: due - spent) }
        }

        private func show(_ report: DeadLetterReplayReport) {
            guard !place.json else {
                let encoder = JSONEncoder()
                encoder.keyEncodingStrategy = .convertToSnakeCase
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                return print(String(decoding: (try? encoder.encode(report)) ?? Data(), as: UTF8.self))
            }
            print("\(report.replayed) \(report.dryRun ? "would be replayed" : "replayed")")
            for (name, count) in report.byDestination.sorted(by: { $0.key < $1.key }) { print("  \(name): \(count)") }
            for part in report.refused { print("\(part.count) not replayed: \(part.message)") }
        }
    }
}
