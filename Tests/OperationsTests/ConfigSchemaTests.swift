import Foundation
import Testing

@testable import Settings

@Suite("ConfigSchema")
struct ConfigSchemaTests {
    private static func committed() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "config/pinrelay.schema.json"), encoding: .utf8)
    }

    private static func document() throws -> [String: Any] {
        let text = try ConfigSchema().text
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static func property(_ path: String) throws -> [String: Any] {
        var node = try document()
        for key in path.split(separator: ".") {
            if let items = node["items"] as? [String: Any] { node = items }
            let properties = try #require(node["properties"] as? [String: Any], "\(path)")
            node = try #require(properties[String(key)] as? [String: Any], "\(path)")
        }
        return node
    }

    @Test("the file in config/ is the one that the reader's questions give")
    func isCommitted() throws {
        let isSame = try Self.committed() == ConfigSchema().text
        #expect(isSame, "run: pinrelay check --print-schema > config/pinrelay.schema.json")
    }

    @Test("knows every key that the full example's reading asks for, and closes every section")
    func knowsEveryKey() throws {
        for pattern in try settings().effective.keys.patterns { _ = try Self.property(pattern) }
        let text = try ConfigSchema().text
        let sections = text.matches(of: /"properties": \{/).count
        let closed = text.matches(of: /"additionalProperties": false/).count
        // The rules on the two kinds of sources have properties, too, and close nothing.
        #expect(closed > 10 && sections - closed == 4)
    }

    @Test("says ranges, words, defaults and what is needed as the reader does")
    func says() throws {
        let port = try Self.property("listen.port")
        #expect(port["description"] as? String == "a whole number from 0 to 65535; default: 8080")
        let forms = try #require(port["anyOf"] as? [[String: Any]])
        #expect(forms.first?["maximum"] as? Int == 65_535)
        let format = try #require(try Self.property("log.format")["anyOf"] as? [[String: Any]])
        #expect(format.first?["enum"] as? [String] == ["json", "text"])
        let sources = try #require(try Self.property("sources")["items"] as? [String: Any])
        #expect(sources["required"] as? [String] == ["kind", "name"])
        #expect(try Self.property("mappings.fields")["type"] as? String == "object")
        #expect(try Self.property("destinations.ad_account_id")["type"] as? [String] == ["string", "integer"])
    }
}
