import Foundation
import FuzzTargets
import RelayTestKit
import Testing

/// The short run of the fuzzers, without libFuzzer and sanitizers; `make fuzz` is the long one.
@Suite("Fuzz targets")
struct FuzzTargetTests {
    private static let runs = 2_000

    @Test("every seed keeps every promise", arguments: FuzzTarget.allCases)
    func seeds(target: FuzzTarget) throws {
        let room = target.makeRoom()
        let seeds = try FuzzCorpus.seeds(target)
        #expect(seeds.count >= 5)
        for seed in seeds {
            #expect(throws: Never.self, "\(target.rawValue)/\(seed.name)") { try room.run(seed.bytes.span) }
        }
    }

    @Test("changed seeds keep every promise", arguments: FuzzTarget.allCases)
    func mutations(target: FuzzTarget) throws {
        let room = target.makeRoom()
        var mutation = SeedMutation(
            seeds: try FuzzCorpus.seeds(target).map(\.bytes), random: SeededRandom(seed: 20_251_113))
        for run in 0..<Self.runs {
            let input = mutation.next()
            do throws(FuzzFinding) {
                try room.run(input.span)
            } catch {
                Issue.record("\(target.rawValue), run \(run): \(error); Base64 \(Data(input).base64EncodedString())")
                return
            }
        }
    }
}
