import Foundation
import Intake
import RelayModel
import Testing

/// Real hits, kept beside the repository and not part of it.
private let samples: URL = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.appending(path: "shared/data/ga4-samples.jsonl")
}()

private struct Sample: Decodable {
    var kind: String
    var url: String
    var body: String
}

@Suite("Recorded GA4 calls")
struct GA4SampleTests {
    private static let areHere = FileManager.default.fileExists(atPath: samples.path)

    private func decodeAll(_ kinds: Set<String>) throws -> [(sample: Sample, items: [DecodedItem])] {
        let lines = try String(contentsOf: samples, encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(Sample.self, from: Data($0.utf8)) }
            .filter { kinds.contains($0.kind) }
            .map { sample in
                let query = String(sample.url.drop { $0 != "?" }.dropFirst())
                let items =
                    sample.kind == "mp"
                    ? try decode(MeasurementProtocolAdapter(), .measurementProtocol, query: query, body: sample.body)
                    : try decode(
                        GA4WireAdapter(), .ga4Collect, query: query, body: sample.body,
                        isPost: sample.kind == "collect-post")
                return (sample, items)
            }
    }

    @Test("every browser hit is decoded, one event a line", .enabled(if: areHere))
    func browserHits() throws {
        let calls = try decodeAll(["collect-get", "collect-post"])
        #expect(calls.count > 80)
        for (sample, items) in calls {
            let lines = sample.body.split { $0.isNewline }.count
            #expect(items.count == max(1, lines), "\(sample.url.prefix(120))")
            #expect(items.allSatisfy { $0.reason == nil }, "\(sample.url.prefix(120))")
            let itemCount = sample.url.components(separatedBy: "&pr1=").count - 1
            #expect(itemCount == 0 || items.contains { $0.json.contains("\"items\":[{") })
        }
    }

    @Test("every Measurement Protocol body is decoded", .enabled(if: areHere))
    func measurementProtocol() throws {
        let calls = try decodeAll(["mp"])
        #expect(calls.count > 20)
        for (sample, items) in calls {
            #expect(!items.isEmpty && items.allSatisfy { $0.reason == nil }, "\(sample.body.prefix(120))")
        }
    }
}
