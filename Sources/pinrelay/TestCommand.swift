import ArgumentParser
import Foundation
import RelayApp
import Settings

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the mapping cases that are kept beside the configuration. Nothing is sent.",
        discussion: """
            A case names an input and the Pinterest events, or the reason, expected of it; the README shows how. Cases \
            run offline, through the rooms of the running relay, at the time that they name.

            Exit codes: 0 all pass; 1 some fail; 64 wrong usage; 65 a case cannot be read, or there is none; 78 the \
            configuration is at fault.
            """)

    @OptionGroup var config: ConfigurationOption

    @Flag(help: "Print the results as JSON.")
    var json = false

    @Argument(help: "Folders and files of cases; without any, the folder 'tests' beside the configuration.")
    var paths: [String] = []

    func run() throws {
        let settings = try config.loadOffline()
        let files = try caseFiles()
        let runner = try CaseRunner(settings: settings)
        var report = CaseReport()
        for file in files { report.results += runner.run(file) }
        print(json ? String(decoding: report.json, as: UTF8.self) : CaseReportText(report).text)
        if report.count(.unreadable) > 0 { throw ExitCode(CommandExit.unreadable) }
        if report.count(.failed) > 0 { throw ExitCode.failure }
    }

    /// All files are read before the first case runs, so that all faults are told together.
    private func caseFiles() throws -> [MappingCaseFile] {
        let places = paths.isEmpty ? [Self.folder(beside: config.pathInForce)] : paths
        let names = places.flatMap(Self.files)
        var files: [MappingCaseFile] = []
        var isFaulty = names.isEmpty
        if names.isEmpty { StandardError.say("pinrelay: no cases in \(places.joined(separator: ", "))") }
        for name in names {
            do throws(ConfigErrors) { files.append(try MappingCaseFile(path: name)) } catch {
                for fault in error.errors { StandardError.say("pinrelay: \(fault)") }
                isFaulty = true
            }
        }
        if isFaulty { throw ExitCode(CommandExit.unreadable) }
        return files
    }

    private static func folder(beside config: String?) -> String {
        guard let config else { return "tests" }
        let folder = (config as NSString).deletingLastPathComponent
        return folder.isEmpty ? "tests" : folder + "/tests"
    }

    /// The case files of a folder and those below it, by name; a path that is no folder is a file.
    private static func files(in place: String) -> [String] {
        let isFolder = try? URL(filePath: place).resourceValues(forKeys: [.isDirectoryKey]).isDirectory
        guard isFolder == true else { return isFolder == nil && !place.hasSuffix(".yaml") ? [] : [place] }
        let names = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
        let isCase = { (name: String) in [".yaml", ".yml"].contains { name.hasSuffix($0) } }
        return names.filter(isCase).sorted().map { (place as NSString).appendingPathComponent($0) }
    }
}

extension ConfigurationOption {
    /// The configuration file that is read, if there is one.
    var pathInForce: String? {
        path ?? ProcessInfo.processInfo.environment["PINRELAY_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// The results of cases as a person reads them.
struct CaseReportText {
    let text: String

    init(_ report: CaseReport) {
        var lines: [String] = []
        for result in report.results where result.verdict != .passed {
            lines.append("\(result.verdict.rawValue): \(result.file):\(result.line): \(result.name)")
            if let fault = result.fault { lines.append("    \(fault)") }
            var place = ""
            for difference in result.differences {
                if difference.place != place {
                    place = difference.place
                    lines.append("    \(place)")
                }
                if !difference.field.isEmpty { lines.append("      \(difference.field)") }
                lines.append("        expected  \(difference.expected ?? "nothing")")
                lines.append("        actual    \(difference.actual ?? "nothing")")
            }
            lines.append("")
        }
        let unreadable = report.count(.unreadable)
        lines.append(
            "\(report.results.count) cases: \(report.count(.passed)) passed, \(report.count(.failed)) failed"
                + (unreadable > 0 ? ", \(unreadable) could not be read" : ""))
        text = lines.joined(separator: "\n")
    }
}
