import Foundation
import Testing

/// The README's promises, each with the tests that prove it.
@Suite("The promises of the README")
struct PromiseTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The lines of "What it promises".
    private static func lines() throws -> [Substring] {
        let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let section = try #require(text.split(separator: "## What it promises\n").dropFirst().first)
        return section.split(separator: "\n").prefix { !$0.hasPrefix("## ") }
    }

    /// The text of all tests, by the suite's type.
    private static func suites() throws -> [String: String] {
        var suites: [String: String] = [:]
        let files = FileManager.default.enumerator(at: root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.lastPathComponent.hasSuffix("Tests.swift") else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /\nstruct (\w+Tests) \{/) { suites[String(match.1)] = text }
        }
        return suites
    }

    @Test("every promise names tests, and every test that is named exists")
    func testsExist() throws {
        let suites = try Self.suites()
        var named: [Int: Int] = [:]
        var promise = 0
        for line in try Self.lines() {
            if let number = line.firstMatch(of: /^(\d)\.\ /) { promise = try #require(Int(number.1)) }
            guard let match = line.firstMatch(of: /^   - `(\w+)`: "(.+)"$/) else { continue }
            named[promise, default: 0] += 1
            let suite = try #require(suites[String(match.1)], "there is no \(match.1)")
            #expect(suite.contains("\"\(match.2)\""), "\(match.1) has no such test: \(match.2)")
        }
        #expect(named.keys.sorted() == Array(1...6))
    }
}
