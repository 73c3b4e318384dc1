import ArgumentParser
import Foundation
import JournalSQLite
import Settings

/// `journal`: looks at a journal's files, of a stopped relay or beside a running one. Nothing is changed in them.
struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Look at the journal, of a stopped relay or beside a running one.",
        subcommands: [StatsCommand.self, VerifyCommand.self, ExportCommand.self])

    /// Where the journal is.
    struct Place: ParsableArguments {
        @OptionGroup var config: ConfigurationOption

        @Option(help: "The journal's directory instead of the configured one.")
        var directory: String?

        var path: String {
            get throws { try directory ?? config.load().journal.path }
        }

        /// - Throws: an exit code, after a sentence on standard error.
        func open() throws -> JournalReader {
            let path = try path
            return try JournalCommand.orExit { try JournalReader(directory: path) }
        }
    }

    struct StatsCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats", abstract: "Show what is queued, dead and remembered, and what the files take.")

        @OptionGroup var place: Place

        @Flag(help: "Print one JSON object.")
        var json = false

        func run() throws {
            let reader = try place.open()
            let stats = try JournalCommand.orExit { try reader.stats() }
            print(json ? try JournalCommand.encode(stats) : JournalText(stats).text)
        }
    }

    struct VerifyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Check the file, its counts and every block: exit 0 sound, 65 not.")

        @OptionGroup var place: Place

        @Flag(help: "Compare the indexes with their tables too.")
        var full = false

        @Flag(help: "Print one JSON object.")
        var json = false

        func run() throws {
            let path = try place.path
            let faults = try JournalCommand.orExit {
                do {
                    return try JournalReader(directory: path).verify(full: full)
                } catch let error as JournalError where error.disposition == .setAside {
                    return ["\(error)"]
                }
            }
            if json {
                print(try JournalCommand.encode(Verdict(isSound: faults.isEmpty, faults: faults)))
            } else {
                print(faults.isEmpty ? "The journal is sound." : faults.joined(separator: "\n"))
            }
            if !faults.isEmpty { throw ExitCode(CommandExit.unreadable) }
        }

        private struct Verdict: Encodable {
            var isSound: Bool
            var faults: [String]
        }
    }

    struct ExportCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Print what is queued and dead, as JSON, one event a line.",
            discussion:
                "Events stand there as the upstream gets them, hashed; client address and user agent are masked.")

        @OptionGroup var place: Place

        func run() throws {
            let reader = try place.open()
            let output = FileHandle.standardOutput
            try JournalCommand.orExit {
                try reader.queuedEvents { try output.write(contentsOf: ExportLine(queued: $0).bytes) }
                try reader.deadLetters { try output.write(contentsOf: ExportLine(dead: $0).bytes) }
            }
        }
    }

    /// What a command that cannot read the journal says and ends with.
    static func orExit<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as JournalError {
            StandardError.say("pinrelay: \(error)")
            throw ExitCode(CommandExit.unreadable)
        }
    }

    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
