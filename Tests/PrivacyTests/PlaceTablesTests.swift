import Foundation
import Testing

@testable import Privacy

@Suite("Place tables")
struct PlaceTablesTests {
    private static let isoFolder = "/usr/share/iso-codes/json"
    private static let hasISO = FileManager.default.fileExists(atPath: isoFolder + "/iso_3166-2.json")
    private let tables = PlaceTables()

    private func entries(_ name: String) throws -> [[String: String]] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(Self.isoFolder)/iso_\(name).json"))
        let root = try JSONSerialization.jsonObject(with: data) as? [String: [[String: String]]]
        return try #require(root?[name])
    }

    private func country(_ text: String) -> CountryCode? { tables.country(Array(lowerCased(text).utf8).span) }

    private func state(_ text: String, _ country: CountryCode?) -> StateCode? {
        tables.state(Array(lowerCased(canonicallyComposed(text)).utf8).span, in: country)
    }

    @Test("every country of ISO 3166-1 is known by its codes and names", .enabled(if: hasISO))
    func countries() throws {
        let all = try entries("3166-1")
        #expect(all.count > 200)
        for entry in all {
            let code = try #require(CountryCode(entry["alpha_2"] ?? ""))
            for key in ["alpha_2", "alpha_3", "numeric", "name", "common_name", "official_name"] {
                if let text = entry[key] { #expect(country(text) == code, "\(text)") }
            }
        }
    }

    @Test("every state of ISO 3166-2 is known by its code and by its name", .enabled(if: hasISO))
    func states() throws {
        let all = try entries("3166-2")
        #expect(all.count > 4_000)
        // Some countries have two places of one name.
        let namesakes = Dictionary(grouping: all) { ($0["code"] ?? "").prefix(2) + folded($0["name"] ?? "") }
        for entry in all {
            let parts = (entry["code"] ?? "").split(separator: "-")
            let country = try #require(CountryCode(String(parts[0])))
            let code = StateCode(String(parts[1]))
            #expect(state(entry["code"] ?? "", country) == code)
            #expect(state(entry["code"] ?? "", nil) == code)
            #expect(state(String(parts[1]), country) == code)
            let name = entry["name"] ?? ""
            let found = state(name, country)
            let codes = namesakes[parts[0] + folded(name)]?.map { StateCode(String(($0["code"] ?? "").dropFirst(3))) }
            #expect(found != nil && codes?.contains(found) == true, "\(entry)")
        }
    }

    @Test("every currency of ISO 4217 is known, in any case, and nothing else", .enabled(if: hasISO))
    func currencies() throws {
        let known = Set(try entries("4217").compactMap { $0["alpha_3"] })
        #expect(known.contains("EUR"))
        var found: Set<String> = []
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { $0 }
        for first in letters {
            for second in letters {
                for third in letters {
                    let code = [first, second, third]
                    if tables.isCurrency(code.span) { found.insert(String(decoding: code, as: UTF8.self)) }
                }
            }
        }
        #expect(found == known)
        for text in ["usd", "Eur", "jpY"] { #expect(isCurrency(text)) }
        for text in ["", "EU", "EURO", "US1", "U$D", "ÉUR"] { #expect(!isCurrency(text)) }
    }

    private func isCurrency(_ text: String) -> Bool { tables.isCurrency(Array(text.utf8).span) }

    @Test("the tables are sorted, as the search needs it")
    func sorted() {
        for (text, width, key) in [
            (ISOCodes.countries, 2, 2), (ISOCodes.alpha3, 5, 3), (ISOCodes.numeric, 5, 3), (ISOCodes.states, 5, 5),
            (ISOCodes.currencies, 3, 3),
        ] {
            let bytes = Array(text.utf8)
            #expect(bytes.count % width == 0)
            let keys = stride(from: 0, to: bytes.count, by: width).map {
                String(decoding: bytes[$0..<$0 + key], as: UTF8.self)
            }
            #expect(zip(keys, keys.dropFirst()).allSatisfy { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        }
        for text in [CountryNames.records, StateNames.records] {
            let names = text.split(separator: " ").map { Array($0.prefix { $0 != "=" }.utf8) }
            #expect(zip(names, names.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test("texts at and beyond the tables' ends are not found")
    func edges() {
        for text in ["", "=", " ", "a", "zz", "zzzz", "aa", "usalabama=al", "\u{10FFFF}", "us california"] {
            #expect(country(text) == nil, "\(text)")
        }
        #expect(state("", nil) == nil && state("", .us) == nil && state("-", .us) == nil && state("us-", .us) == nil)
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs the generator with one argument.
    private static func generator(_ argument: String) -> (status: Int32, output: String)? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", root.appendingPathComponent("deploy/tables/tables.py").path, argument]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        guard (try? process.run()) != nil else { return nil }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// The packages are here, in the versions that the tables were made from.
    private static let hasSources: Bool = {
        guard hasISO, FileManager.default.fileExists(atPath: "/usr/share/unicode/cldr/common/main/en.xml"),
            let heads = try? ["ISOCodes", "CountryNames", "../../PhoneNumbers/CallingCodes+Plain"].map({ name in
                try String(
                    contentsOf: root.appendingPathComponent("Sources/Privacy/Tables/\(name).swift"), encoding: .utf8
                )
                .prefix(400)
            }).joined(), let sources = generator("--sources"), sources.status == 0
        else { return false }
        return sources.output.split(separator: "\n").allSatisfy { heads.contains($0) }
    }()

    @Test("the generator gives the tables as they stand", .enabled(if: hasSources))
    func regenerates() throws {
        let check = try #require(Self.generator("--check"))
        #expect(check.status == 0, "\(check.output)")
    }
}

private func folded(_ text: String) -> String {
    let bytes = Array(lowerCased(canonicallyComposed(text)).utf8)
    return String(decoding: FoldedName(bytes.span).bytes, as: UTF8.self)
}
