import Foundation
import Testing

@testable import Settings

@Suite("Example configurations")
struct ExampleConfigTests {
    private static let variables = [
        "PINTEREST_AD_ACCOUNT_ID": "549755885175", "PINTEREST_CONVERSION_TOKEN": "t", "PINRELAY_WRITE_KEY": "w",
        "PINRELAY_ADMIN_TOKEN": "a", "GA4_API_SECRET": "g", "SEGMENT_WRITE_KEY": "s",
    ]

    private static func text(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "config/\(name)"), encoding: .utf8)
    }

    @Test("is read without fault or warning", arguments: ["pinrelay.minimal.yaml", "pinrelay.full.yaml"])
    func isValid(name: String) throws {
        #expect(try settings(Self.text(name), Self.variables).warnings == [])
    }

    @Test("the full one sets every key, or shows it as the comment beside its twin")
    func setsEveryKey() throws {
        let text = try Self.text("pinrelay.full.yaml")
        let read = try settings(text, Self.variables)
        let set = Set(read.effective.values.filter { $0.origin != .standard }.map(\.path.pattern))
        for key in read.effective.keys.patterns where !set.contains(key) {
            let name = key.split(separator: ".").last.map(String.init) ?? key
            let isSection = set.contains { $0.hasPrefix(key + ".") }
            #expect(isSection || key == "mappings" || text.contains("# \(name):"), "\(key)")
        }
    }

    @Test("the full one shows the defaults where it does not say otherwise")
    func showsDefaults() throws {
        let text = try Self.text("pinrelay.full.yaml")
        let read = try settings(text, Self.variables)
        let standard = try settings(nil, Self.variables)
        #expect(read.listen.limits == standard.listen.limits)
        #expect(read.delivery == standard.delivery)
        #expect(read.drain == standard.drain)
        #expect(read.log == standard.log)
        #expect(read.journal == standard.journal)
        #expect(read.dedup == standard.dedup)
        #expect(read.upstream.timeout == standard.upstream.timeout)
        #expect(read.sources[1].viewItemAs == standard.sources[1].viewItemAs)
        #expect(read.privacy.consent == standard.privacy.consent)
        #expect(read.privacy.filterBots == standard.privacy.filterBots)
    }
}
