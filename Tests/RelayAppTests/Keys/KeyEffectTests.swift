import Foundation
import Logging
import Testing

@testable import RelayApp
@testable import Settings

/// Documented keys rot when nobody reads them: here each one shows that it changes something.
@Suite("Every key of the configuration")
struct KeyEffectTests {
    static let table =
        KeyEffect.network + KeyEffect.sources + KeyEffect.mappings + KeyEffect.privacy + KeyEffect.operation

    @Test("changes what it says", arguments: table)
    func changes(_ effect: KeyEffect) throws {
        let before = seen(effect.look, effect.plain)
        let after = seen(effect.look, effect.changed)
        switch effect.expectation {
        case .gives(let text):
            #expect(after.contains(text) && !before.contains(text), "\(effect.key)\n\(before)\n->\n\(after)")
        case .takes(let text):
            #expect(before.contains(text) && !after.contains(text), "\(effect.key)\n\(before)\n->\n\(after)")
        case .changes(let member):
            let values = [before, after].map { Self.member(member, of: $0) }
            #expect(values[0] != values[1], "\(effect.key)\n\(before)\n->\n\(after)")
        }
    }

    @Test("has its row, and each row its key")
    func isComplete() throws {
        let known = try Set(ConfigSchema().leaves)
        let shown = Set(Self.table.map(\.key))
        #expect(known.subtracting(shown).sorted() == [])
        #expect(shown.subtracting(known).sorted() == [])
    }

    @Test("of the full example is among them")
    func fullExample() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "config/pinrelay.full.yaml"), encoding: .utf8)
        let variables = [
            "PINTEREST_CONVERSION_TOKEN": "t", "PINRELAY_ADMIN_TOKEN": "a", "GA4_API_SECRET": "g",
            "SEGMENT_WRITE_KEY": "s",
        ]
        let read = try RelaySettings(config: RelayConfig(yaml: text, environment: variables))
        let set = Set(read.effective.values.filter { $0.origin != .standard }.map(\.path.pattern))
        #expect(set.count > 70)
        #expect(set.subtracting(Self.table.map(\.key)).sorted() == [])
    }

    /// A configuration that cannot be read shows its faults.
    private func seen(_ look: KeyEffect.Look, _ draft: ConfigDraft) -> String {
        do { return try look(KeyEffect.Trial(yaml: draft.yaml)) } catch { return "refused: \(error)" }
    }

    private static func member(_ name: String, of text: String) -> Substring? {
        guard let start = text.firstRange(of: "\"\(name)\":") else { return nil }
        return text[start.upperBound...].prefix { $0 != "]" && $0 != "}" }
    }
}

extension Logger {
    static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}
